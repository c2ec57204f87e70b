package contract_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
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
	cut.Truncated = true
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
