package contract_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/racetest"
)

// rules is what a report says, one rule and pointer a finding.
func rules(r contract.Report) []string {
	out := []string{}
	for _, f := range r.Findings {
		out = append(out, strings.TrimSpace(f.Rule+" "+f.Pointer))
	}
	return out
}

func TestBodyHasToBeExactlyOneJSONValue(t *testing.T) {
	t.Parallel()
	with := func(old, new string) string { return strings.Replace(render, old, new, 1) }
	cases := map[string]struct {
		body string
		want string
	}{
		"bytes after the value":         {render + " x", "json-syntax"},
		"a second document":             {render + render, "json-syntax"},
		"a zero byte at the end":        {render + "\x00", "json-syntax"},
		"a byte order mark":             {"\xef\xbb\xbf" + render, "json-syntax"},
		"invalid UTF-8":                 {with("completed", "\xff"), "json-syntax /state"},
		"an overlong encoding":          {with("completed", "\xc0\xaf"), "json-syntax /state"},
		"a lone surrogate":              {with("completed", `\ud800`), "json-syntax /state"},
		"a raw control character":       {with("completed", "\x01"), "json-syntax /state"},
		"a raw line break in a string":  {with("completed", "a\nb"), "json-syntax /state"},
		"a leading zero":                {with("123", "0123"), "json-syntax /size_bytes"},
		"a leading plus":                {with("123", "+123"), "json-syntax /size_bytes"},
		"no number":                     {with("123", "NaN"), "json-syntax /size_bytes"},
		"a hexadecimal number":          {with("123", "0x1"), "json-syntax /size_bytes"},
		"single quotes":                 {with(`"completed"`, `'completed'`), "json-syntax /state"},
		"a comma too many":              {with("null}", "null,}"), "json-syntax /download_url"},
		"a comment":                     {"/**/" + render, "json-syntax"},
		"the end too early":             {render[:len(render)-1], "json-syntax /download_url"},
		"white space alone":             {" \n", "json-syntax"},
		"a name twice":                  {with(`"state"`, `"state":"failed","state"`), "json-duplicate /state"},
		"a name twice, once escaped":    {with(`"state"`, `"st\u0061te":"failed","state"`), "json-duplicate /state"},
		"a name twice further in":       {with(`"format"`, `"format":"mp3","format"`), "json-duplicate /output/format"},
		"white space around the value":  {"\r\n\t " + render + "\n", ""},
		"an escaped surrogate pair":     {with(`"error_message":null`, `"error_message":"\ud83d\ude00"`), ""},
		"an integer written as decimal": {with("123", "123.0"), ""},
		"an integer with an exponent":   {with("123", "1.23E+2"), ""},
		"nothing to a high power":       {with("123", "-0.0e99999999999999999999"), ""},
		"one to a high power":           {with("29.97", "1e9999"), "schema.format /output/frame_rate,unchecked.number /output/frame_rate"},
		"the largest 64 bit integer":    {with("123", "9223372036854775807"), ""},
		"one more than that":            {with("123", "9223372036854775808"), "schema.format /size_bytes"},
		"the smallest 64 bit integer":   {with("123", "-9223372036854775808"), ""},
		"a fraction beyond 2 to the 53": {with("123", "9007199254740993.5"), "schema.type /size_bytes"},
		"a number over the double":      {with("29.97", "1e400"), "schema.format /output/frame_rate"},
		"a name in another case":        {with(`"state"`, `"State"`), "undocumented-field /State,schema.required /state"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, strings.Join(rules(ours(t).Check(answer(c.body))), ","))
		})
	}
}

func TestNesting(t *testing.T) {
	t.Parallel()
	nested := func(n int) contract.Exchange {
		return answer(strings.Replace(render, "29.97", strings.Repeat("[", n)+strings.Repeat("]", n), 1))
	}
	c := ours(t)
	require.Equal(t, []string{"schema.type /output/frame_rate"}, rules(c.Check(nested(1_000))))
	require.Equal(t, []string{"unchecked.size", "schema.type /output/frame_rate"}, rules(c.Check(nested(9_998))))
	require.Equal(t, []string{"unchecked.depth"}, rules(c.Check(nested(9_999))))
	require.Equal(t, contract.Unchecked, c.Check(nested(5_000_000)).Verdict)
}

