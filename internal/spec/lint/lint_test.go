package lint_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/lint"
)

func TestOurDocumentIsClean(t *testing.T) {
	t.Parallel()
	r, err := lint.Lint("openapi.yaml", roughy.Spec(), lint.Auto)
	require.NoError(t, err)
	require.Empty(t, r.Findings)
	require.True(t, r.House)
}

// at is where a finding is: the line that begins with a text, spaces aside, after one that begins with another.
func at(t *testing.T, document, after, line string) int {
	t.Helper()
	found := after == ""
	for i, raw := range strings.Split(document, "\n") {
		text := strings.TrimSpace(raw)
		found = found || strings.HasPrefix(raw, after) || strings.HasPrefix(text, after)
		if found && strings.HasPrefix(text, line) {
			return i + 1
		}
	}
	t.Fatalf("no line %q after %q", line, after)
	return 0
}

func TestOurDocumentChanged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old, new string
		rule     string
		severity contract.Verdict
		after    string // the line that the finding is at comes after this one
		line     string
		message  string
	}{
		"a property without a source": {"          description: The identifier that the render is read by.\n          x-documented: reference\n", "          description: The identifier that the render is read by.\n",
			"source", contract.Violation, "properties:", "id:", `property "id" does not say where it is documented`},
		"a status without a source": {"          description: Any failure, in the one shape that all failures share.\n          x-documented: concepts/errors\n", "          description: Any failure.\n",
			"source", contract.Violation, "responses:", "default:", `response "default" does not say`},
		"a source that is none":       {"x-documented: prose", "x-documented: a blog", "source-word", contract.Violation, "servers:", "x-documented:", `"a blog" is no source`},
		"a fact that was only seen":   {"x-documented: prose", "x-documented: observed", "source-observed", contract.Warning, "servers:", "x-documented:", "was seen"},
		"a keyword that is not there": {"x-ours: [format]", "x-ours: [pattern]", "ours", contract.Violation, "        size_bytes:", "x-ours:", `names "pattern"`},
		"no list of keywords":         {"x-ours: [format]", "x-ours: format", "ours", contract.Violation, "        size_bytes:", "x-ours:", "no list"},
		"an example of another type": {"size_bytes: 7340032", `size_bytes: "7340032"`, "example", contract.Violation, "example:", "size_bytes:",
			"the example breaks schema.type: expected integer or null, got string"},
		"an example without a member":       {"                state: completed\n", "", "example", contract.Violation, "application/json:", "example:", `expected member "state", got nothing`},
		"an example with a member too many": {"                state: completed\n", "                state: completed\n                title: x\n", "example", contract.Warning, "example:", "title:", "undocumented-field"},
		"a property in camelCase":           {"        download_url:\n          type", "        downloadUrl:\n          type", "name-property", contract.Violation, "", "downloadUrl:", `"downloadUrl" is not in snake_case`},
		"an operation in snake_case":        {"operationId: readRender", "operationId: read_render", "name-operation", contract.Violation, "", "operationId:", "not in camelCase"},
		"an operation without a name":       {"      operationId: readRender\n", "", "name-operation", contract.Violation, "", "get:", "has no operationId"},
		"a value with a capital":            {"[720p, 1080p, 4k]", "[720p, 1080p, 4K]", "name-value", contract.Violation, "RenderResolution:", "enum:", `value "4K"`},
		"null in an enum":                   {"[720p, 1080p, 4k]", "[720p, 1080p, 4k, null]", "enum-null", contract.Violation, "RenderResolution:", "enum:", "null is a value"},
		"a value twice":                     {"[720p, 1080p, 4k]", "[720p, 1080p, 4k, 720p]", "enum-twice", contract.Warning, "RenderResolution:", "enum:", `value "720p" comes twice`},
		"no description":                    {"          description: The moment the render was asked for.\n", "", "description", contract.Violation, "    Render:", "created_at:", `property "created_at" has no description`},
		"a description without an end":      {"The moment the render was asked for.", "The moment the render was asked for", "description-form", contract.Violation, "        created_at:", "description:", "full stop"},
		"a description in small letters":    {"The moment the render was asked for.", "the moment the render was asked for.", "description-form", contract.Violation, "        created_at:", "description:", "capital"},
		"a summary that is a sentence":      {"summary: Read one render", "summary: Read one render.", "summary", contract.Violation, "get:", "summary:", "full stop"},
		"a path without a version":          {"  /v1/renders/{render_id}:", "  /renders/{render_id}:", "name-path", contract.Violation, "", "/renders/", "not of the form"},
		"a parameter that no path has":      {"name: render_id", "name: id", "openapi.path-parameters-mismatch", contract.Violation, "paths:", "/v1/renders/", "missing"},
		"a required member of no schema":    {"        - completed_at\n", "        - completed_at\n        - ended_at\n", "required", contract.Violation, "", "- ended_at", `"ended_at" is required`},
		"a component that nobody uses":      {"    FieldError:\n", "    Left:\n      type: object\n      description: Over.\n      x-documented: ours\n    FieldError:\n", "unused", contract.Warning, "", "Left:", "nothing refers to /components/schemas/Left"},
		"a type that there is not":          {`type: [number, "null"]`, `type: [float, "null"]`, "type", contract.Violation, "        frame_rate:", "type:", `"float" is no type`},
		"a tag with a capital":              {"  - name: renders", "  - name: Renders", "name-tag", contract.Violation, "", "- name: Renders", "not in lower case"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := string(roughy.Spec())
			require.Contains(t, before, c.old)
			document := strings.Replace(before, c.old, c.new, 1)
			r, err := lint.Lint("openapi.yaml", []byte(document), lint.Auto)
			require.NoError(t, err)
			line := at(t, document, c.after, c.line)
			var seen []string
			for _, f := range r.Findings {
				seen = append(seen, f.Position+" "+f.Rule+" "+f.Message)
				if f.Rule != c.rule || !strings.Contains(f.Message, c.message) {
					continue
				}
				require.Equal(t, c.severity, f.Severity)
				require.Regexp(t, `^openapi\.yaml:\d+:\d+$`, f.Position)
				require.Equal(t, line, lineOf(t, f.Position))
				require.NotEmpty(t, f.Why)
				return
			}
			t.Fatalf("not found, but %q", seen)
		})
	}
}

func TestEachRuleSaysWhy(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, r := range lint.Rules() {
		require.False(t, ids[r.ID], r.ID)
		ids[r.ID] = true
		require.Regexp(t, `^[A-Za-z].*\.$`, r.Why, r.ID)
		require.Contains(t, []contract.Verdict{contract.Violation, contract.Warning}, r.Severity)
	}
}
