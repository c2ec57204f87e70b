package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
)

func TestLoadRefusesWithOneClearLine(t *testing.T) {
	t.Parallel()
	const head = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"
	const get = head + "paths:\n  /a:\n    get:\n      responses:\n        '200':\n"
	cases := map[string]struct{ spec, want string }{
		"nothing":              {"", "bad.yaml:1:1: not an OpenAPI document"},
		"not YAML":             {"a: [\n", "bad.yaml:2: not YAML or JSON"},
		"a list":               {"- a\n", "bad.yaml:1:1: not an OpenAPI document: the top level is no object"},
		"half of a JSON":       {`{"openapi": "3.1.0", `, "bad.yaml:2: not YAML or JSON"},
		"no openapi key":       {"info: {}\n", "bad.yaml:1:1: not an OpenAPI document: no openapi key"},
		"Swagger":              {"# old\nswagger: '2.0'\n", `bad.yaml:2:1: Swagger "2.0" is not supported`},
		"a version to come":    {"openapi: 3.2.0\n", `bad.yaml:1:1: OpenAPI "3.2.0" is not supported: want 3.0.x or 3.1.x`},
		"a version of nothing": {"openapi: yes\n", `bad.yaml:1:1: OpenAPI "yes" is not supported`},
		"no paths":             {head, "bad.yaml:1:1: no paths key"},
		"a reference to nowhere": {get + "          description: x\n          content:\n            application/json:\n" +
			"              schema: {$ref: '#/components/schemas/Gone'}\n", `bad.yaml:11:30: reference "#/components/schemas/Gone" leads nowhere`},
		"a reference to another file": {get + "          $ref: other.yaml#/Gone\n", `bad.yaml:8:17: reference "other.yaml#/Gone" leaves the document`},
		"a reference to a host":       {get + "          $ref: http://127.0.0.1:1/x\n", `bad.yaml:8:17: reference "http://127.0.0.1:1/x" leaves the document`},
		"a name twice":                {head + "paths: {}\npaths: {}\n", `bad.yaml:4:1: key "paths" comes twice`},
		"responses of another kind":   {head + "paths:\n  /a:\n    get:\n      responses: 7\n", "bad.yaml:6: "},
		"an alias of itself":          {head + "paths: &p\n  /a: *p\n", `bad.yaml:4:7: alias "p" stands inside of what it stands for`},
		"11 MB":                       {head + "paths: {}\n" + strings.Repeat("# a comment\n", 1_000_000), "bad.yaml:833332: 12000056 bytes: want a document of at most 10 MB"},
		"two documents":               {head + "paths: {}\n---\n" + head, "bad.yaml:4:1: a second document begins: want one"},
		"control characters":          {head + "paths: {}\n# \x00\n", "bad.yaml:1: not YAML or JSON"},
		"a null response":             {get, `bad.yaml:7:9: response "200" is no object`},
		"an anchor of nowhere":        {get + "          $ref: '#gone'\n", `bad.yaml:8:17: reference "#gone" leads nowhere`},
		"responses in a circle": {get + "          $ref: '#/components/responses/A'\ncomponents: {responses: {A: {$ref: '#/components/responses/A'}}}\n",
			`bad.yaml:8:17: reference "#/components/responses/A" leads back to itself`},
		"aliases of aliases": {head + "paths: {}\nx-0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + multiplied(8), "bad.yaml:10:6: aliases make more than 10000000 values"},
		"references in a circle": {head + "paths: {}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n",
			`bad.yaml:6:15: reference "#/components/schemas/B" leads back to itself`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := contract.Load("bad.yaml", []byte(c.spec))
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
			require.Less(t, len(err.Error()), 400)
		})
	}
}

// multiplied is n lines, each of which stands for ten times the line before.
func multiplied(n int) string {
	var b strings.Builder
	for i := range n {
		alias := fmt.Sprintf("*a%d,", i)
		fmt.Fprintf(&b, "x-%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(alias, 10), ","))
	}
	return b.String()
}

// That this takes no long time is what go test's own limit sees to.
func TestLoadFollowsSchemasFarDown(t *testing.T) {
	t.Parallel()
	nested := func(open, inner, closed string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(closed, n)
	}
	_ = small(t, "3.1.0", "application/json", nested(`{"items":`, "{}", "}", 3000))
	check := small(t, "3.1.0", "application/json", nested(`{"items":`, `{"type":"string"}`, "}", 400))
	require.Empty(t, check("application/json", nested("[", `"a"`, "]", 400)))
	require.Equal(t, []string{"schema.type " + strings.Repeat("/0", 400)}, check("application/json", nested("[", "1", "]", 400)))
}

func TestLoadAcceptsOddButRightDocuments(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"no operation":  "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {}\n",
		"an empty path": "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {}}\n",
		"no responses":  "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {}}}\n",
	}
	for name, spec := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := contract.Load("odd.yaml", []byte(spec))
			require.NoError(t, err)
		})
	}
}

