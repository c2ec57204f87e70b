package traffic_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

var creator = traffic.Creator{Name: "roughy", Version: "1"}

func written(t testing.TB, entries ...traffic.Entry) string {
	t.Helper()
	var out bytes.Buffer
	w := traffic.NewWriter(&out, creator)
	for _, e := range entries {
		require.NoError(t, w.Add(e))
	}
	require.NoError(t, w.Close())
	require.True(t, json.Valid(out.Bytes()))
	return out.String()
}

func answer(t testing.TB, body string) traffic.Entry {
	t.Helper()
	u, err := url.Parse(renderURL)
	require.NoError(t, err)
	return traffic.Entry{Exchange: contract.Exchange{Method: "GET", URL: u, Status: 200,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}, Request: http.Header{}}
}

func render() string {
	return renderBody("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90", time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC), false)
}

func TestHARIsWhole(t *testing.T) {
	t.Parallel()
	e := answer(t, render())
	e.Sent, e.Elapsed = time.Date(2026, 10, 1, 12, 0, 0, 5e6, time.UTC), 1500*time.Microsecond
	e.Header["Link"] = []string{"<a&b>", "<b>"}
	var out struct {
		Log struct {
			Version string
			Creator traffic.Creator
			Entries []map[string]any
		}
	}
	text := written(t, e, traffic.Entry{Problem: "connection refused by https://h/?k=1"})
	require.NoError(t, json.Unmarshal([]byte(text), &out))
	require.Equal(t, "1.2", out.Log.Version)
	require.Equal(t, creator, out.Log.Creator)
	require.Len(t, out.Log.Entries, 2)
	first, second := out.Log.Entries[0], out.Log.Entries[1]
	require.Equal(t, "2026-10-01T12:00:00.005Z", first["startedDateTime"])
	require.Equal(t, 1.5, first["time"])
	request, response := first["request"].(map[string]any), first["response"].(map[string]any)
	for _, name := range []string{"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"} {
		require.NotNil(t, request[name], name)
	}
	for _, name := range []string{"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"} {
		require.NotNil(t, response[name], name)
	}
	require.Equal(t, []any{map[string]any{"name": "Content-Type", "value": "application/json"}, map[string]any{"name": "Link", "value": "<a&b>"},
		map[string]any{"name": "Link", "value": "<b>"}}, response["headers"])
	response = second["response"].(map[string]any)
	require.Equal(t, 0.0, response["status"])
	require.Equal(t, "connection refused by https://h/?%E2%80%A6", response["_error"])
	require.Equal(t, `{"log":{"version":"1.2","creator":{"name":"roughy","version":"1"},"pages":[],"entries":[`+"\n]}}\n", written(t))
}

