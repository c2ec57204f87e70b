package intercept_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/faulttest"
	"github.com/roughy-go/roughy/internal/intercept"
)

// spaces is a KiB that means nothing in JSON.
var spaces = strings.Repeat(" ", 1<<10)

const jsonType = "Content-Type: application/json"

// steps is faulttest's, shorter.
type steps = []faulttest.Step

// fault is an answer of upstream, and what is told of it: the findings' rules, or why there was no answer.
type fault struct {
	name   string
	method string // GET unless set
	steps  steps
	rules  []string
	err    string
}

func faults() []fault {
	text, head, cut := faulttest.Text, faulttest.Head, faulttest.Cut()
	length := fmt.Sprintf("Content-Length: %d", len(clean))
	chunked := "Transfer-Encoding: chunked"
	const unread = "no answer from upstream that can be read"
	return []fault{
		{name: "a whole answer", steps: steps{head("200 OK", jsonType, length), text(clean)}},
		{name: "headers many times and in any order", steps: steps{head("200 OK", "Set-Cookie: a=1", "X-B: 1", jsonType, "x-a: 2", "Set-Cookie: b=2", length), text(clean)}},
		{name: "chunks", steps: steps{head("200 OK", jsonType, chunked), faulttest.Chunks(clean[:9], clean[9:]), text("0\r\n\r\n")}},
		{name: "one byte at a time", steps: steps{head("200 OK", jsonType, length), faulttest.Drip(clean)}},
		{name: "headers one byte at a time", steps: steps{faulttest.Drip("HTTP/1.1 200 OK\r\n" + jsonType + "\r\n" + length + "\r\n\r\n"), text(clean)}},
		{name: "HTTP/1.0, up to the end of the connection", steps: steps{text("HTTP/1.0 200 OK\r\n" + jsonType + "\r\n\r\n" + clean), cut}},
		{name: "trailers", steps: steps{head("200 OK", jsonType, chunked, "Trailer: X-Sum"), faulttest.Chunks(clean), text("0\r\nX-Sum: 1\r\n\r\n")}},
		{name: "trailers that nobody announced", steps: steps{head("200 OK", jsonType, chunked), faulttest.Chunks(clean), text("0\r\nX-Sum: 1\r\n\r\n")}},
		{name: "a hint first", steps: steps{head("103 Early Hints", "Link: </a>; rel=preload"), head("200 OK", jsonType, length), text(clean)}},
		{name: "a storm of hints", steps: steps{faulttest.Repeat(50, head("102 Processing", "X-A: b")), head("200 OK", jsonType, length), text(clean)}},
		{name: "huge headers", steps: steps{head("200 OK", jsonType, length, "X-A: "+strings.Repeat("b", 300<<10)), text(clean)}},
		{name: "headers over the limit", steps: steps{head("200 OK", "X-A: "+strings.Repeat("b", 11<<20)), text(clean)}, err: unread},
		{name: "HEAD", method: "HEAD", steps: steps{head("200 OK", jsonType, length)}},
		{name: "HEAD in chunks", method: "HEAD", steps: steps{head("200 OK", jsonType, chunked)}},
		{name: "an error in its envelope", steps: steps{head("404 Not Found", jsonType, "Content-Length: 43"), text(`{"error":{"code":"not_found","message":""}}`)}},
		{name: "204", steps: steps{head("204 No Content")}, rules: []string{"body"}},
		{name: "304", steps: steps{head("304 Not Modified", `ETag: "a"`, length)}, rules: []string{"body"}},
		{name: "a redirect", steps: steps{head("302 Found", "Location: http://127.0.0.1:1/?X-Sig=sk_1", "Content-Type: text/html", "Content-Length: 2"), text("hi")}, rules: []string{"content-type"}},
		{name: "no bytes", steps: steps{head("200 OK", jsonType, "Content-Length: 0")}, rules: []string{"body"}},
		{name: "an unheard-of status", steps: steps{head("799 What", jsonType, "Content-Length: 2"), text("{}")}, rules: []string{"schema.required"}},
		{name: "a status that nobody can write", steps: steps{head("099 What", jsonType, "Content-Length: 2"), text("{}")}, rules: []string{"body"}},
		{name: "fewer bytes than announced", steps: steps{head("200 OK", jsonType, "Content-Length: 500"), text(clean[:100]), cut}, rules: []string{"body"}},
		{name: "a reset amid the bytes", steps: steps{head("200 OK", jsonType, "Content-Length: 500"), text(clean[:100]), faulttest.Reset()}, rules: []string{"body"}},
		{name: "more bytes than announced", steps: steps{head("200 OK", jsonType, length), text(clean + " more"), cut}},
		{name: "chunks without their end", steps: steps{head("200 OK", jsonType, chunked), faulttest.Chunks(clean), cut}, rules: []string{"unchecked.cut"}},
		{name: "garbage between chunks", steps: steps{head("200 OK", jsonType, chunked), faulttest.Chunks(clean), text("sk_GARBAGE\r\n"), cut}, rules: []string{"unchecked.cut"}},
		{name: "a chunk of any size", steps: steps{head("200 OK", jsonType, chunked), faulttest.Chunks(clean), text("ffffffffffffffffff\r\n"), cut}, rules: []string{"unchecked.cut"}},
		{name: "two lengths", steps: steps{head("200 OK", jsonType, "Content-Length: 1", "Content-Length: 2"), text("{}")}, err: unread},
		{name: "a gzip bomb", steps: steps{faulttest.Bomb(11 << 20)}, rules: []string{"unchecked.cap"}},
		{name: "encoded bytes that are none", steps: steps{head("200 OK", jsonType, "Content-Encoding: gzip", length), text(clean)}, rules: []string{"body"}},
		{name: "no answer", steps: steps{cut}, err: "connection to upstream closed before an answer"},
		{name: "half a status line", steps: steps{text("HTTP/1.1 2"), cut}, err: unread},
		{name: "half the headers", steps: steps{text("HTTP/1.1 200 OK\r\nContent-Ty"), cut}, err: unread},
		{name: "a reset at once", steps: steps{faulttest.Reset()}, err: "connection reset by peer"},
		{name: "a status line that is none", steps: steps{text("HTTP/1.1 sk_STATUS\r\n\r\n")}, err: unread},
		{name: "a header that is none", steps: steps{text("HTTP/1.1 200 OK\r\nsk_HEADER\r\n\r\n")}, err: unread},
		{name: "another protocol", steps: steps{text("SSH-2.0-sk_OTHER\r\n"), cut}, err: unread},
		{name: "a protocol that nobody asked for", steps: steps{head("101 Switching Protocols", "Connection: Upgrade", "Upgrade: sk_ECHO")}, err: unread},
	}
}

