package contract_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
)

// secret is one as it comes, inside of JSON strings too, and the part of it that nobody may recognise.
type secret struct{ text, part string }

const (
	opaque = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	jwt    = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEiLCJleHAiOjE3OTM0Mzd9.q7Kd0Tz4Wm8Yc2Xv6Bn1Hs5Jf9Lg3Pr"
	signed = "https://bucket.example/9k3/o7.mp4?X-Amz-Credential=QX7ZK2MW&X-Amz-Signature=5f1e77aab3c9d0"
)

var secrets = map[string]secret{
	"a key":                   {"sk_live_Zq8xw3Vt7rK2Lm9pBd4f", "sk_live_Zq8xw3Vt7rK2Lm9pBd4f"},
	"a key in capitals":       {"SK_LIVE_ZQ8XW3VT7RK2LM9PBD4F", "sk_live_Zq8xw3Vt7rK2Lm9pBd4f"},
	"a key, percent-encoded":  {"sk%5Flive%5FZq8xw3Vt7rK2Lm9pBd4f", "Zq8xw3Vt7rK2Lm9pBd4f"},
	"a key with JSON escapes": {`\u0073k_live_Zq8xw3\u0056t7rK2Lm9pBd4f`, "sk_live_Zq8xw3Vt7rK2Lm9pBd4f"},
	"a token":                 {jwt, jwt},
	"a bearer token":          {"Bearer " + jwt, jwt},
	"an opaque token":         {opaque, opaque},
	"a signed link":           {signed, signed},
	"a user and password":     {"https://ada:p9Vt7rK2Lm@deploy.example/o", "ada:p9Vt7rK2Lm@deploy.example"},
	"a cookie":                {"session=5fd0c1b7a2e94836; Path=/; HttpOnly", "5fd0c1b7a2e94836"},
}

// maskable are secrets that show what they are wherever they stand, and of each the part that must stay untold where values are shown.
func maskable() map[string]secret {
	const key, password = "sk_live_Zq8xw3Vt7rK2Lm9pBd4f", "p9Vt7rK2LmWq"
	link, query, _ := strings.Cut(signed, "?")
	out := map[string]secret{
		"a key in escapes of escapes": {`\\u0073\\u006b_live_Zq8xw3Vt7rK2Lm9pBd4f`, key},
		"a key in HTML's escapes":     {"s&#107;_live_Zq8xw3Vt7rK2Lm9pBd4f", "live_Zq8xw3Vt7rK2Lm9pBd4f"},
		"a key far behind":            {strings.Repeat("- ", 95) + key, key},
		"a signed link":               {signed, query},
		"a signed link in escapes":    {strings.ReplaceAll(link+"%3F"+query, "/", `\\\/`), query},
		"a user and password":         {"https://ada:" + password + "@deploy.example/o", "ada:" + password},
		"a user far behind":           {strings.Repeat("- ", 95) + "https://ada:" + password + "@deploy.example/o", "ada:" + password},
		"a user who never ends":       {"https://ada:" + password + strings.Repeat("a", 5000) + "@deploy.example/o", "ada:" + password},
	}
	for _, name := range []string{"a key", "a key in capitals", "a key, percent-encoded", "a key with JSON escapes", "a token", "a bearer token"} {
		out[name] = secrets[name]
	}
	return out
}

// told is what a text gives away: six letters in a row, in any case.
func (s secret) told(text string) string {
	const least = 6
	text, part := strings.ToLower(text), strings.ToLower(s.part)
	for i := range len(part) - least + 1 {
		if strings.Contains(text, part[i:i+least]) {
			return part[i : i+least]
		}
	}
	return ""
}

// mark stands where a secret is put.
const mark = "⚑"

func (s secret) put(text string) string { return strings.ReplaceAll(text, mark, s.text) }

// watch looks for one secret in all that is said.
type watch struct {
	secret
	known    map[string]bool // reports that were looked at
	findings int
}

func eachSecret(t *testing.T, f func(t *testing.T, w *watch)) { eachOf(t, secrets, f) }

func eachOf(t *testing.T, secrets map[string]secret, f func(t *testing.T, w *watch)) {
	for name, s := range secrets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, &watch{secret: s, known: map[string]bool{}})
		})
	}
}