func TestContentEncodingIsUndone(t *testing.T) {
	t.Parallel()
	pack := func(body string, to func(io.Writer) io.WriteCloser) string {
		var b bytes.Buffer
		w := to(&b)
		_, err := io.WriteString(w, body)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return b.String()
	}
	zip := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	wrap := func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }
	bare := func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 9); return f }
	br := func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }
	cases := map[string]struct {
		encoding, body string
		want           []string
	}{
		"gzip":                    {"gzip", pack(render, zip), []string{}},
		"gzip in capitals":        {"GZIP", pack(render, zip), []string{}},
		"deflate":                 {"deflate", pack(render, wrap), []string{}},
		"deflate without a frame": {"deflate", pack(render, bare), []string{}},
		"brotli":                  {"br", pack(render, br), []string{}},
		"brotli over gzip":        {"gzip, br", pack(pack(render, zip), br), []string{}},
		"identity":                {"identity", render, []string{}},
		"a defect inside gzip":    {"gzip", pack(stateless, zip), []string{"schema.required /state"}},
		"bytes after the gzip":    {"gzip", pack(render, zip) + "x", []string{"body"}},
		"bytes after the deflate": {"deflate", pack(render, wrap) + "x", []string{"body"}},
		"bytes after the brotli":  {"br", pack(render, br) + "x", []string{"body"}},
		"no gzip at all":          {"gzip", render, []string{"body"}},
		"half of the gzip":        {"gzip", pack(render, zip)[:60], []string{"body"}},
		"nothing inside gzip":     {"gzip", pack("", zip), []string{"body"}},
		"an encoding from afar":   {"compress", render, []string{"unchecked.content-encoding"}},
		"a bomb":                  {"gzip", pack(strings.Repeat(" ", contract.DefaultCap+1), zip), []string{"unchecked.cap"}},
		"a bomb of deflate":       {"deflate", pack(strings.Repeat(" ", contract.DefaultCap+1), wrap), []string{"unchecked.cap"}},
		"a bomb of brotli":        {"br", pack(strings.Repeat(" ", contract.DefaultCap+1), br), []string{"unchecked.cap"}},
		"a bomb inside of another": {"gzip, deflate, br", pack(pack(pack(strings.Repeat(" ", contract.DefaultCap+1), zip), bare), br),
			[]string{"unchecked.cap"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := answer(c.body)
			x.Header.Set("Content-Encoding", c.encoding)
			x.Header.Set("Content-Length", strconv.Itoa(len(c.body)))
			require.Equal(t, c.want, rules(ours(t).Check(x)))
		})
	}
}

func TestLengthAndCap(t *testing.T) {
	t.Parallel()
	c := ours(t)
	short := answer(render[:300])
	short.Header.Set("Content-Length", strconv.Itoa(len(render)))
	require.Equal(t, []string{"body"}, rules(c.Check(short)), "what is cut off is one defect")

	wrong := answer(stateless)
	wrong.Header.Set("Content-Length", "9999")
	require.Equal(t, []string{"body", "schema.required /state"}, rules(c.Check(wrong)), "a whole body is judged all the same")

	none := answer("")
	none.Header.Set("Content-Length", "5")
	require.Equal(t, []string{"body"}, rules(c.Check(none)))

	length := strconv.Itoa(len(render))
	twice := answer(render)
	twice.Header["Content-Length"] = []string{length, length + ", " + length}
	require.Empty(t, c.Check(twice).Findings, "RFC 9110: the same number may be repeated")
	twice.Header.Add("Content-Length", "1")
	require.Equal(t, []string{"header Content-Length"}, rules(c.Check(twice)))

	cut := answer(render[:300])
	cut.Unseen = contract.OverCap
	cut.Header.Set("Content-Type", "text/html")
	require.Equal(t, []string{"content-type", "unchecked.cap"}, rules(c.Check(cut)))
}

