package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/spec/diff"
)

// The documents of small tests: an answer or a request by schema A, with the schemas that there are; parameters of a path and of its
// operation; answers; callbacks.
func document(paths, schemas string) string {
	return "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0}\npaths:\n  /pets/{id}:\n" + paths + "components:\n  schemas: {B: {type: object, properties: {k: {type: string}}}, " + schemas + "}\n"
}

func answer(schema string) string {
	return document("    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}\n", "A: "+schema)
}

func request(schema string) string {
	return document("    post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}, responses: {'204': {description: d}}}\n", "A: "+schema)
}

func inline(schema, schemas string) string {
	return document("    get: {responses: {'200': {description: d, content: {application/json: {schema: "+schema+"}}}}}\n", schemas)
}

func parameters(path, operation string) string {
	return document(fmt.Sprintf("    parameters: [{name: id, in: path, required: true, schema: {type: string}}%s]\n    get: {parameters: [%s], responses: {'204': {description: d}}}\n", path, operation), "")
}

func answers(responses string) string {
	return document("    get: {responses: {"+responses+"}}\n", "")
}

func body(schema string) string {
	return "{description: d, content: {application/json: {schema: {type: object, " + schema + "}}}}"
}

func callbacks(list string) string {
	return document("    post: {responses: {'204': {description: d}}, callbacks: {"+list+"}}\n", "")
}

// called is what a comparison of two texts says, as severity and rule.
func called(t *testing.T, base, head string) []string {
	t.Helper()
	r, err := diff.Compare(diff.Document{Name: "base.yaml", Data: []byte(base)}, diff.Document{Name: "head.yaml", Data: []byte(head)}, diff.Policy{}, today)
	require.NoError(t, err)
	out := []string{}
	for _, c := range r.Changes {
		out = append(out, c.Severity.String()+" "+c.Rule)
		require.False(t, c.Severity == diff.Breaking && strings.HasPrefix(c.Client, "nothing follows"), c)
	}
	return out
}

const (
	nameOrError = "properties: {e: {type: string}}, required: [e]"
	tags        = "name: tags, in: query, schema: {type: array, items: {type: string}}"
	done        = "done: {'{$request.query.u}': {post: {requestBody: {content: {application/json: {schema: {type: %s}}}}, responses: {'204': {description: d}}}}}"
)

func TestWhatSaysTheSameIsNoChange(t *testing.T) {
	t.Parallel()
	const plain = "{type: object, required: [a], properties: {a: {type: string}}}"
	for name, c := range map[string]struct{ base, head string }{
		"an allOf around all":           {answer(plain), answer("{allOf: [" + plain + "]}")},
		"an allOf of parts":             {answer(plain), answer("{allOf: [{type: object, properties: {a: {type: string}}}, {required: [a]}]}")},
		"an allOf around a reference":   {inline("{$ref: '#/components/schemas/B'}", ""), inline("{allOf: [{$ref: '#/components/schemas/B'}]}", "")},
		"parameters of an operation":    {parameters(", {"+tags+"}", ""), parameters("", "{"+tags+"}")},
		"overridden parameters":         {parameters(", {"+tags+"}", "{name: tags, in: query, schema: {type: integer}}"), parameters(", {name: tags, in: query}", "{name: tags, in: query, schema: {type: integer}}")},
		"what is implied":               {parameters("", "{"+tags+"}"), parameters("", "{"+tags+", style: form, explode: true, required: false, deprecated: false}")},
		"an object that takes anything": {answer("{type: object}"), answer("{type: object, additionalProperties: true}")},
		"a reference followed":          {inline("{$ref: '#/components/schemas/B'}", ""), inline("{type: object, properties: {k: {type: string}}}", "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, head := c.base, c.head
			require.NotEqual(t, base, head)
			require.Empty(t, called(t, base, head))
			require.Empty(t, called(t, head, base))
		})
	}
}