// inBodies puts a secret into each of these texts, and alone into a body that is no JSON.
func inBodies(contracts []*contract.Contract, texts []string) func(t *testing.T, w *watch) {
	return func(t *testing.T, w *watch) {
		for _, text := range texts {
			w.check(t, answer(w.put(text)), contracts, text)
		}
		x := answer(w.text)
		x.Header.Set("Content-Type", "text/plain")
		w.check(t, x, contracts, "a text")
		require.Positive(t, w.findings)
	}
}

func (w *watch) check(t *testing.T, x contract.Exchange, contracts []*contract.Contract, place string) {
	t.Helper()
	for _, c := range contracts {
		r := c.Check(x)
		w.findings += len(r.Findings)
		text, err := json.Marshal(r)
		require.NoError(t, err)
		if w.known[string(text)] {
			continue
		}
		w.known[string(text)] = true
		if told := w.told(string(text) + said(r)); told != "" {
			t.Errorf("%q is told of %s:\n%s", told, place, lines(r))
		}
	}
}

// said is all that a report can be made to say, but for its JSON.
func said(r contract.Report) string {
	broken := &contract.Error{Report: r}
	things := []any{r, &r, *broken, broken, broken.Error()}
	for _, f := range r.Findings {
		things = append(things, f, &f, f.String())
	}
	var out []byte
	for _, verb := range []string{"%v\n", "%+v\n", "%#v\n", "%q\n", "%s\n"} {
		out = fmt.Appendf(out, strings.Repeat(verb, len(things)), things...)
	}
	return string(out)
}

// judges are a document's contract by admit, and by the full engine alone.
func judges(t *testing.T, document []byte, options ...contract.Option) []*contract.Contract {
	t.Helper()
	return []*contract.Contract{load(t, document, options...), load(t, document, append(options, contract.EngineOnly())...)}
}

// marked is a JSON value with a mark in the place of each of its parts in turn, around it, as the name of each member, and as
// one more.
func marked(v any) (out []any) {
	out = []any{mark, []any{mark}, map[string]any{mark: v}, map[string]any{"new": mark}}
	switch v := v.(type) {
	case map[string]any:
		out = append(out, with(v, mark, 1), with(v, mark, mark), with(v, "new", []any{map[string]any{mark: mark}}))
		for name, value := range v {
			renamed := with(v, mark, value)
			delete(renamed, name)
			out = append(out, renamed)
			for _, m := range marked(value) {
				out = append(out, with(v, name, m))
			}
		}
	case []any:
		out = append(out, append(slices.Clone(v), mark), append(slices.Clone(v), mark, mark))
		for i, item := range v {
			for _, m := range marked(item) {
				items := slices.Clone(v)
				items[i] = m
				out = append(out, items)
			}
		}
	}
	return out
}

func with(object map[string]any, name string, value any) map[string]any {
	out := maps.Clone(object)
	out[name] = value
	return out
}

// markedTexts are JSON texts with a mark in every place of one: as a value, as a name, as a name that comes twice, and where
// nothing can be, so that it is JSON no more.
func markedTexts(t *testing.T, body string) (out []string) {
	t.Helper()
	const name = `"` + mark + `":`
	var value any
	require.NoError(t, json.Unmarshal([]byte(body), &value))
	for _, m := range marked(value) {
		text, err := json.Marshal(m)
		require.NoError(t, err)
		out = append(out, string(text))
		if strings.Contains(string(text), name) {
			out = append(out, strings.Replace(string(text), name, name+`0,`+name, 1))
		}
	}
	for i := range len(body) + 1 {
		if i == len(body) || strings.IndexByte(`{}[],:"`, body[i]) >= 0 {
			front, back := body[:i], body[i:]
			out = append(out, front+mark+back, front+`"`+mark+`"`+back, front+name+back, front+mark, front+`,"`+mark)
		}
	}
	return out
}