// That they take no long time either is what go test's own limit sees to.
func TestHostileBodiesAreJudgedWithinBounds(t *testing.T) {
	t.Parallel()
	const spec = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"x",
		"content":{"application/json":{"schema":{"$ref":"#/components/schemas/N"}}}}}}}},"components":{"schemas":{
		"N":{"type":["object","array","number"],"items":{"type":"integer","minimum":3},"uniqueItems":true,"required":["v"],
		"properties":{"n":{"anyOf":[{"$ref":"#/components/schemas/N"},{"type":"null"}]}}}}}}`
	c, err := contract.Load("n.json", []byte(spec))
	require.NoError(t, err)
	cases := map[string]struct {
		body    string
		verdict contract.Verdict
		listed  int
	}{
		"powers of ten":            {"[" + strings.Repeat("1e999,", 20_000) + "1]", contract.Violation, 2},
		"exponents out of reach":   {"[" + strings.Repeat("1e999999999,", 20_000) + "1]", contract.Violation, 100},
		"one very long number":     {"[" + strings.Repeat("9", 1_000_000) + "]", contract.Unchecked, 1},
		"nested alternatives":      {strings.Repeat(`{"n":`, 2_000) + "null" + strings.Repeat("}", 2_000), contract.Violation, 2},
		"nested twice as often":    {strings.Repeat(`{"v":1,"n":`, 4_900) + "null" + strings.Repeat("}", 4_900), contract.Warning, 100},
		"many small defects":       {"[" + strings.Repeat("1,", 500_000) + "3]", contract.Violation, 100},
		"many undocumented fields": {"{" + strings.Repeat(`"x":1,`, 100_000) + `"v":1}`, contract.Violation, 3},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := answer(tt.body)
			x.URL = x.URL.JoinPath("../../../a")
			r := c.Check(x)
			require.Equal(t, tt.verdict, r.Verdict)
			require.Len(t, r.Findings, tt.listed)
			require.Equal(t, tt.listed == 100, r.Omitted > 0, "omitted: %d", r.Omitted)
		})
	}
}

// What fills the cap is judged too, as what it is or as too much, and takes a bounded multiple of the cap in memory.
func TestBodiesAtTheCapAreJudged(t *testing.T) { // alone, for it measures the memory of all that runs
	racetest.Skip(t)
	const most = 48 * contract.DefaultCap
	full := func(front, unit, back string) func() string {
		return func() string {
			return front + strings.Repeat(unit, (contract.DefaultCap-len(front)-len(back))/len(unit)) + back
		}
	}
	each := func(front string, n int, unit func(i string) string, back string) func() string {
		return func() string {
			var b strings.Builder
			b.WriteString(front)
			for i := range n {
				b.WriteString(unit(strconv.Itoa(i)))
			}
			return b.String() + back
		}
	}
	many := func(open string, n int, unit func(i string) string, closed string) string {
		return open + strings.TrimPrefix(each("", n, unit, closed)(), ",")
	}
	deep := func(open, middle, closed string, n int) func() string {
		return func() string { return strings.Repeat(open, n) + middle + strings.Repeat(closed, n) }
	}
	branches := many(`{"anyOf":[`, 30, func(i string) string { return `,{"maximum":1` + i + `}` }, "]}")
	member := func(i string) string { return `,"m` + i + `":1` }
	const itself, texts, unique = `{"$ref":"#/components/schemas/N"}`, `{"items":{"type":"string"}}`, `{"uniqueItems":true,"items":{"type":"string"}}`
	const named, nested = `{"type":"object","properties":{"a":{"type":"integer"}}}`, `{"properties":{"n":` + itself + `}}`
	cases := map[string]struct {
		schema  string
		body    func() string
		verdict contract.Verdict
		rule    string // of a finding
	}{
		"numbers for strings":                {texts, full("[", "1,", "1]"), contract.Violation, "schema.type"},
		"numbers for strings, each once":     {unique, full("[", "1,", "1]"), contract.Unchecked, "unchecked.size"},
		"objects without their member":       {`{"items":{"required":["m"]}}`, full("[", "{},", "{}]"), contract.Violation, "schema.required"},
		"arrays without an end":              {texts, full("", "[", ""), contract.Unchecked, "unchecked.depth"},
		"objects without an end":             {nested, full("", `{"n":`, ""), contract.Unchecked, "unchecked.depth"},
		"a million new names":                {named, each(`{"a":1`, 1_000_000, member, "}"), contract.Warning, "undocumented-field"},
		"one long name, over and over":       {named, full(`{"a":1`, `,"`+strings.Repeat("n", 5_000)+`":1`, "}"), contract.Violation, "json-duplicate"},
		"one new name of all letters":        {named, full(`{"`, "a", `":1}`), contract.Warning, "undocumented-field"},
		"names for patterns":                 {`{"patternProperties":{"^a*$":{"type":"string"},"b$":{}}}`, full(`{"`, "a", `":1}`), contract.Violation, "schema.type"},
		"numbers of many digits":             {`{"items":{"multipleOf":0.01}}`, full("[", strings.Repeat("7", 20)+".5,", "1]"), contract.Unchecked, "unchecked.size"},
		"numbers of too many digits":         {`{"items":{"type":"integer"}}`, full("[", strings.Repeat("7", 1001)+",", "1]"), contract.Unchecked, "unchecked.size"},
		"exponents out of reach":             {`{"items":{"type":"integer"}}`, full("[", "1e999999999,", "1]"), contract.Unchecked, "unchecked.size"},
		"one number":                         {`{"minimum":3}`, full("", "9", ""), contract.Unchecked, "unchecked.number"},
		"one string that breaks its pattern": {`{"pattern":"^[a-z]*$"}`, full(`"`, "a", `1"`), contract.Violation, "schema.pattern"},
		"one string that is no date-time":    {`{"format":"date-time"}`, full(`"`, "1", `"`), contract.Violation, "schema.format"},
		"one string that is no address":      {`{"format":"email"}`, full(`"`, "a", `@"`), contract.Violation, "schema.format"},
		"one string that is no URI":          {`{"format":"uri"}`, full(`"a:`, "a", `|"`), contract.Violation, "schema.format"},
		"one string that is no template":     {`{"format":"uri-template"}`, full(`"`, "{a,b}", `{"`), contract.Violation, "schema.format"},
		"white space":                        {named, full("", " ", "{}"), contract.OK, ""},
		"a fault at the end":                 {texts, full("[", `"a",`, "x"), contract.Violation, "json-syntax"},
		"objects for one of many branches": {many(`{"items":{"oneOf":[`, 30, func(i string) string { return `,{"required":["m` + i + `"]}` }, "]}}"),
			each("[{}", 20_000, func(i string) string { return `,{"m` + i + `":1}` }, "]"), contract.Violation, "schema.required"},
		"alternatives in alternatives": {`{"anyOf":[{"properties":{"n":` + itself + `},"required":["a"]},{"properties":{"n":` + itself + `},"required":["b"]}]}`,
			deep(`{"n":`, "{}", "}", 400), contract.Violation, "schema.unlisted"},
		"conditions in conditions": {`{"if":` + nested + `,"then":` + nested + "}", deep(`{"n":`, "{}", "}", 40), contract.Unchecked, "unchecked.size"},
		"sets of schemas that multiply": {many(`{"allOf":[`, 12, func(i string) string {
			return `,{"anyOf":[{"properties":{"n":` + itself + `,"a` + i + `":{}}},{"properties":{"n":{"minProperties":` + i + "}}}]}"
		}, "]}"), deep(`{"n":`, "{}", "}", 40), contract.Unchecked, "unchecked.size"},

		"values that fit none of many branches": {`{"uniqueItems":true,"items":` + branches + "}",
			func() string { return "[" + strings.Repeat("200,", 80_000) + "200]" }, contract.Unchecked, "unchecked.size"},
		"values that fit the last of many branches": {`{"contains":{},"items":` + branches + "}",
			func() string { return "[" + strings.Repeat("129,", 990_000) + "129]" }, contract.Unchecked, "unchecked.size"},
		"numbers of a thousand digits by ten": {`{"contains":{},"items":{"type":"number","multipleOf":1e-300}}`,
			func() string { return "[" + strings.Repeat("1e1000,", 990_000) + "1]" }, contract.Unchecked, "unchecked.size"},
		"words that no long enum has": {many(`{"contains":{},"items":{"enum":[`, 300, func(i string) string { return "," + i }, "]}}"),
			func() string { return "[" + strings.Repeat("300,", 990_000) + "1]" }, contract.Unchecked, "unchecked.size"},
		"members left over by many branches": {many(`{"anyOf":[`, 30, func(i string) string { return `,{"properties":{"a` + i + `":{}}}` }, `],"unevaluatedProperties":{"type":"integer"}}`),
			each(`{"a":1`, 900_000, member, "}"), contract.Unchecked, "unchecked.size"},
		"alternatives around a wide end": {`{"properties":{"n":{"anyOf":[` + itself + `,{"type":["object","array"],"minProperties":3}]}}}`,
			deep(`{"n":`, "["+strings.Repeat("1,", 900_000)+"1]", "}", 4_900), contract.Unchecked, "unchecked.size"},
		"one name, over and over, far down": {nested,
			deep(`{"n":`, `{"x":1`+strings.Repeat(`,"x":1`, 1_700_000)+"}", "}", 9_990), contract.Violation, "json-duplicate"},
		"new names far down": {nested, deep(`{"n":`, each(`{"x":1`, 900_000, member, "}")(), "}", 9_990), contract.Warning, "undocumented-field"},
		"a long name above new ones": {`{"additionalProperties":` + named + "}",
			each(`{"`+strings.Repeat("a", 5_000_000)+`":{"x":1`, 400_000, member, "}}"), contract.Warning, "undocumented-field"},
		"a long regular expression":               {`{"format":"regex"}`, full(`"`, ".", `"`), contract.Unchecked, "unchecked.size"},
		"a pattern that is tried at every letter": {`{"pattern":"a.{300}b"}`, full(`"`, "a", `"`), contract.Unchecked, "unchecked.size"},
		"objects that many schemas share": {many(`{"contains":{},"items":{"allOf":[`, 500, func(i string) string { return `,{"properties":{"p` + i + `":{}}}` }, "]}}"),
			func() string { return "[" + strings.Repeat(`{"p1":1},`, 40_000) + "{}]" }, contract.Unchecked, "unchecked.size"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) { // one at a time, for each takes some memory
			c := load(t, []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/v1/renders/{id}":{"get":{"responses":{"200":{"description":"x",
				"content":{"application/json":{"schema":`+itself+`}}}}}}},"components":{"schemas":{"N":`+tt.schema+`}}}`))
			x := answer(tt.body())
			var r contract.Report
			require.Less(t, peak(func() { r = c.Check(x) }), uint64(most))
			require.Equal(t, tt.verdict, r.Verdict, lines(r))
			if tt.rule != "" {
				require.True(t, slices.ContainsFunc(r.Findings, func(f contract.Finding) bool { return f.Rule == tt.rule }), lines(r))
			}
		})
	}
}

// peak is how many bytes of memory are taken at most while something is done.
func peak(do func()) (most uint64) {
	heap := func() uint64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before := heap()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	for {
		most = max(most, heap())
		select {
		case <-done:
			return most - before
		case <-time.After(time.Millisecond):
		}
	}
}