func TestEachChangeHasItsSeverity(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		base, head string
		want       []string // the worst first
	}{
		"a type in an allOf": {answer("{allOf: [{$ref: '#/components/schemas/B'}, {properties: {a: {type: string}}}]}"), answer("{allOf: [{$ref: '#/components/schemas/B'}, {properties: {a: {type: integer}}}]}"),
			[]string{"breaking response-property-type-changed"}},
		"required in another branch": {answer("{allOf: [{type: object, properties: {a: {type: string}}}, {required: [a]}]}"), answer("{allOf: [{type: object, properties: {a: {type: string}}}, {minProperties: 0}]}"),
			[]string{"breaking response-property-became-optional"}},
		"an allOf of itself": {answer("{type: object, properties: {n: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {x: {type: string}}}]}}}"), answer("{type: object, properties: {n: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {x: {type: integer}}}]}}}"),
			[]string{"breaking response-property-type-changed"}},
		"an allOf that contradicts itself": {answer("{allOf: [{type: string}, {type: integer}]}"), answer("{allOf: [{type: string}, {type: boolean}]}"),
			[]string{"warning response-property-type-changed"}},

		"a type of a path's parameter": {parameters(", {name: q, in: query, schema: {type: string}}", ""), parameters(", {name: q, in: query, schema: {type: integer}}", ""),
			[]string{"breaking request-parameter-type-changed"}},
		"a path's parameter is required": {parameters(", {name: q, in: query, schema: {type: string}}", ""), parameters(", {name: q, in: query, required: true, schema: {type: string}}", ""),
			[]string{"breaking request-parameter-became-required"}},

		"a status that the default answered for": {answers("default: " + body(nameOrError)), answers("'404': " + body("properties: {e: {type: integer}}, required: [e]") + ", default: " + body(nameOrError)),
			[]string{"breaking response-property-type-changed", "note status-specified"}},
		"the same answer under its own status": {answers("default: " + body(nameOrError)), answers("'404': " + body(nameOrError) + ", default: " + body(nameOrError)),
			[]string{"note status-specified"}},
		"a status that a range answered for": {answers("4XX: " + body(nameOrError)), answers("'404': " + body("properties: {}") + ", 4XX: " + body(nameOrError)),
			[]string{"breaking response-required-property-removed", "note status-specified"}},
		"a status that is left to the default": {answers("'404': " + body(nameOrError) + ", default: " + body("properties: {}")), answers("default: " + body("properties: {}")),
			[]string{"breaking response-required-property-removed", "note status-generalized"}},
		"texts of what answers for both": {answers("default: {$ref: '#/components/responses/E'}, '404': {$ref: '#/components/responses/F'}") + "  responses: {E: {description: one}, F: {description: one}}\n",
			answers("default: {$ref: '#/components/responses/F'}") + "  responses: {F: {description: two}}\n", []string{"note status-generalized", "note text-changed", "note text-changed", "note component-changed"}},
		"a success that is left to the default": {answers("'200': " + body(nameOrError) + ", default: " + body(nameOrError)), answers("default: " + body(nameOrError)),
			[]string{"warning status-generalized"}},
		"a failure that is left to the default": {answers("'404': " + body(nameOrError) + ", default: " + body(nameOrError)), answers("default: " + body(nameOrError)),
			[]string{"note status-generalized"}},

		"a closed request":   {request("{type: object}"), request("{type: object, additionalProperties: false}"), []string{"breaking request-object-closed"}},
		"an opened request":  {request("{type: object, additionalProperties: false}"), request("{type: object}"), []string{"note request-object-opened"}},
		"a closed answer":    {answer("{type: object}"), answer("{type: object, additionalProperties: false}"), []string{"note object-closed"}},
		"an opened answer":   {answer("{type: object, additionalProperties: false}"), answer("{type: object, additionalProperties: true}"), []string{"warning object-opened"}},
		"explode":            {parameters("", "{"+tags+"}"), parameters("", "{"+tags+", explode: false}"), []string{"breaking parameter-serialization-changed"}},
		"style":              {parameters("", "{"+tags+"}"), parameters("", "{"+tags+", style: pipeDelimited}"), []string{"breaking parameter-serialization-changed"}},
		"another default":    {parameters("", "{name: n, in: query, schema: {type: integer, default: 1}}"), parameters("", "{name: n, in: query, schema: {type: integer, default: 2}}"), []string{"breaking request-parameter-default-value-changed"}},
		"a default":          {parameters("", "{name: n, in: query, schema: {type: integer}}"), parameters("", "{name: n, in: query, schema: {type: integer, default: 2}}"), []string{"warning request-parameter-default-value-added"}},
		"a discriminator":    {answer("{oneOf: [{$ref: '#/components/schemas/B'}]}"), answer("{oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k}}"), []string{"warning response-body-discriminator-added"}},
		"no discriminator":   {answer("{oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k}}"), answer("{oneOf: [{$ref: '#/components/schemas/B'}]}"), []string{"warning response-body-discriminator-removed"}},
		"its other member":   {answer("{oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k}}"), answer("{oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: l}}"), []string{"breaking response-body-discriminator-property-name-changed"}},
		"only read, written": {answer("{type: object, properties: {a: {readOnly: true}}}"), answer("{type: object, properties: {a: {writeOnly: true}}}"), []string{"warning response-optional-property-became-write-only", "note response-optional-property-became-not-read-only"}},
		"another callback":   {callbacks(fmt.Sprintf(done, "string")), callbacks(fmt.Sprintf(done, "integer")), []string{"breaking callback-changed"}},
		"no callback":        {callbacks(fmt.Sprintf(done, "string")), callbacks(""), []string{"breaking callback-removed"}},
		"a callback":         {callbacks(""), callbacks(fmt.Sprintf(done, "string")), []string{"warning callback-added"}},

		"a status that is a reference":    {answers("'204': {description: d}, '404': {$ref: '#/components/responses/N'}") + "  responses: {N: {description: d}}\n", answers("'204': {description: d}") + "  responses: {N: {description: d}}\n", []string{"note response-non-success-status-removed"}},
		"a parameter that is a reference": {parameters(", {$ref: '#/components/parameters/Q'}", "") + "  parameters: {Q: {name: q, in: query}}\n", parameters("", "") + "  parameters: {Q: {name: q, in: query}}\n", []string{"warning request-parameter-removed"}},
		"the parameters of a path":        {document("    parameters: [{name: q, in: query, required: true}]\n    get: {responses: {'204': {description: d}}}\n", ""), document("    get: {responses: {'204': {description: d}}}\n", ""), []string{"warning request-parameter-removed"}},
		"a type with its format":          {answer("{type: object, properties: {a: {type: string, format: uuid}}}"), answer("{type: object, properties: {a: {type: integer}}}"), []string{"breaking response-property-type-changed"}},
		"a type, and a member":            {answer("{type: string, format: uuid}"), answer("{type: object, additionalProperties: false}"), []string{"breaking response-body-type-changed", "note object-closed"}},
		"another name":                    {inline("{$ref: '#/components/schemas/C'}", "C: {type: string}"), inline("{$ref: '#/components/schemas/D'}", "D: {type: string}"), []string{"note api-schema-removed", "note component-changed"}},
		"another name in oneOf":           {inline("{oneOf: [{$ref: '#/components/schemas/C'}]}", "C: {type: string}"), inline("{oneOf: [{$ref: '#/components/schemas/D'}]}", "D: {type: string}"), []string{"note api-schema-removed", "note component-changed"}},
		"another name and type":           {inline("{$ref: '#/components/schemas/C'}", "C: {type: string}"), inline("{$ref: '#/components/schemas/D'}", "D: {type: integer}"), []string{"breaking response-body-type-changed", "note api-schema-removed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, c.want, called(t, c.base, c.head))
		})
	}
}

