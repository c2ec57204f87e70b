package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// That this takes no long time is what go test's own limit sees to.
func TestSchemasThatChooseAtEveryLevelAreJudged(t *testing.T) {
	t.Parallel()
	branch := func(name string) string {
		return `{"type":"object","required":["op","args"],"properties":{"op":{"const":"` + name + `"},"args":{"type":"array","items":{"$ref":"#/components/schemas/Word"}}}}`
	}
	leaf := `{"type":"object","required":["op","field"],"properties":{"op":{"const":"eq"},"field":{"type":"string"}}}`
	expression := `{"oneOf":[` + branch("and") + "," + branch("or") + "," + branch("not") + "," + leaf + "]}"
	list := `{"type":"array","items":{"$ref":"#/components/schemas/Word"}}`
	nested := func(open, inner, closed string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(closed, n)
	}
	cases := map[string]struct {
		schema, body string
		want         []string
	}{
		"words tell the branches apart": {expression, nested(`{"op":"not","args":[`, `{"op":"eq","field":1}`, "]}", 200), []string{"schema.type " + strings.Repeat("/args/0", 200) + "/field"}},
		"and all are kept":              {expression, nested(`{"op":"not","args":[`, `{"op":"eq","field":"a"}`, "]}", 200), nil},
		"words that nobody knows":       {expression, nested(`{"op":"xor","args":[`, `1`, "]}", 40), []string{"schema.unlisted", "unchecked.size"}},
		"twins that both fit":           {`{"anyOf":[` + list + "," + list + "]}", nested("[", "", "]", 100), nil},
		"twins that do not fit":         {`{"anyOf":[` + list + "," + list + "]}", nested("[", "1", "]", 100), []string{"schema.unlisted", "unchecked.size"}},
		"twins of which one may fit":    {`{"oneOf":[` + list + "," + list + "]}", nested("[", "", "]", 100), []string{"unchecked.size"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, c.want, smallOf(t, c.schema)("application/json", c.body))
		})
	}
}
