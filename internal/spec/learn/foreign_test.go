package learn_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/learn"
	"github.com/roughy-go/roughy/internal/spec/overlay"
	"github.com/roughy-go/roughy/internal/traffic"
)

// foreign is another document than ours, in some dialect: no default, no marks of sources, closed and composed schemas, arrays.
const foreign = `openapi: %s
info: {title: Things, version: 0.1.0}
paths:
  /things:
    post:
      responses:
        '200': {$ref: '#/components/responses/Thing'}
  /things/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {$ref: '#/components/responses/Thing'}
components:
  responses:
    Thing:
      description: One.
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Thing'}
  schemas:
    Thing:
      allOf:
        - type: object
          properties:
            kind: {type: string, enum: [a, b]}
            sort: {type: integer, enum: [1, 2]}
            owner: {allOf: [{$ref: '#/components/schemas/Part'}]}
            pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
            parts:
              type: array
              items: {$ref: '#/components/schemas/Part'}
        - type: object
          required: [name]
          properties:
            name: {type: string}
    Part:
      type: object
      additionalProperties: false
      properties:
        n: {type: integer}
    Cat: {type: object, required: [kind], properties: {kind: {type: string, enum: [cat]}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [dog]}, bark: {type: string}}}
`

func things(bodies ...string) []traffic.Entry {
	var out []traffic.Entry
	for i := range 12 {
		body, status := bodies[i%len(bodies)], http.StatusOK
		if body[0] == '!' {
			body, status = body[1:], http.StatusTeapot
		}
		out = append(out, traffic.Entry{Number: i, Exchange: contract.Exchange{Method: "GET", URL: &url.URL{Path: fmt.Sprintf("/things/%d", i)}, Status: status,
			Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}})
	}
	return out
}

// made are answers to those who make things, all at one URL.
func made(body string) []traffic.Entry {
	out := things(body)
	for i := range out {
		out[i].Method, out[i].URL = "POST", &url.URL{Path: "/things"}
	}
	return out
}

func TestForeignDocuments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		version string
		entries []traffic.Entry
		want    []string
		rest    string
	}{
		"nothing new":              {"3.1.0", things(`{"name":"x","kind":"a","parts":[{"n":1}]}`), nil, ""},
		"a field beside allOf":     {"3.1.0", things(`{"name":"x","size":1}`), []string{"new field size of Thing.allOf.0, integer"}, ""},
		"a field in a closed item": {"3.1.0", things(`{"name":"x","parts":[{"n":1},{"n":2,"m":"a"}]}`), []string{"new field m of Part, string"}, ""},
		"a number of an enum":      {"3.1.0", things(`{"name":"x","sort":3}`), []string{"new value 3 of Thing.allOf.0.sort"}, ""},
		"null of an item":          {"3.1.0", things(`{"name":"x","parts":[{"n":1},null]}`), []string{"Thing.allOf.0.parts[] came as null"}, ""},
		"null of an enum":          {"3.1.0", things(`{"name":"x","kind":null}`), []string{"Thing.allOf.0.kind came as null"}, ""},
		"the only one required":    {"3.1.0", things(`{"kind":"a"}`), []string{"name of Thing.allOf.1 was left out, and is required"}, ""},
		"an undocumented status":   {"3.1.0", things(`{"name":"x"}`, `!{"code":"tea","wait":1.5}`), []string{"new status 418 of GET /things/{id}"}, ""},
		"a status with its body":   {"3.1.0", things(`{"name":"x"}`, `!{"name":"y","kind":"b"}`), []string{"new status 418 of GET /things/{id}"}, ""},
		"null of an allOf":         {"3.1.0", things(`{"name":"x","owner":{"n":1}}`, `{"name":"x","owner":null}`), []string{"Thing.allOf.0.owner came as null"}, ""},
		"null of an allOf in 3.0":  {"3.0.3", things(`{"name":"x","owner":{"n":1}}`, `{"name":"x","owner":null}`), []string{"Thing.allOf.0.owner came as null"}, ""},
		"null at the one URL":      {"3.1.0", append(things(`{"name":"x"}`), made(`{"name":"x","parts":[null]}`)...), []string{"Thing.allOf.0.parts[] came as null"}, ""},
		"a field of one kind":      {"3.1.0", things(`{"name":"x","pet":{"kind":"dog","age":1}}`), []string{"new field age of Dog, integer"}, ""},
		"another value beside":     {"3.1.0", things(`{"name":"x","kind":"c","pet":{"kind":"dog"}}`), []string{"new value c of Thing.allOf.0.kind"}, ""},
		"another kind":             {"3.1.0", things(`{"name":"x","pet":{"kind":"bird","wings":2}}`), nil, ""},
		"no kind":                  {"3.1.0", things(`{"name":"x","pet":{"bark":"loud"}}`), nil, ""},
		"null in 3.0":              {"3.0.3", things(`{"name":null}`), []string{"Thing.allOf.1.name came as null"}, ""},
		"null of an item in 3.0":   {"3.0.3", things(`{"name":"x","parts":[{"n":1},null]}`), []string{"Thing.allOf.0.parts[] came as null"}, ""},
		"null of an enum in 3.0":   {"3.0.3", things(`{"name":"x","kind":null}`), []string{"Thing.allOf.0.kind came as null"}, ""},
		"a field of null in 3.0":   {"3.0.3", things(`{"name":"x","size":1}`, `{"name":"x","size":null}`), []string{"new field size of Thing.allOf.0, integer or null"}, ""},
		"another type in 3.0":      {"3.0.3", things(`{"name":1}`), nil, "a conflict: OpenAPI 3.0 cannot say that a value has one of several types"},
		"broken JSON":              {"3.1.0", things(`{"name":"x"}`, `{"name":`), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := fmt.Appendf(nil, foreign, c.version)
			out, after, _ := learned(t, document, c.entries)
			require.Equal(t, c.want, textsOf(out))
			if c.rest != "" {
				require.Equal(t, c.rest, out.Rest[0].Why)
				return
			}
			require.Empty(t, out.Rest)
			if strings.Contains(string(c.entries[0].Body), "pet") && c.want == nil {
				require.Equal(t, map[string]int{"an object of a kind that its discriminator does not know": 12}, out.Broken)
				return
			}
			if name == "broken JSON" {
				require.Equal(t, map[string]int{"json-syntax": 6}, out.Broken)
				return
			}
			keeps(t, after, c.entries)
			require.NotContains(t, string(after), "x-documented")
		})
	}
}

func TestNewRefusesWhatIsNoDocument(t *testing.T) {
	t.Parallel()
	_, err := learn.New("d.yaml", []byte("a: 1\n"), learn.Options{})
	require.ErrorContains(t, err, "d.yaml:1:1: not an OpenAPI document")
	_, err = overlay.Digest([]byte("a: ["))
	require.Error(t, err)
}