func TestTextsSayFromWhatToWhat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"a value":           {"version: 1.0.0", "version: 1.0.1", "changed /info/version from 1.0.0 to 1.0.1"},
		"a value more":      {"    Render:\n", "    Render:\n      x-a: 1\n", "added /components/schemas/Render/x-a as 1"},
		"a value less":      {"          x-documented: reference\n          schema:", "          schema:", "removed /paths/~1v1~1renders~1{render_id}/get/parameters/0/x-documented, which was reference"},
		"an item of a list": {"        - created_at\n", "        - created_at\n        - nobody\n", "added nobody to /components/schemas/Render/required"},
		"prose":             {"The moment the render was asked for.", "Then.", "changed /components/schemas/Render/properties/created_at/description"},
		"a secret":          {"x-documented: prose", "x-documented: sk_live_0123456789abcdef", "changed /servers/0/x-documented from prose to …"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := compare(t, diff.Policy{}, c.old, c.new)
			require.Len(t, r.Changes, 1)
			require.Equal(t, c.want, r.Changes[0].Text)
		})
	}
}

func TestDocumentsThatAreTooMuch(t *testing.T) {
	t.Parallel()
	bomb := "x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
	for c := 'b'; c <= 'f'; c++ {
		bomb += fmt.Sprintf("x-%[1]c: &%[1]c [%[2]s]\n", c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 10), ", "))
	}
	members := "x-m:\n"
	for i := range 5001 {
		members += fmt.Sprintf("  m%d: 1\n", i)
	}
	for name, c := range map[string]struct{ more, want string }{
		"aliases of aliases":    {bomb, "aliases stand for more than 100000 values: write them out, or use $ref"},
		"an alias of itself":    {"x-a: &a [*a]\n", `alias "a" stands inside of what it stands for`},
		"an object of too much": {members, "an object with 5001 members: want one with at most 5000"},
		"too long":              {"x-l: " + strings.Repeat("l", 1_000_000) + "\n", "head.yaml: longer than 1 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, head := pair(t)
			head.Data = append(head.Data, c.more...)
			_, err := diff.Compare(base, head, diff.Policy{}, today)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "head.yaml")
		})
	}
}
