package place_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/spec/place"
)

const document = `base: &base
  kind: one
  size: 1
paths:
  /v1/a~b: {get: {tags: [x, y]}}
merged:
  <<: *base
  kind: two
alias: *base
ref:
  $ref: "#/paths/~1v1~1a~0b"
number: 9007199254740993
words: [0x10, yes, 2026-10-31, null, 1e3, .inf]
`

func parsed(t *testing.T, text string) *place.Document {
	t.Helper()
	d, err := place.Parse("doc.yaml", []byte(text))
	require.NoError(t, err)
	return d
}

func TestPositions(t *testing.T) {
	t.Parallel()
	d := parsed(t, document)
	for pointer, want := range map[string]string{
		"":                             "doc.yaml:1:1",
		"/paths":                       "doc.yaml:4:1",
		"/paths/~1v1~1a~0b":            "doc.yaml:5:3",
		"/paths/~1v1~1a~0b/get":        "doc.yaml:5:13",
		"/paths/~1v1~1a~0b/nobody":     "doc.yaml:5:3",
		"/nowhere/at/all":              "doc.yaml:1:1",
		"/paths/~1v1~1a~0b/get/tags/1": "doc.yaml:5:29",
	} {
		require.Equal(t, want, d.Position(pointer), pointer)
	}
}

func TestPointerIsTheWayBack(t *testing.T) {
	t.Parallel()
	d := parsed(t, document)
	pointer, ok := d.Pointer(5, 29)
	require.True(t, ok)
	require.Equal(t, "/paths/~1v1~1a~0b/get/tags/1", pointer)
	_, ok = d.Pointer(5, 4)
	require.False(t, ok)
}

func TestMergedMembersComeAfterOwnOnes(t *testing.T) {
	t.Parallel()
	d := parsed(t, document)
	require.Equal(t, map[string]any{"kind": "two", "size": json.Number("1")}, place.Value(d.At("/merged")))
	require.Equal(t, "one", place.Member(d.At("/alias"), "kind").Value)
	require.Nil(t, place.Member(d.At("/alias"), "nobody"))
}

func TestEarlierMergedMappingsWin(t *testing.T) {
	t.Parallel()
	d := parsed(t, "a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc: {<<: [*a, *b]}\n")
	require.Equal(t, map[string]any{"x": json.Number("1"), "y": json.Number("3")}, place.Value(d.At("/c")))
}

func TestResolveFollowsReferences(t *testing.T) {
	t.Parallel()
	d := parsed(t, document)
	require.Equal(t, "/paths/~1v1~1a~0b/get/tags", d.Resolve("/ref/get/tags"))
	require.Equal(t, "/paths", d.Resolve("/paths"))
	circle := parsed(t, "a: {$ref: '#/b'}\nb: {$ref: '#/a'}\n")
	require.NotEmpty(t, circle.Resolve("/a"))
}

func TestValuesAreAsJSONHasThem(t *testing.T) {
	t.Parallel()
	d := parsed(t, document)
	require.Equal(t, json.Number("9007199254740993"), place.Value(d.At("/number")))
	text, err := json.Marshal(place.Value(d.At("/words")))
	require.NoError(t, err)
	require.Equal(t, `[16,"yes","2026-10-31",null,1e3,".inf"]`, string(text))
}

func TestPointersAreTakenApartAndPutTogether(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"a/b", "~", ""}, place.Split("/a~1b/~0/"))
	require.Equal(t, "/a~1b/~0/", place.Join("", "a/b", "~", ""))
	require.Empty(t, place.Split(""))
	require.True(t, place.Within("/a/b", "/a"))
	require.False(t, place.Within("/ab", "/a"))
}

func TestWhatIsTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
	for c := 'b'; c <= 'f'; c++ {
		bomb += fmt.Sprintf("%[1]c: &%[1]c [%[2]s]\n", c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 10), ", "))
	}
	deep := strings.Repeat("[", 600) + "%s" + strings.Repeat("]", 600)
	for name, c := range map[string]struct{ text, want string }{
		"no YAML":            {"a: 1\nb: [\n", "doc.yaml:3: not YAML or JSON: "},
		"aliases of aliases": {bomb, "doc.yaml:5:36: aliases stand for more than 100000 values: write them out, or use $ref"},
		"an alias of itself": {"a: &a [*a]\n", `doc.yaml:1:8: alias "a" stands inside of what it stands for`},
		"too deep":           {strings.Repeat("[", 1001) + strings.Repeat("]", 1001), "nested more than 1000 levels"},
		"too deep by alias":  {"a: &a " + fmt.Sprintf(deep, "1") + "\nb: " + fmt.Sprintf(deep, "*a"), "doc.yaml:2:604: nested more than 1000 levels"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := place.Parse("doc.yaml", []byte(c.text))
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}
