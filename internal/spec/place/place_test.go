package place_test

import (
	"encoding/json"
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
