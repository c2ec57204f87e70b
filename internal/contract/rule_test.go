package contract

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

// A new version of the engine may bring a new keyword. Admit leaves what it does not know to the engine; this test asks whether
// it should know it.
func TestEveryFieldOfACompiledSchemaIsDecided(t *testing.T) {
	t.Parallel()
	older := []string{"RecursiveRef", "RecursiveAnchor", "Dependencies", "Items", "AdditionalItems"}
	content := []string{"ContentEncoding", "ContentMediaType", "ContentSchema"} // which the engine does not assert
	moved := []string{"PropertyNames", "DynamicRef"}                            // to Extensions, and to Ref
	for field := range reflect.TypeFor[jsonschema.Schema]().Fields() {
		_, known := keywords[field.Name]
		decided := known || slices.Contains(slices.Concat(silent, older, content, moved), field.Name)
		require.Equal(t, field.IsExported(), decided, field.Name)
	}
}

// What admit asks of a render can be read.
func TestAdmitCanBeRead(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	c, err := Load("openapi.yaml", data)
	require.NoError(t, err)
	root := slices.IndexFunc(c.responses, func(r *response) bool { return strings.HasSuffix(r.pointer, "/200") })
	require.Equal(t, strings.TrimPrefix(`
object
  asset_id * string format
  completed_at * null, string format
  created_at * string format
  cut_id * null, string format
  download_url null, string
  error_code * null, string
  error_message * null, string
  id * string format
  output * object
    audio_bitrate null, number type
    format null, string enum
    frame_rate null, number format
    resolution null, string enum
    video_bitrate null, number type
    … undocumented-field
  size_bytes * null, number type format
  started_at * null, string format
  state * string enum
  … undocumented-field
`, "\n"), "object"+explain(c.responses[root].content[0].state.rules[kindObject], "  ")+"\n")
}

// explain is a rule for objects in lines: members, a star for those that are required, types, and tests.
func explain(r *rule, indent string) string {
	var lines []string
	for _, bucket := range r.members.buckets {
		for _, f := range bucket {
			star := []string{"", "* "}[r.required[f.index/64]>>(f.index%64)&1]
			lines = append(lines, indent+f.name+" "+star+explainState(f.state, indent))
		}
	}
	slices.Sort(lines)
	if r.stranger != nil {
		lines = append(lines, indent+"… "+r.stranger.Rule)
	}
	return "\n" + strings.Join(lines, "\n")
}

func explainState(s *state, indent string) string {
	var types []string
	for k, r := range s.rules {
		text := kind(k).String()
		for _, test := range r.tests {
			text += " " + test.keyword
		}
		switch {
		case r.refused:
			continue
		case r.unsure:
			text += " ?"
		case kind(k) == kindObject:
			text += explain(r, indent+"  ")
		}
		types = append(types, text)
	}
	return strings.Join(types, ", ")
}
