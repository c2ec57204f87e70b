package contract_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/contract/contracttest"
)

// showing is the Got of each finding on a body, where values are shown.
func showing(t *testing.T, schema, contentType, body string) (out []string) {
	t.Helper()
	x := answer(body)
	x.Header.Set("Content-Type", contentType)
	for _, c := range judges(t, guardedBy("{}", schema), contract.ShowValues()) {
		got := []string{}
		for _, f := range c.Check(x).Findings {
			got = append(got, f.Got)
			require.LessOrEqual(t, utf8.RuneCountInString(f.Got), 200)
		}
		require.True(t, out == nil || slices.Equal(out, got), "the full engine says something else: %q, %q", out, got)
		out = got
	}
	return out
}

func TestShownValues(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		schema, body string
		want         []string
	}{
		"a type":                {`{"type":"object"}`, `[1,"a",{"b":null}]`, []string{`array [1,"a",{"b":null}]`}},
		"a type of an anyOf":    {`{"anyOf":[{"type":"null"},{"type":"object"}]}`, `7`, []string{`number 7`}},
		"an enum":               {`{"enum":["pending"]}`, `"pendnig"`, []string{`string "pendnig"`}},
		"a const":               {`{"const":1}`, `true`, []string{`boolean true`}},
		"a format":              {`{"format":"uuid"}`, `"a\u00e9<\n\u0001"`, []string{`string "aé<\n\u0001"`}},
		"a pattern":             {`{"pattern":"^a$"}`, `"b"`, []string{`string "b"`}},
		"a length":              {`{"maxLength":1}`, `"bb"`, []string{`string "bb"`}},
		"a bound":               {`{"maximum":1}`, `1.50e1`, []string{`number 1.50e1`}},
		"a count":               {`{"minItems":3}`, `[1,2]`, []string{`array [1,2]`}},
		"an item twice":         {`{"uniqueItems":true}`, `["a","a"]`, []string{`string "a"`}},
		"a name":                {`{"propertyNames":{"maxLength":1}}`, `{"ab":1}`, []string{`string "ab"`}},
		"a forbidden member":    {`{"additionalProperties":false}`, `{"a":null}`, []string{`null`}},
		"a missing one":         {`{"required":["a"]}`, `{}`, []string{`nothing`}},
		"an undocumented one":   {`{"properties":{"a":{}}}`, `{"b":{"d":[],"c":1}}`, []string{`object {"c":1,"d":[]}`}},
		"a member for requests": {`{"properties":{"a":{"writeOnly":true}}}`, `{"a":1}`, []string{`number 1`}},
		"a member deeper down":  {`{"properties":{"a":{"items":{"type":"null"}}}}`, `{"a":[null,false]}`, []string{`boolean false`}},
		"what is unchecked":     {`{"format":"colour"}`, `"red"`, []string{``}},
		"what is no JSON":       {`{}`, `{"a":"red"`, []string{`the end too early after byte 10`}},
		"a long text":           {`{"type":"null"}`, `"` + strings.Repeat("é", 300) + `"`, []string{`string "` + strings.Repeat("é", 191) + "…"}},
		"a long list":           {`{"type":"null"}`, `[` + strings.Repeat("10,", 500) + `1]`, []string{`array [` + strings.Repeat("10,", 64) + "…"}},
		"a whole text":          {`{"type":"null"}`, `"` + strings.Repeat("é", 191) + `"`, []string{`string "` + strings.Repeat("é", 191) + `"`}},
		"a key":                 {`{"type":"null"}`, `["id","sk_live_1"]`, []string{`array ["id","…"]`}},
		"a name that tells":     {`{"type":"null"}`, `{"Set-Cookie":"a=b","access_token":"x","id":1}`, []string{`object {"Set-Cookie":"…","access_token":"…","id":1}`}},
		"a place that tells":    {`{"properties":{"cookies":{"items":{"type":"null"}}}}`, `{"cookies":["a"]}`, []string{`string`}},
		"parts of a key":        {`{"type":"null"}`, `["sk_","live_1234"]`, []string{`array …`}},
		"a token with its type": {`{"type":"null"}`, `{"a":"Bearer","b":"12345678"}`, []string{`object …`}},
		"a name and its value":  {`{"type":"null"}`, `{"sk_":"live_1234"}`, []string{`object …`}},
		"parts of a user":       {`{"type":"null"}`, `["https://ada:","secret@host"]`, []string{`array …`}},
		"a key's rest":          {`{"type":"null"}`, `{"a":"sk_li","b":"ve_1234","c":"word","d":"ve_1234"}`, []string{`object {"a":"…","b":"…","c":"word","d":"ve_1234"}`}},
		"a link beside others":  {`{"type":"null"}`, `{"a":"https://host/a?sig=1","b":"x"}`, []string{`object {"a":"https://host/a?…","b":"x"}`}},
	} {
		require.Equal(t, c.want, showing(t, c.schema, "application/json", c.body), name)
	}
	require.Equal(t, []string{`string "pendnig"`}, showing(t, `{"enum":["pending"]}`, "text/plain", "pendnig"))
	require.Equal(t, []string{`array ["a","b"]`}, showing(t, `{"type":"array","items":{},"minItems":3}`, "text/plain", "a,b"))
	require.Equal(t, []string{`2 items`}, showing(t, `{"type":"array","items":{},"minItems":3}`, "text/plain", "https://host/a?b,c"))
	require.Equal(t, []string{`string "text/html"`}, showing(t, `{}`, "text/html", "1"))
	require.Equal(t, []string{`string "application/json; charset=latin1"`}, showing(t, `{}`, "application/json; charset=latin1", "1"))
}