func (f fault) by() string {
	if f.method == "" {
		return "GET"
	}
	return f.method
}

func TestProxyShowsFaultsAsAPlainProxyDoes(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			upstream := faulttest.Serve(t, f.steps...)
			transport := intercept.NewTransport()
			t.Cleanup(transport.CloseIdleConnections)
			want := raw(t, front(t, plain(parse(t, upstream), transport, -1)), f.by(), path)
			for _, mode := range []contract.Mode{contract.ReportOnly, contract.Off} {
				o, _ := options(t, mode)
				got := raw(t, front(t, intercept.Proxy(parse(t, upstream), transport, o)), f.by(), path)
				require.Equal(t, comparable(want), comparable(got))
			}
		})
	}
}

func TestProxyTellsOfFaults(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			o, told := sights(t, contract.ReportOnly)
			raw(t, proxied(t, faulttest.Serve(t, f.steps...), o), f.by(), path+"?key=sk_QUERY")
			seen := <-told
			if f.err != "" {
				require.ErrorContains(t, seen.Err, f.err)
				require.NotContains(t, seen.Err.Error(), "sk_")
				require.Zero(t, seen.Report)
				require.Equal(t, contract.Exchange{Method: f.by(), URL: seen.Request.URL, Sent: seen.Exchange.Sent}, seen.Exchange)
				require.NotZero(t, seen.Exchange.Sent)
			} else {
				require.NoError(t, seen.Err)
				require.Equal(t, f.rules, rules(seen.Report))
				require.NotContains(t, fmt.Sprintf("%+v", seen.Report), "sk_")
			}
			require.Equal(t, path, seen.Request.URL.Path)
			require.GreaterOrEqual(t, seen.Elapsed, seen.Exchange.Answered.Sub(seen.Exchange.Sent))
			require.Empty(t, told)
		})
	}
}
