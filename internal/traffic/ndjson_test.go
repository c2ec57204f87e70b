package traffic_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

func TestLineIsReadWhole(t *testing.T) {
	t.Parallel()
	entries := read(t, "\n  \r\n"+`{"elapsed_ms":12.5,"started":"2026-10-01T12:00:00+02:00","more":{"a":[1]},"body":"{\"a\":1}","status":200,`+
		`"headers":{"content-type":"application/json","Link":["a","b"],"Content-Length":"99","x":null},"request_headers":{"cookie":"a=b"},"url":"`+renderURL+`","method":"PUT"}`+"\r\n\n"+
		`{"url":"/v1","status":204}`, traffic.NDJSON)
	require.Len(t, entries, 2)
	e := entries[0]
	require.Equal(t, 3, e.Number)
	require.Equal(t, "PUT", e.Method)
	require.Equal(t, renderURL, e.URL.String())
	require.Equal(t, http.Header{"Content-Type": {"application/json"}, "Link": {"a", "b"}}, e.Header)
	require.Equal(t, http.Header{"Cookie": {"a=b"}}, e.Request)
	require.Equal(t, `{"a":1}`, string(e.Body))
	require.True(t, e.Sent.Equal(time.Date(2026, 10, 1, 10, 0, 0, 0, time.UTC)))
	require.Equal(t, 12500*time.Microsecond, e.Elapsed)
	require.Equal(t, "GET", entries[1].Method)
	require.Equal(t, 5, entries[1].Number)
	require.Empty(t, entries[1].Header)
	require.Empty(t, entries[1].Body)
}

func TestALineMayBeAnEntryOfAHAR(t *testing.T) {
	t.Parallel()
	entry := `{"startedDateTime":"2026-10-01T10:00:00Z","time":12.5,"request":{"method":"PUT","url":"` + renderURL + `","headers":[{"name":"cookie","value":"a=b"}]},` +
		`"response":{"status":200,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":7,"mimeType":"application/json","text":"{\"a\":1}"}},` +
		`"timings":{"receive":2.5}}`
	want := read(t, `{"log":{"entries":[`+entry+`]}}`, traffic.HAR)
	require.Equal(t, `{"a":1}`, string(want[0].Body))
	require.Equal(t, want, read(t, entry+"\n", traffic.NDJSON))
	require.Equal(t, "no answer was recorded", read(t, `{"request":{"method":"GET","url":"/"},"response":7}`, traffic.NDJSON)[0].Problem)
}

func TestBodyOfALine(t *testing.T) {
	t.Parallel()
	gz := packed(t, "gzip", `{"a":1}`)
	long := strings.Repeat(" ", 200_000)
	for _, c := range []struct{ name, members, body, problem string }{
		{"none", `"status":200`, "", ""},
		{"null", `"status":200,"body":null`, "", ""},
		{"a text", `"status":200,"body":"null"`, "null", ""},
		{"an object as it is written", `"status":200,"body": {"b" : 1.0, "a":"\u0041"` + long + `} `, `{"b" : 1.0, "a":"\u0041"` + long + `}`, ""},
		{"an array", `"status":200,"body":[1,[]]`, `[1,[]]`, ""},
		{"a number", `"status":200,"body":1e2`, `1e2`, ""},
		{"bytes as they came", `"status":200,"body_base64":"` + base64.StdEncoding.EncodeToString(gz) + `"`, string(gz), ""},
		{"two", `"status":200,"body":"","body_base64":""`, "", "more than one body: give body or body_base64"},
		{"no base64", `"status":200,"body_base64":"%"`, "", "a body in base64 that is no base64"},
		{"no status", `"body":"x"`, "", "no answer was recorded"},
		{"an error", `"error":"reset by https://h/?key=1"`, "", "reset by https://h/?…"},
		{"headers of the wrong type", `"status":200,"headers":[]`, "", "headers is no object of texts"},
		{"a header of the wrong type", `"status":200,"headers":{"A":1}`, "", "headers is no object of texts"},
	} {
		e := read(t, `{"url":"/",`+c.members+`}`, traffic.NDJSON)[0]
		require.Equal(t, c.problem, e.Problem, c.name)
		require.Equal(t, c.body, string(e.Body), c.name)
	}
}

func TestHeadersOfALineBelongToItsBytes(t *testing.T) {
	t.Parallel()
	const headers = `{"url":"/","status":200,"headers":{"Content-Encoding":"gzip","Content-Length":"7"},`
	require.Empty(t, read(t, headers+`"body":"x"}`, traffic.NDJSON)[0].Header)
	require.Len(t, read(t, headers+`"body_base64":"eA=="}`, traffic.NDJSON)[0].Header, 2)
	e := read(t, headers+`"body":[`+strings.Repeat("1,", contract.DefaultCap)+`1]}`, traffic.NDJSON)[0]
	require.Equal(t, contract.OverCap, e.Unseen)
}

// A line is handed on as soon as it is there, so that a program that writes them can be watched.
func TestLineIsNotHeldBack(t *testing.T) {
	t.Parallel()
	from, to := io.Pipe()
	r, err := traffic.Open("-", from, traffic.NDJSON)
	require.NoError(t, err)
	got := make(chan traffic.Entry)
	go func() {
		defer close(got)
		for e := range r.Entries() {
			got <- e.Clone()
		}
	}()
	for range 2 {
		_, err := io.WriteString(to, `{"url":"/a","status":204}`+"\n")
		require.NoError(t, err)
		require.Equal(t, 204, (<-got).Status)
	}
	require.NoError(t, to.Close())
	_, more := <-got
	require.False(t, more)
	require.NoError(t, r.Close())
}