// What the contract says of an exchange, it says of the one that is read back.
func TestWrittenExchangeIsJudgedTheSame(t *testing.T) {
	t.Parallel()
	good := render()
	c := ours(t)
	header := func(pairs ...string) http.Header {
		h := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	length := fmt.Sprint(len(good))
	for _, x := range []struct {
		name   string
		header http.Header
		body   string
		change func(*traffic.Entry)
	}{
		{"clean", header("Content-Length", length), good, nil},
		{"broken", header(), strings.Replace(good, "processing", "lost", 1), nil},
		{"a member twice and a number as it is written", header(), strings.Replace(good, `"cut_id":null`, `"cut_id":null,"cut_id": null,"size":1.0e0`, 1), nil},
		{"escapes as they are written", header(), strings.Replace(good, `"state"`, `"\u0073tate"`, 1), nil},
		{"half a surrogate pair", header(), strings.Replace(good, "processing", `\ud800`, 1), nil},
		{"invalid UTF-8", header(), strings.Replace(good, "processing", "\xff", 1), nil},
		{"a byte order mark", header(), "\xef\xbb\xbf" + good, nil},
		{"two values", header(), good + good, nil},
		{"cut short", header("Content-Length", length), good[:100], nil},
		{"longer than it says", header("Content-Length", "7"), good, nil},
		{"a length that is no number", header("Content-Length", "x"), good, nil},
		{"two lengths", header("Content-Length", length, "Content-Length", "3"), good, nil},
		{"packed", header("Content-Encoding", "gzip"), string(packed(t, "gzip", good)), nil},
		{"packed with br and of another length", header("Content-Encoding", "br", "Content-Length", "9"), string(packed(t, "br", good)), nil},
		{"empty", header(), "", nil},
		{"empty with a length", header("Content-Length", "9"), "", nil},
		{"empty and packed", header("Content-Encoding", "gzip"), "", nil},
		{"no content type", http.Header{}, good, nil},
		{"another content type", http.Header{"Content-Type": {"video/mp4"}}, good, nil},
		{"another charset", http.Header{"Content-Type": {"application/json; charset=latin1"}}, good, nil},
		{"null", header(), "null", nil},
		{"an undocumented path", header(), good, func(e *traffic.Entry) { e.URL = e.URL.JoinPath("more") }},
		{"HEAD", header("Content-Length", length), "", func(e *traffic.Entry) { e.Method = "HEAD" }},
		{"HEAD with a body", header(), good, func(e *traffic.Entry) { e.Method = "HEAD" }},
		{"a status that has no body", http.Header{}, "", func(e *traffic.Entry) { e.Status = 204 }},
		{"an error", header(), `{"error":{"code":"not_found","message":"a\tb"}}`, func(e *traffic.Entry) { e.Status = 404 }},
		{"a page", http.Header{"Content-Type": {"text/html"}}, "<p>&amp;</p>", func(e *traffic.Entry) { e.Status = 502 }},
		{"left out", header(), "", func(e *traffic.Entry) { e.Unseen = contract.Unrecorded }},
	} {
		e := answer(t, x.body)
		e.Header = x.header
		if x.change != nil {
			x.change(&e)
		}
		want := said(c.Check(e.Exchange))
		back := read(t, written(t, e), traffic.HAR)
		require.Len(t, back, 1, x.name)
		require.Equal(t, want, said(c.Check(back[0].Exchange)), x.name)
		require.Equal(t, e.URL, back[0].URL, x.name)
	}
}

// said is a report without the numbers of bytes that a Content-Encoding changes.
func said(r contract.Report) (out []string) {
	for _, f := range r.Findings {
		out = append(out, fmt.Sprint(f.Severity, f.Rule, f.Layer, f.Pointer, f.Document))
	}
	return out
}

func TestBodiesThatAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, kind, coding, body, comment string }{
		{"a film", "video/mp4", "", "\x00\x01\xff", "no text"},
		{"bytes", "application/octet-stream", "", "\xff\xfe", "no text"},
		{"UTF-16", "text/plain; charset=utf-16", "", "s\x00k\x00_\x00", "no text"},
		{"JSON that is cut off and has escapes", "application/json", "", `{"a":"\u0073k_live_1`, "escapes"},
		{"a page with character references", "text/html", "", "&#115;k_live_1", "escapes"},
		{"a form", "application/x-www-form-urlencoded", "", "a=%73k_live_1", "escapes"},
		{"an encoding that nobody knows", "application/json", "zstd", `{}`, "Content-Encoding"},
		{"an encoding that is broken", "application/json", "gzip", `{}`, "Content-Encoding"},
	} {
		e := answer(t, c.body)
		e.Header = http.Header{"Content-Type": {c.kind}}
		if c.coding != "" {
			e.Header.Set("Content-Encoding", c.coding)
		}
		text := written(t, e)
		require.Contains(t, text, `"comment":"left out: `, c.name)
		require.Contains(t, text, c.comment, c.name)
		require.Contains(t, text, fmt.Sprintf(`"content":{"size":%d,"mimeType":%q,"comment"`, len(c.body), c.kind), c.name)
		require.Equal(t, contract.Unrecorded, read(t, text, traffic.HAR)[0].Unseen, c.name)
	}
}

func TestWriterTakesManyAtOnce(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := traffic.NewWriter(&out, creator)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				_ = w.Add(answer(t, render()))
			}
		})
	}
	wg.Wait()
	require.NoError(t, w.Close())
	require.Len(t, read(t, out.String(), traffic.HAR), 400)
	require.Error(t, w.Add(answer(t, "{}")))
	require.Error(t, w.Close())
}

func TestWriterKeepsItsError(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	w := traffic.NewWriter(refusing{full}, creator)
	require.ErrorIs(t, w.Add(answer(t, "{}")), full)
	require.ErrorIs(t, w.Add(answer(t, "{}")), full)
	require.ErrorIs(t, w.Close(), full)
}

type refusing struct{ error }

func (r refusing) Write([]byte) (int, error) { return 0, r.error }
