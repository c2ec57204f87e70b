package traffic_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

func TestHAREntryIsReadWhole(t *testing.T) {
	t.Parallel()
	e := read(t, "\xef\xbb\xbf"+`{"log":{"creator":{"name":"x"},"pages":[{"id":"p"}],"entries":[
		{"_initiator":{"stack":[1,2]},"time":12.5,
		 "response":{"content":{"text":"{\"a\": \"\u00e4\ud83d\ude00\\n\"}","mimeType":"application/json","size":20},"_error":null,
			"headers":[{"value":"application/json; charset=utf-8","name":"content-type"},{"name":":status","value":"200"},{"name":"link","value":"</a>"},
				{"name":"Link","value":"</b>"},{"name":"set-cookie","value":"a=1\nb=2"}],"status":200},
		 "startedDateTime":"2026-10-01T12:00:00.250+02:00",
		 "request":{"headers":[{"name":"AUTHORIZATION","value":"Bearer x"}],"url":"`+renderURL+`?x=1","method":"GET","cookies":[]}}
	],"comment":""}}`, traffic.HAR)[0]
	require.Equal(t, 1, e.Number)
	require.Equal(t, "GET", e.Method)
	require.Equal(t, renderURL+"?x=1", e.URL.String())
	require.Equal(t, 200, e.Status)
	require.Equal(t, http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Link": {"</a>", "</b>"}, "Set-Cookie": {"a=1", "b=2"}}, e.Header)
	require.Equal(t, http.Header{"Authorization": {"Bearer x"}}, e.Request)
	require.Equal(t, `{"a": "ä😀\n"}`, string(e.Body))
	require.Empty(t, e.Unseen)
	require.Empty(t, e.Problem)
	require.True(t, e.Sent.Equal(time.Date(2026, 10, 1, 10, 0, 0, 250e6, time.UTC)))
	require.Equal(t, e.Elapsed, e.Answered.Sub(e.Sent))
	require.Equal(t, 12500*time.Microsecond, e.Elapsed)
}

func TestTimesAsToolsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"2026-10-01T12:00:00.5Z"`: "2026-10-01T12:00:00.5Z", `"2026-10-01T12:00:00+0200"`: "2026-10-01T10:00:00Z", `"2026-10-01T12:00:00"`: "2026-10-01T12:00:00Z",
		`"2026-10-01 12:00:00.25-01:00"`: "2026-10-01T13:00:00.25Z", `"yesterday"`: "0001-01-01T00:00:00Z", `17`: "0001-01-01T00:00:00Z", `null`: "0001-01-01T00:00:00Z",
	} {
		e := read(t, har(`{"startedDateTime":`+text+`,"time":"x","request":{"method":"GET","url":"/"},"response":{"status":204}}`), traffic.HAR)[0]
		require.Equal(t, want, e.Sent.UTC().Format(time.RFC3339Nano), text)
		require.Empty(t, e.Problem, text)
		require.Zero(t, e.Elapsed)
	}
}

func TestHeadersOfOneEntryAreNotThoseOfTheNext(t *testing.T) {
	t.Parallel()
	lists := []string{`{"name":"a","value":"1"},{"name":"b","value":"2"}`, `{"name":"a","value":"1"},{"name":"b","value":"3"}`,
		`{"name":"b","value":"1"},{"name":"B","value":"2"}`, ``, `{"name":"a","value":"1"}`, `{"name":"a","value":"1"},{"name":"b","value":"2"},{"name":"c","value":""}`,
		`{"name":"content-length","value":"1"},{"name":"a","value":"4"}`, `{"name":"a","value":"5"}`}
	var entries []string
	for _, list := range lists {
		entries = append(entries, `{"request":{"method":"GET","url":"/","headers":[`+list+`]},"response":{"status":200,"headers":[`+list+`],"content":{"size":1,"text":"x"}}}`)
	}
	want := []http.Header{{"A": {"1"}, "B": {"2"}}, {"A": {"1"}, "B": {"3"}}, {"B": {"1", "2"}}, {}, {"A": {"1"}}, {"A": {"1"}, "B": {"2"}, "C": {""}}, {"A": {"4"}}, {"A": {"5"}}}
	for i, e := range read(t, har(entries...), traffic.HAR) {
		require.Equal(t, want[i], e.Header, i)
	}
}

func TestMembersThatStandAgainAreReadAgain(t *testing.T) {
	t.Parallel()
	entries := read(t, har(
		`{"request":{"x":1,"url":"/a","method":"GET"},"response":{"status":204,"y":1}}`,
		`{"request":{"x":12,"url":"/b","method":"GET"},"response":{"status":205,"y":10}}`,
		`{"request":{"x":12,"method":"PUT","url":"/c"},"response":{"status":206,"y":10,"status":207}}`,
	), traffic.HAR)
	require.Len(t, entries, 3)
	for i, want := range []string{"GET /a 204", "GET /b 205", "PUT /c 207"} {
		e := entries[i]
		require.Equal(t, want, fmt.Sprint(e.Method, " ", e.URL, " ", e.Status))
	}
}

func TestBodyOfAHAR(t *testing.T) {
	t.Parallel()
	gz, br, plain := packed(t, "gzip", `{"a":1}`), packed(t, "br", `{"a":1}`), base64.StdEncoding.EncodeToString([]byte(`{"a":1}`))
	headers := func(coding string) string {
		return `"status":200,"headers":[{"name":"Content-Type","value":"application/json"},{"name":"Content-Encoding","value":"` + coding +
			`"},{"name":"Content-Length","value":"99"},{"name":"Transfer-Encoding","value":"chunked"}],`
	}
	for _, c := range []struct {
		name, response string
		body           string
		keeps          bool // the headers that speak of the bytes
	}{
		{"a text is decoded", headers("gzip") + `"content":{"size":7,"text":"{\"a\":1}"}`, `{"a":1}`, false},
		{"base64 that is still packed", headers("gzip") + `"content":{"size":7,"text":"` + base64.StdEncoding.EncodeToString(gz) + `","encoding":"base64"}`, string(gz), true},
		{"base64 that is unpacked", headers("gzip") + `"content":{"size":7,"encoding":"base64","text":"` + plain + `"}`, `{"a":1}`, false},
		{"br that is still packed", headers("br") + `"content":{"size":7,"text":"` + base64.StdEncoding.EncodeToString(br) + `","encoding":"base64"}`, string(br), true},
		{"br that is unpacked", headers("br") + `"content":{"size":7,"text":"` + plain + `","encoding":"base64"}`, `{"a":1}`, false},
		{"deflate that is unpacked", headers("deflate") + `"content":{"size":7,"text":"` + plain + `","encoding":"base64"}`, `{"a":1}`, false},
		{"an encoding that nobody knows", headers("x") + `"content":{"size":7,"text":"` + plain + `","encoding":"base64"}`, `{"a":1}`, true},
		{"zstd that is unpacked", headers("zstd") + `"content":{"size":7,"text":"` + plain + `","encoding":"base64"}`, `{"a":1}`, false},
		{"base64 over lines", headers("identity") + `"content":{"size":7,"text":"` + plain[:4] + `\r\n` + plain[4:] + `\n","encoding":"BASE64"}`, `{"a":1}`, true},
	} {
		e := one(t, "GET", c.response)
		require.Empty(t, e.Problem, c.name)
		require.Empty(t, e.Unseen, c.name)
		require.Equal(t, c.body, string(e.Body), c.name)
		for _, name := range []string{"Content-Encoding", "Content-Length", "Transfer-Encoding"} {
			require.Equal(t, c.keeps, e.Header.Get(name) != "", "%s: %s", c.name, name)
		}
		require.Equal(t, "application/json", e.Header.Get("Content-Type"))
	}
}

func TestBodyThatIsNotThere(t *testing.T) {
	t.Parallel()
	const length = `"headers":[{"name":"Content-Length","value":"9"}],`
	for _, c := range []struct {
		name, method, response string
		want                   contract.Unseen
	}{
		{"left out", "GET", `"status":200,"content":{"size":9}`, contract.Unrecorded},
		{"left out as an empty text", "GET", `"status":200,"content":{"size":9,"text":""}`, contract.Unrecorded},
		{"left out, by the bytes that came", "GET", `"status":200,"content":{"size":0},"bodySize":9`, contract.Unrecorded},
		{"left out, by its length", "GET", `"status":200,` + length + `"content":{"size":0}`, contract.Unrecorded},
		{"of unknown size", "GET", `"status":200,"content":{"size":-1},"bodySize":-1`, contract.Unrecorded},
		{"without content", "GET", `"status":200`, contract.Unrecorded},
		{"empty", "GET", `"status":200,"content":{"size":0},"bodySize":-1`, ""},
		{"empty beside an error that is none", "GET", `"status":200,"content":{"size":0},"_error":""`, ""},
		{"an empty text", "GET", `"status":200,"content":{"size":0,"text":""}`, ""},
		{"an empty text with a length", "GET", `"status":200,` + length + `"content":{"size":0,"text":"","encoding":"base64"}`, ""},
		{"of HEAD", "HEAD", `"status":200,` + length + `"content":{"size":9}`, ""},
		{"of 204", "GET", `"status":204,"content":{"size":-1}`, ""},
		{"of 304", "GET", `"status":304,"content":{"size":9},"bodySize":9`, ""},
		{"broken off", "GET", `"status":200,"content":{"size":9,"text":"{"},"_error":"net::ERR_CONTENT_LENGTH_MISMATCH"`, contract.Cut},
		{"broken off by the client", "GET", `"status":200,"content":{"size":9},"_error":"net::ERR_ABORTED"`, contract.Closed},
	} {
		e := one(t, c.method, c.response)
		require.Empty(t, e.Problem, c.name)
		require.Equal(t, c.want, e.Unseen, c.name)
	}
}

func TestContentTypeIsTheHeaders(t *testing.T) {
	t.Parallel()
	const content = `"content":{"size":2,"mimeType":"application/json","text":"{}"}`
	require.Equal(t, "application/json", one(t, "GET", `"status":200,"headers":[],`+content).Header.Get("Content-Type"))
	require.Empty(t, one(t, "GET", `"status":200,"headers":[{"name":"A","value":"b"}],`+content).Header.Get("Content-Type"))
	require.Empty(t, one(t, "GET", `"status":200,"headers":[{"name":"content-length","value":"2"}],`+content).Header)
	require.Empty(t, one(t, "GET", `"status":200,"headers":[],`+strings.Replace(content, "application/json", "x-unknown", 1)).Header)
}

func TestEntryWithoutAnAnswerSaysWhy(t *testing.T) {
	t.Parallel()
	request := `"request":{"method":"GET","url":"` + renderURL + `"}`
	for _, c := range []struct{ name, entry, want string }{
		{"status 0", `{` + request + `,"response":{"status":0}}`, "no answer was recorded"},
		{"an error", `{` + request + `,"response":{"status":0,"_error":"net::ERR_CONNECTION_REFUSED"}}`, "net::ERR_CONNECTION_REFUSED"},
		{"a failure", `{` + request + `,"response":{"status":-1,"_failureText":"blocked"}}`, "blocked"},
		{"an error with a key", `{` + request + `,"response":{"status":0,"_error":"sk_live_1 refused"}}`, "… refused"},
		{"no response", `{` + request + `}`, "no answer was recorded"},
		{"response null", `{` + request + `,"response":null}`, "no answer was recorded"},
		{"a response of the wrong type", `{` + request + `,"response":[]}`, "response is no object"},
		{"a status of the wrong type", `{` + request + `,"response":{"status":"200"}}`, "response.status is no HTTP status"},
		{"no status of HTTP", `{` + request + `,"response":{"status":20000}}`, "response.status is no HTTP status"},
		{"no request", `{"response":{"status":204}}`, "no URL"},
		{"no method", `{"request":{"url":"/"},"response":{"status":204}}`, "no method"},
		{"a bad URL", `{"request":{"method":"GET","url":"http://[::1"},"response":{"status":204}}`, "a URL that cannot be read"},
		{"a URL of the wrong type", `{"request":{"method":"GET","url":{}},"response":{"status":204}}`, "request.url is no text"},
		{"headers of the wrong type", `{` + request + `,"response":{"status":204,"headers":{}}}`, "response.headers is no list"},
		{"a header of the wrong type", `{` + request + `,"response":{"status":204,"headers":[[]]}}`, "a header is no object"},
		{"a value of the wrong type", `{` + request + `,"response":{"status":204,"headers":[{"name":"A","value":1}]}}`, "a header's value is no text"},
		{"headers without end", `{` + request + `,"response":{"status":204,"headers":[{"name":"A","value":"` + strings.Repeat("x", 2<<20) + `"}]}}`, "over 1 MiB of headers"},
		{"a text of the wrong type", `{` + request + `,"response":{"status":200,"content":{"text":{}}}}`, "response.content.text is no text"},
		{"base64 that is none", `{` + request + `,"response":{"status":200,"content":{"text":"!","encoding":"base64"}}}`, "a body in base64 that is no base64"},
		{"no object", `17`, "the entry is no object"},
	} {
		good := `{` + request + `,"response":{"status":204}}`
		entries := read(t, har(good, c.entry, good), traffic.HAR)
		require.Len(t, entries, 3, c.name)
		require.Equal(t, c.want, entries[1].Problem, c.name)
		require.Zero(t, entries[1].Status, c.name)
		require.NotNil(t, entries[1].URL, c.name)
		require.Equal(t, 204, entries[2].Status, c.name)
		require.Empty(t, entries[2].Problem, c.name)
	}
}

func TestWhatIsNoExchangeIsLeftOut(t *testing.T) {
	t.Parallel()
	entry := func(url, more string) string {
		return `{"request":{"method":"GET","url":"` + url + `"},"response":{"status":204}` + more + `}`
	}
	entries := read(t, har(entry("wss://h/", ""), entry("data:text/plain,x", ""), entry("http://h/", `,"_webSocketMessages":[]`), entry("http://h/", "")), traffic.HAR)
	require.Len(t, entries, 1)
	require.Equal(t, 4, entries[0].Number)
}

func TestTextsThatAreNoUTF8StayThat(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"half a pair": `\ud83d`, "the other half": `\ude00`, "two first halves": `\ud83d\ud83d\ude00`, "a raw byte": "\xff"} {
		e := one(t, "GET", `"status":200,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":1,"text":"{\"state\":\"`+text+`\"}"}`)
		report := ours(t).Check(e.Exchange)
		require.Equal(t, contract.Violation, report.Verdict, name)
		require.Equal(t, "json-syntax", report.Findings[0].Rule, name)
	}
}

func TestBodyOverTheCapIsNotKept(t *testing.T) {
	t.Parallel()
	at, over := strings.Repeat("x", contract.DefaultCap), strings.Repeat("x", contract.DefaultCap+1)
	encoded := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for _, c := range []struct {
		name, content string
		kept          int
	}{
		{"a text at the cap", `"text":"` + at + `"`, len(at)},
		{"a text over it", `"text":"` + over + `"`, 0},
		{"base64 at the cap", `"encoding":"base64","text":"` + encoded(at) + `"`, len(at)},
		{"base64 over it", `"text":"` + encoded(over) + `","encoding":"base64"`, 0},
		{"base64 far over it", `"text":"` + encoded(over+over) + `","encoding":"base64"`, 0},
	} {
		e := one(t, "GET", `"status":200,"content":{"size":1,`+c.content+`}`)
		require.Empty(t, e.Problem, c.name)
		require.Len(t, e.Body, c.kept, c.name)
		require.Equal(t, c.kept == 0, e.Unseen == contract.OverCap, c.name)
	}
}
