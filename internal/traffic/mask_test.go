package traffic_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

// used are secrets wherever they stand: they look like ones, or the exchange uses them as such. The others are secrets because
// they stand in a link.
var (
	used = []string{"sk_live_planted", "bearer-planted", "cookie-planted", "query-planted-here", "query planted here", "password-planted", "basic-planted",
		"apikey-planted", "setcookie-planted", "custom-planted"}
	linked = []string{"signature-planted", "fragment-planted"}
)

func TestSecretsAreNotWritten(t *testing.T) {
	t.Parallel()
	u, err := url.Parse("https://me:password-planted@api.roughy.ai/v1/renders/sk_live_planted?q=query-planted-here&r=query+planted+here#fragment-planted=1")
	require.NoError(t, err)
	everything := strings.Join(used, " ")
	escaped := strings.NewReplacer("s", `\u0073`, "planted", `pl\u0061nted`, "/", `\/`)
	body := `{"n": 1.0, "links": ["https://h/a?sig=signature-planted", "https:\/\/h\/?x=signature-planted", "https:\u002f\u002fh\u002fa?sig=signature-planted", ` +
		`"?next=signature-planted", "page?next=signature-planted", "//me:password-planted@h/", "https://h/#token=fragment-planted"], "all": "` + everything + `", "escaped": "` +
		escaped.Replace(everything) + `", "sk_live_planted": "Bearer signature-planted", "inner": "{\"a\":\"sk\\u005flive_planted https:\\/\\/h\\/?sig\u003dsignature-planted\"}"}`
	e := traffic.Entry{
		Exchange: contract.Exchange{Method: "GET", URL: u, Status: 200, Body: []byte(body), Header: http.Header{
			"Content-Type": {"application/json; a=sk_live_planted"}, "Set-Cookie": {"a=setcookie-planted; Path=/", `b="setcookie-planted"`},
			"Location": {"/a?sig=signature-planted", "?signature-planted", "https://me:password-planted@h/#a=fragment-planted"}, "Link": {"<?sig=signature-planted>; rel=next"},
			"X-All": {everything}, "X-Custom-Token": {"custom-planted"}, "Refresh": {"0; url=/?signature-planted"}, "Www-Authenticate": {"Bearer sk_live_planted"},
			"Sk_live_planted": {"x"},
		}},
		Request: http.Header{"Authorization": {"Bearer bearer-planted"}, "Cookie": {"a=cookie-planted; b=x"}, "X-Api-Key": {"apikey-planted"},
			"Proxy-Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("me:basic-planted"))}, "X-Custom-Token": {"custom-planted"},
			"Referer": {"https://h/?q=signature-planted"}, "X-All": {everything}},
	}
	problem := e
	problem.Status, problem.Problem = 0, everything+" https://h/?a=signature-planted"
	packedToo := e
	packedToo.Header = e.Header.Clone()
	packedToo.Header.Set("Content-Encoding", "gzip")
	packedToo.Body = packed(t, "gzip", body)
	broken := e
	broken.Body = []byte(strings.ReplaceAll(body, `\`, "") + "}")
	plain := e
	plain.Header = e.Header.Clone()
	plain.Header.Set("Content-Type", "text/plain")
	plain.Body = []byte(everything + "\nhttps://h/?signature-planted https://me:password-planted@h/")
	misstated := plain
	misstated.Header = plain.Header.Clone()
	misstated.Header.Set("Content-Length", "3")
	for name, e := range map[string]traffic.Entry{"JSON": e, "a problem": problem, "packed JSON": packedToo, "broken JSON": broken, "a text": plain, "a text in base64": misstated} {
		text := written(t, e)
		back := read(t, text, traffic.HAR)
		require.Len(t, back, 1, name)
		for _, part := range []string{text, string(back[0].Body)} {
			for _, secret := range slices.Concat(used, linked) {
				require.NotContains(t, part, secret, name)
				require.NotContains(t, part, url.QueryEscape(secret), name)
			}
		}
		if e.Problem == "" {
			require.NotEmpty(t, back[0].Body, name)
		}
	}
}

func TestMaskedJSONStaysAsItIsWritten(t *testing.T) {
	t.Parallel()
	e := answer(t, "{ \"a\" : 1.00,\n\t\"b\":\"\\u0041 \\\"\", \"a\":\"sk_live_1\", \"u\":\"https://h/a?x=1\", \"state\":\"completed\", \"\\ud800\":1e5 }")
	back := read(t, written(t, e), traffic.HAR)[0]
	require.Equal(t, "{ \"a\" : 1.00,\n\t\"b\":\"\\u0041 \\\"\", \"a\":\"…\", \"u\":\"https://h/a?%E2%80%A6\", \"state\":\"completed\", \"\\ud800\":1e5 }", string(back.Body))
	again := read(t, written(t, back), traffic.HAR)[0]
	require.Equal(t, back.Body, again.Body, "masked twice")
}

func TestAnOrdinaryWordOfTheQueryStays(t *testing.T) {
	t.Parallel()
	e := answer(t, `{"format":"mp4"}`)
	e.URL.RawQuery = "format=mp4&format="
	require.Contains(t, written(t, e), `{\"format\":\"mp4\"}`)
	require.Contains(t, written(t, e), `"url":"`+renderURL+`?%E2%80%A6"`)
}

// Whatever a body is, no key in it is written: not as it is, and not as JSON reads it.
func FuzzWriter(f *testing.F) {
	for _, seed := range []string{render(), `{"a":"\u0073k_live_1"}`, `["{\"a\":\"\\u0073k_\"}"]`, "sk_live_1 \xff", "\xef\xbb\xbf{}", `"\ud800"`} {
		f.Add([]byte(seed), "application/json", "")
		f.Add([]byte(seed), "text/plain", "7")
	}
	f.Fuzz(func(t *testing.T, body []byte, kind, length string) {
		e := answer(t, "")
		e.Header = http.Header{"Content-Type": {kind}}
		if length != "" {
			e.Header.Set("Content-Length", length)
		}
		e.Body = body
		e.URL.RawQuery = "key=planted-secret"
		back := read(t, written(t, e), traffic.HAR)
		require.Len(t, back, 1)
		require.Empty(t, back[0].Problem)
		require.NotContains(t, string(back[0].Body), "planted-secret")
		if back[0].Unseen == "" && !bytes.Contains(back[0].Body, []byte("…")) && !bytes.Contains(back[0].Body, []byte("%E2%80%A6")) {
			require.Equal(t, string(body), string(back[0].Body))
		}
	})
}

// A query's words are what the answer was asked for, and may say.
func TestWordsOfAQueryStayInTheBody(t *testing.T) {
	t.Parallel()
	e := answer(t, `{"state":"completed"}`)
	e.URL.RawQuery = "state=completed&api_key=hunter2"
	e.Header.Set("X-Echo", "hunter2")
	text := written(t, e)
	require.Contains(t, text, `{\"state\":\"completed\"}`)
	require.NotContains(t, text, "hunter2")
}
