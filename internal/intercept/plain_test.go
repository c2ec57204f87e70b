package intercept_test

import (
	"bufio"
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// pool is a plain httputil.BufferPool.
type pool struct{ sync.Pool }

func (p *pool) Get() []byte  { return *p.Pool.Get().(*[]byte) }
func (p *pool) Put(b []byte) { p.Pool.Put(&b) }

// plain is what the proxy is measured by: a ReverseProxy that hands on at once what comes.
func plain(upstream *url.URL, transport http.RoundTripper, flush time.Duration) http.Handler {
	if transport == nil {
		transport = intercept.NewTransport()
	}
	return &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
		Transport:     transport,
		FlushInterval: flush,
		BufferPool:    &pool{sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}},
		ErrorLog:      log.New(io.Discard, "", 0),
	}
}

// front serves h over a real socket, and says nothing about what goes wrong.
func front(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

// sights is a proxy's options, and all that it tells.
func sights(t *testing.T, m contract.Mode) (intercept.Options, chan intercept.Seen) {
	t.Helper()
	o, _ := options(t, m)
	told := make(chan intercept.Seen, 100)
	o.OnReport = func(seen intercept.Seen) { told <- seen }
	return o, told
}

// proxied serves a proxy to upstream, with connections of its own.
func proxied(t testing.TB, upstream string, o intercept.Options) string {
	t.Helper()
	transport := intercept.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	return front(t, intercept.Proxy(parse(t, upstream), transport, o))
}

func parse(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	require.NoError(t, err)
	return u
}

// dial connects, for a minute at most, so that what is held back fails the test and does not hang it.
func dial(t testing.TB, url string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", parse(t, url).Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	return c.(*net.TCPConn)
}

// send writes a request whose connection is not used again.
func send(t testing.TB, c net.Conn, method, target string) {
	t.Helper()
	_, err := io.WriteString(c, method+" "+target+" HTTP/1.1\r\nHost: front.example\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
}

// raw is all that a client gets, up to the end of the connection or its reset.
func raw(t testing.TB, url, method, target string) string {
	t.Helper()
	c := dial(t, url)
	send(t, c, method, target)
	got, _ := io.ReadAll(c)
	return string(got)
}

var date = regexp.MustCompile(`\r\nDate: [^\r]*`)

// comparable takes out of an answer what differs between two that are the same: the date, and where chunks begin, which TCP decides.
func comparable(answer string) string {
	head, body, _ := strings.Cut(date.ReplaceAllString(answer, ""), "\r\n\r\n")
	for strings.HasPrefix(head, "HTTP/1.1 1") { // an informational one
		next, rest, _ := strings.Cut(body, "\r\n\r\n")
		head, body = head+"\r\n\r\n"+next, rest
		if !strings.HasPrefix(next, "HTTP/1.1 1") {
			break
		}
	}
	if !strings.Contains(head, "Transfer-Encoding: chunked") {
		return head + "\r\n\r\n" + body
	}
	in := bufio.NewReader(strings.NewReader(body))
	var out bytes.Buffer
	_, err := io.Copy(&out, httputil.NewChunkedReader(in))
	end, _ := io.ReadAll(in) // trailers
	if err != nil {
		return head + "\r\n\r\n" + out.String() + " and no end"
	}
	return head + "\r\n\r\n" + out.String() + " and the end " + string(end)
}