// guarded are schemas, and a body that keeps each.
var guarded = map[string][2]string{
	"anything":           {`{}`, `{"a":[1,{"b":null}]}`},
	"nothing":            {`false`, `{"a":1}`},
	"other words":        {`{"properties":{"a":{"enum":["red",1,null]},"b":{"const":"blue"},"c":{"const":{"d":"red"}}}}`, `{"a":"red","b":"blue","c":{"d":"red"}}`},
	"numbers":            {`{"properties":{"a":{"type":"integer","minimum":1,"maximum":9,"multipleOf":3},"b":{"type":["boolean","null"]}}}`, `{"a":3,"b":true}`},
	"texts":              {`{"properties":{"a":{"type":"string","minLength":3,"maxLength":4,"pattern":"^[a-c]+$"},"b":{"type":"string","minLength":90}}}`, `{"a":"abc"}`},
	"formats":            {`{"prefixItems":[{"format":"uuid"},{"format":"date-time"},{"format":"email"},{"format":"uri"},{"format":"hostname"},{"format":"byte"},{"format":"duration","maxLength":9},{"format":"int32"}]}`, `["","","","","","","",1]`},
	"no other names":     {`{"properties":{"a":{"properties":{"b":{"type":"integer"}},"additionalProperties":false}},"additionalProperties":false}`, `{"a":{"b":1}}`},
	"names by pattern":   {`{"patternProperties":{"^x-":{"type":"integer"},"k":{"maxLength":2}},"propertyNames":{"maxLength":4,"pattern":"^[a-z-]*$"},"maxProperties":2}`, `{"x-a":1,"x-b":2}`},
	"names left over":    {`{"allOf":[{"properties":{"a":{"prefixItems":[{"const":1}],"unevaluatedItems":false}}},{"properties":{"b":{}}}],"unevaluatedProperties":false}`, `{"a":[1],"b":1}`},
	"names that ask":     {`{"required":["a"],"dependentRequired":{"a":["b"],"b":["c"]},"dependentSchemas":{"a":{"required":["d"]}},"additionalProperties":{"enum":["red"]}}`, `{"a":"red","b":"red"}`},
	"alternatives":       {`{"anyOf":[{"type":"object","properties":{"a":{"const":"red"}}},{"type":"object","properties":{"a":{"enum":["blue"]}}},{"type":"array","items":{"type":"integer"}}]}`, `{"a":"red"}`},
	"discriminators":     {`{"oneOf":[{"$ref":"#/components/schemas/Cat"},{"$ref":"#/components/schemas/Dog"}],"discriminator":{"propertyName":"kind","mapping":{"tom":"#/components/schemas/Cat"}}}`, `{"kind":"Dog","bark":[{"kind":"tom","mew":1}]}`},
	"subtypes":           {`{"$ref":"#/components/schemas/Pet"}`, `{"kind":"Bird","wings":"two"}`},
	"what is refused":    {`{"not":{"required":["z"]},"properties":{"a":{"not":{"type":"string"}},"b":false}}`, `{"a":1}`},
	"lists":              {`{"prefixItems":[{"type":"string"}],"items":{"enum":["red",1]},"contains":{"type":"integer"},"maxContains":2,"minItems":2,"maxItems":3,"uniqueItems":true}`, `["a","red",1]`},
	"conditions":         {`{"if":{"properties":{"a":{"const":"red"}}},"then":{"properties":{"b":{"enum":["blue"]}}},"else":{"properties":{"b":{"const":1}}}}`, `{"a":"red","b":"blue"}`},
	"what is unchecked":  {`{"properties":{"a":{"format":"colour"},"b":{"pattern":"(?!a)"},"c":{"type":"nonsense"},"d":{"writeOnly":true}},"patternProperties":{"(?=z)":{}}}`, `{"a":"red","b":"b","c":1,"d":"x"}`},
	"what nests itself":  {`{"$ref":"#/components/schemas/Tree"}`, `{"leaf":"red","tree":{"leaf":"green"}}`},
	"dynamic references": {`{"$dynamicRef":"#tree"}`, `{"leaf":"red"}`},
}