// smallOf is small with a schema that calls itself Word.
func smallOf(t *testing.T, schema string) func(contentType, body string) []string {
	t.Helper()
	return smallWith(t, "3.1.0", "application/json", `{"$ref":"#/components/schemas/Word"}`, schema)
}

// small is a document with one operation, GET /a, whose 200 has one media type and schema.
func small(t *testing.T, version, mediaType, schema string) func(contentType, body string) []string {
	t.Helper()
	return smallWith(t, version, mediaType, schema, `{"type":"string"}`)
}

func smallWith(t *testing.T, version, mediaType, schema, word string) func(contentType, body string) []string {
	t.Helper()
	spec := strings.NewReplacer("VERSION", version, "MEDIA", mediaType, "SCHEMA", schema, "WORD", word).Replace(`{"openapi":"VERSION",
		"info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"x",
		"content":{"MEDIA":{"schema":SCHEMA}}}}}}},"components":{"schemas":{"Word":WORD}}}`)
	c, err := contract.Load("a.json", []byte(spec), contract.AnyHost())
	require.NoError(t, err)
	return func(contentType, body string) []string {
		x := answer(body)
		x.URL.Path = "/a"
		x.Header.Set("Content-Type", contentType)
		return rules(c.Check(x))
	}
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		documented, stated string
		want               []string
	}{
		"the same":                      {"application/json", "application/json", nil},
		"another case":                  {"application/json", "Application/JSON", nil},
		"parameters":                    {"application/json", "application/json; charset=utf-8; v=1", nil},
		"documented parameters":         {"application/json; charset=utf-8", "application/json", nil},
		"another charset":               {"application/json", "application/json; charset=utf-16", []string{"charset"}},
		"a suffix that is documented":   {"application/problem+json", "application/problem+json", nil},
		"a suffix that is not":          {"application/json", "application/problem+json", []string{"content-type"}},
		"a range":                       {"application/*", "application/json", nil},
		"any":                           {"*/*", "application/vnd.a+json", nil},
		"another range":                 {"text/*", "application/json", []string{"content-type"}},
		"no media type":                 {"application/json", "nonsense;;", []string{"content-type"}},
		"two types at once":             {"application/json", "application/json, text/html", []string{"content-type"}},
		"a range without a decoder":     {"*/*", "application/xml", []string{"unchecked.media-type"}},
		"XML by another name":           {"application/xml", "text/xml", []string{"content-type"}},
		"XML documented, JSON came":     {"application/xml", "application/json", []string{"content-type"}},
		"JSON under the name of a text": {"application/json", "text/plain", []string{"content-type"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, c.want, small(t, "3.1.0", c.documented, `{"type":"object"}`)(c.stated, `{}`))
		})
	}
}

func TestDialectOf30(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		schema, body string
		want         []string
	}{
		"null where it is allowed":      {`{"type":"string","nullable":true}`, `null`, nil},
		"null where it is not":          {`{"type":"string"}`, `null`, []string{"schema.type"}},
		"nullable without a type":       {`{"nullable":true,"enum":["a"]}`, `null`, []string{"schema.enum"}},
		"an exclusive bound":            {`{"type":"number","minimum":1,"exclusiveMinimum":true}`, `1`, []string{"schema.exclusiveMinimum"}},
		"a bound that is not exclusive": {`{"type":"number","maximum":1,"exclusiveMaximum":false}`, `1`, nil},
		"what stands beside a ref":      {`{"$ref":"#/components/schemas/Word","maxLength":1}`, `"ab"`, nil},
		"a required writeOnly member": {`{"type":"object","required":["a","b"],"properties":{"a":{"type":"string","writeOnly":true},"b":{"type":"string"}}}`,
			`{}`, []string{"schema.required /b"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, c.want, small(t, "3.0.3", "application/json", c.schema)("application/json", c.body))
		})
	}
}