func TestShownHeaders(t *testing.T) {
	t.Parallel()
	c := load(t, guardedBy(guardedHeaders, "{}"), contract.ShowValues())
	for name, lines := range map[string][2]string{
		"X-Word": {"blue", `string "blue"`}, "X-Number": {"7", `number 7`}, "X-List": {"red,red", `array ["red","red"]`}, "X-Json": {`{"a":1}`, `number 1`},
		"X-Pairs": {"a,https://host/a?b,c,d", `string`}, "X-Text": {"a\xff", `string "a�"`}, "Content-Length": {"x", `string "x"`}, "Content-Encoding": {"zstd", `string "zstd"`},
		"Location": {"https://host/a?sig=1", `string "https://host/a?…"`}, "Set-Cookie": {"session=9f86d081", `string`},
	} {
		x := answer("{}")
		x.Header.Set("Location", "a@example.com")
		x.Header.Set(name, lines[0])
		r := c.Check(x)
		require.NotEmpty(t, r.Findings, name)
		require.Equal(t, lines[1], r.Findings[0].Got, name)
	}
}

func TestShownValuesAreThoseOfBothEngines(t *testing.T) {
	t.Parallel()
	for seed := range *seeds / 10 {
		d := contracttest.New(seed)
		contracts := judges(t, d.Text, contract.ShowValues())
		for range 20 {
			x := contracttest.Answer(d.Body())
			require.Equal(t, lines(contracts[1].Check(x)), lines(contracts[0].Check(x)), "seed %d, answer %s to %s", seed, x.Body, d.Text)
		}
	}
}

// afterLetter is where sk_ may be the rest of a word, as in task_id.
var afterLetter = regexp.MustCompile("[A-Za-z]" + mark)

func TestSecretsInShownBodiesAppearNowhere(t *testing.T) {
	t.Parallel()
	for name, guard := range guarded {
		contracts := judges(t, guardedBy("{}", guard[0]), contract.ShowValues())
		texts := slices.DeleteFunc(markedTexts(t, guard[1]), afterLetter.MatchString)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOf(t, maskable(), inBodies(contracts, texts))
		})
	}
}

// A secret that is cut in two is one still, wherever it is cut.
func TestSecretsInPartsOfAShownValueAppearNowhere(t *testing.T) {
	t.Parallel()
	contracts := judges(t, guardedBy("{}", `{"type":"null"}`), contract.ShowValues())
	whole := maskable()
	for _, name := range []string{"a key", "a bearer token", "a signed link", "a user and password"} {
		for i := range len(whole[name].text) - 1 {
			front, back := whole[name].text[:i+1], whole[name].text[i+1:]
			for _, value := range []any{[]string{front, back}, [][]string{{front}, {back}}, map[string]string{"a": front, "b": back}, map[string]string{front: back}} {
				text, err := json.Marshal(value)
				require.NoError(t, err)
				for _, c := range contracts {
					require.Empty(t, whole[name].told(said(c.Check(answer(string(text))))), "%s", text)
				}
			}
		}
	}
}

func TestSecretsInShownHeadersAppearNowhere(t *testing.T) {
	t.Parallel()
	contracts := judges(t, guardedBy(guardedHeaders, "{}"), contract.ShowValues())
	cookies := map[string]secret{"a cookie": secrets["a cookie"], "an opaque token": secrets["an opaque token"]}
	check := func(names ...string) func(t *testing.T, w *watch) {
		return func(t *testing.T, w *watch) {
			for _, name := range names {
				for _, value := range slices.DeleteFunc(markedHeaders(), afterLetter.MatchString) {
					x := answer("{}")
					x.Header[name] = []string{w.put(value)}
					w.check(t, x, contracts, name+": "+value)
				}
			}
			require.Positive(t, w.findings)
		}
	}
	eachOf(t, maskable(), check("X-Text", "X-Word", "X-Number", "X-List", "X-Pairs", "X-Exploded", "X-Json", "Location", "Set-Cookie",
		"Content-Type", "Content-Length", "Content-Encoding", "Authorization"))
	eachOf(t, cookies, check("Set-Cookie", "Cookie", "Authorization"))
}