// guardedBy is a document that answer answers to.
func guardedBy(headers, schema string) []byte {
	return []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/v1/renders/{id}":{"get":{"responses":{"200":{"description":"x",
		"headers":` + headers + `,"content":{"application/json":{"schema":` + schema + `},"text/plain":{"schema":` + schema + `}}}}}}},"components":{"schemas":{
		"Cat":{"type":"object","required":["kind"],"properties":{"kind":{"type":"string"},"mew":{"type":"integer"}}},
		"Dog":{"type":"object","required":["kind"],"properties":{"kind":{"const":"Dog"},"bark":{"type":"array","items":{"$ref":"#/components/schemas/Cat"}}}},
		"Pet":{"type":"object","required":["kind"],"properties":{"kind":{"type":"string"}},"discriminator":{"propertyName":"kind"}},
		"Bird":{"allOf":[{"$ref":"#/components/schemas/Pet"},{"properties":{"wings":{"enum":["two"]}}}]},
		"Tree":{"$dynamicAnchor":"tree","properties":{"leaf":{"enum":["red","green"]},"tree":{"$ref":"#/components/schemas/Tree"}}}}}}`)
}

func TestSecretsInABodyAppearNowhere(t *testing.T) {
	t.Parallel()
	for name, guard := range guarded {
		contracts, texts := judges(t, guardedBy("{}", guard[0])), markedTexts(t, guard[1])
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachSecret(t, inBodies(contracts, texts))
		})
	}
}

func TestSecretsInOurBodiesAppearNowhere(t *testing.T) {
	t.Parallel()
	contracts := judges(t, file(t, "../../openapi.yaml"))
	failure := `{"error":{"code":"a","message":"b","fields":[{"field":"c","message":"d"}]}}`
	bodies := map[int][]string{200: markedTexts(t, render), 500: markedTexts(t, failure)}
	eachSecret(t, func(t *testing.T, w *watch) {
		for status, texts := range bodies {
			for _, text := range texts {
				x := answer(w.put(text))
				x.Status = status
				w.check(t, x, contracts, text)
			}
		}
		require.Greater(t, w.findings, 1000)
	})
}

const guardedHeaders = `{
	"X-Text":{"schema":{"type":"string","pattern":"^[a-c]$","format":"uuid"}}, "X-Word":{"schema":{"enum":["red","green"]}},
	"X-Number":{"schema":{"type":"integer","maximum":3}}, "X-List":{"schema":{"type":"array","items":{"enum":["red"]},"uniqueItems":true,"maxItems":1}},
	"X-Pairs":{"schema":{"type":"object","properties":{"session":{"enum":["red"]}},"additionalProperties":false}},
	"X-Exploded":{"explode":true,"schema":{"type":"object","properties":{"session":{"enum":["red"]}},"additionalProperties":{"type":"integer"}}},
	"X-Json":{"content":{"application/json":{"schema":{"properties":{"a":{"enum":["red"]}},"additionalProperties":false}}}},
	"X-Xml":{"content":{"application/xml":{"schema":{"type":"object"}}}}, "X-Bad":{"schema":{"type":"nonsense"}}, "X-Odd":{"schema":{"format":"colour"}},
	"Location":{"required":true,"schema":{"type":"string","format":"email"}}, "Set-Cookie":{"explode":true,"schema":{"type":"object","properties":{"session":{"const":"red"}}}}}`

// markedHeaders are values of headers with marks in them.
func markedHeaders() []string {
	return []string{mark, " " + mark, "1," + mark, mark + ",red," + mark, "session," + mark, mark + ",1", "session=" + mark, mark + "=" + mark,
		"session=red," + mark, `"` + mark + `"`, `{"a":"` + mark + `"}`, `{"` + mark + `":1,"` + mark + `":2}`, "{" + mark, "gzip, " + mark,
		"application/json; charset=" + mark, "application/json; " + mark + "=1", "application/" + mark, "application/" + mark + "+json", mark + "/json"}
}

func TestSecretsInHeadersAppearNowhere(t *testing.T) {
	t.Parallel()
	names := []string{"X-Text", "X-Word", "X-Number", "X-List", "X-Pairs", "X-Exploded", "X-Json", "X-Xml", "X-Bad", "X-Odd", "Location", "Set-Cookie",
		"Content-Type", "Content-Length", "Content-Encoding", "Authorization", "X-Undocumented", mark}
	contracts := judges(t, guardedBy(guardedHeaders, "{}"))
	eachSecret(t, func(t *testing.T, w *watch) {
		for _, name := range names {
			for _, value := range markedHeaders() {
				x := answer("{}")
				delete(x.Header, name)
				for range 2 {
					x.Header[w.put(name)] = append(x.Header[w.put(name)], w.put(value))
					w.check(t, x, contracts, name+": "+value)
					_, err := contract.Plain(x.Header, x.Body)
					require.Empty(t, w.told(fmt.Sprintf("%v %#v", err, err)))
				}
			}
		}
		require.Greater(t, w.findings, 1000)
	})
}

func TestSecretsInARequestAppearNowhere(t *testing.T) {
	t.Parallel()
	document := file(t, "../../openapi.yaml")
	contracts := append(judges(t, document), judges(t, document, contract.AnyHost())...)
	eachSecret(t, func(t *testing.T, w *watch) {
		places := map[string]func(x *contract.Exchange){
			"the method":      func(x *contract.Exchange) { x.Method = w.text },
			"the scheme":      func(x *contract.Exchange) { x.URL.Scheme = w.text },
			"an opaque URL":   func(x *contract.Exchange) { x.URL = &url.URL{Scheme: "https", Opaque: w.text} },
			"the user":        func(x *contract.Exchange) { x.URL.User = url.UserPassword(w.text, w.text) },
			"the host":        func(x *contract.Exchange) { x.URL.Host = w.text },
			"the path":        func(x *contract.Exchange) { x.URL.Path = w.text },
			"before the path": func(x *contract.Exchange) { x.URL.Path = "/" + w.text + x.URL.Path },
			"inside the path": func(x *contract.Exchange) { x.URL.Path = "/v1/" + w.text + "/x" },
			"the render's id": func(x *contract.Exchange) { x.URL.Path = "/v1/renders/" + w.text },
			"after the path":  func(x *contract.Exchange) { x.URL.Path += "/" + w.text },
			"an escaped path": func(x *contract.Exchange) {
				x.URL.Path, x.URL.RawPath = "/v1/renders/"+w.text, "/v1/renders/"+url.PathEscape(w.text)
			},
			"a wrongly escaped one": func(x *contract.Exchange) { x.URL.RawPath = "/v1/renders/%" + w.text },
			"the query":             func(x *contract.Exchange) { x.URL.RawQuery = w.text + "=" + w.text },
			"the fragment":          func(x *contract.Exchange) { x.URL.Fragment = w.text },
		}
		for name, place := range places {
			for _, body := range []string{render, stateless, ""} {
				x := answer(body)
				place(&x)
				w.check(t, x, contracts, name)
				for _, c := range contracts {
					operation, _ := c.Operation(x.Method, x.URL)
					require.Empty(t, w.told(operation))
				}
			}
		}
		require.Positive(t, w.findings)
	})
}

// A document is no secret, but its errors end in logs that more people read: keys, and links with a user or a query, are not repeated.
func TestSecretsInADocumentAreNotToldByLoad(t *testing.T) {
	t.Parallel()
	const head, get = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n", "paths: {/a: {get: {responses: {'200': "
	texts := markedTexts(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"servers":[{"url":"https://{h}.example","variables":{"h":{"default":"a"}}}],
		"paths":{"/a/{id}":{"get":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"},"example":"x"}],"responses":{
		"200":{"description":"x","content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"},"example":1}}}}}}},
		"components":{"schemas":{"A":{"type":"object","required":["a"],"properties":{"a":{"enum":["b"],"pattern":"^b"}}}}}}`)
	texts = append(texts,
		"openapi: \"⚑\"\n", "openapi: 4⚑\n", "swagger: \"⚑\"\n", "%⚑ x\n---\n", head+"paths: *⚑\n", head+"paths: &⚑\n  /a: *⚑\n",
		head+"paths: !⚑ {}\n", head+"paths: !!int \"⚑\"\n", head+"paths: {<<: \"⚑\"}\n", head+"paths: {}\n---\n⚑: 1\n", head+"? {⚑: 1}\n: 1\n",
		head+get+"{$ref: \"#/components/schemas/⚑\"}}}}}\ncomponents: {schemas: {\"⚑\": {type: string}}}\n",
		head+get+"{$ref: \"https://a.example/b?⚑\"}}}}}\n", head+get+"{$ref: \"#/%zz⚑\"}}}}}\n",
		head+get+"{description: x, headers: {A: {$ref: \"#/components/headers/⚑\"}}}}}}}\ncomponents: {headers: {\"⚑\": {$ref: \"#/components/headers/⚑\"}}}\n",
		head+get+"{description: x, links: {a: {$ref: \"#/components/schemas/⚑\"}}}}}}}\ncomponents: {schemas: {\"⚑\": {}}}\n",
	)
	texts = slices.DeleteFunc(texts, afterLetter.MatchString)
	_, query, _ := strings.Cut(signed, "?")
	for _, s := range []secret{secrets["a key"], secrets["a key in capitals"], {signed, query}, {secrets["a user and password"].text, "ada:p9Vt7rK2Lm"}} {
		for _, text := range texts {
			if _, err := contract.Load("a.yaml", []byte(s.put(text))); err != nil {
				require.Empty(t, s.told(fmt.Sprintf("%v %#v %q", err, err, err)), "%v\n%s", err, text)
			}
		}
	}
}
