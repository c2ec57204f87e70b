package intercept_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/faulttest"
	"github.com/roughy-go/roughy/internal/intercept"
)

func TestProxyHandsRequestsOnAsTheyCame(t *testing.T) {
	t.Parallel()
	came := make(chan *http.Request, 1)
	upstream := front(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came <- r }))
	o, told := sights(t, contract.ReportOnly)
	c := dial(t, proxied(t, upstream+"/base/", o))
	_, err := io.WriteString(c, "GET /v1/a%2Fb//c?q=1;r=%zz&s HTTP/1.1\r\nHost: front.example\r\nX-Forwarded-For: 1.2.3.4\r\n"+
		"Authorization: Bearer sk_1\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n\r\n")
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, c)
	require.NoError(t, err)

	r := <-came
	require.Equal(t, "/base/v1/a%2Fb//c?q=1;r=%zz&s", r.RequestURI)
	require.Equal(t, parse(t, upstream).Host, r.Host)
	require.Equal(t, http.Header{"X-Forwarded-For": {"1.2.3.4"}, "Authorization": {"Bearer sk_1"}}, r.Header, "nothing is added, not even a User-Agent")

	seen := <-told
	require.Equal(t, upstream+"/base/v1/a%2Fb//c?q=1;r=%zz&s", seen.Request.URL.String(), "as the document sees it")
	require.Equal(t, "front.example", seen.Request.Host)
	require.Equal(t, "1", seen.Request.Header.Get("X-Hop"), "all that came")
	require.Equal(t, http.NoBody, seen.Request.Body)
}

func TestProxyRefusesTunnels(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.ReportOnly)
	c := dial(t, proxied(t, "http://127.0.0.1:1", o))
	_, err := io.WriteString(c, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusMethodNotAllowed, resp.StatusCode)
	require.Empty(t, told)
}

func TestProxyGuessesNoContentType(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.ReportOnly, contract.Off} {
		o, _ := options(t, mode)
		upstream := faulttest.Serve(t, faulttest.Head("103 Early Hints"), faulttest.Head("200 OK", "Content-Length: 5"), faulttest.Text("hello"))
		got := raw(t, proxied(t, upstream, o), "GET", path)
		require.Contains(t, got, "hello")
		require.NotContains(t, got, "Content-Type")

		w := httptest.NewRecorder() // whoever wins the race between the first flush and the first byte
		intercept.Proxy(parse(t, upstream), always{body: "hello"}, o).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		require.Contains(t, w.Header(), "Content-Type", "net/http guesses where there is no entry")
		require.Empty(t, w.Header()["Content-Type"])
	}
}

// streams are answers that come in two parts: their type, what frames them, and the parts.
var streams = []struct{ name, kind, frame, first, second string }{
	{"a body of known length", "application/json", "Content-Length: 10", "[1,2,", "3,4 ]"},
	{"a body in chunks", "application/json", "Transfer-Encoding: chunked", "5\r\n[1,2,\r\n", "4\r\n3,4]\r\n0\r\n\r\n"},
	{"an event stream", "text/event-stream", "Transfer-Encoding: chunked", "9\r\ndata: 1\n\n\r\n", "9\r\ndata: 2\n\n\r\n0\r\n\r\n"},
	{"bytes up to the end", "application/octet-stream", "Connection: close", "abc", "def"},
}

func TestProxyNeverHoldsAStreamBack(t *testing.T) {
	t.Parallel()
	for _, s := range streams {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			o, told := sights(t, contract.ReportOnly)
			gates := make(chan struct{})
			c := dial(t, proxied(t, faulttest.Serve(t,
				faulttest.Head("103 Early Hints", "Link: </a>"), faulttest.Wait(gates),
				faulttest.Head("200 OK", "Content-Type: "+s.kind, s.frame), faulttest.Wait(gates),
				faulttest.Text(s.first), faulttest.Wait(gates),
				faulttest.Text(s.second), faulttest.Cut()), o))
			send(t, c, "GET", path)
			in := bufio.NewReader(c)
			until := func(what string) {
				for got := ""; !strings.Contains(got, what); {
					b, err := in.ReadByte()
					require.NoError(t, err)
					got += string(b)
				}
			}
			until("103 Early Hints\r\n")
			gates <- struct{}{}
			until("200 OK\r\n")
			gates <- struct{}{}
			until(strings.Trim(s.first, "59\r\n"))
			require.Empty(t, told)
			gates <- struct{}{}
			_, err := io.Copy(io.Discard, in)
			require.NoError(t, err)
			require.NotEmpty(t, (<-told).Exchange.Body)
		})
	}
}

func TestProxyHandsOnRequestBodiesAsTheyCome(t *testing.T) {
	t.Parallel()
	first := make(chan struct{})
	upstream := front(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadFull(r.Body, make([]byte, 5))
		close(first)
		rest, restErr := io.ReadAll(r.Body)
		_, _ = fmt.Fprint(w, string(rest), err, restErr)
	}))
	o, _ := options(t, contract.Enforce)
	o.Pick = func(*http.Request) bool { return false }
	c := dial(t, proxied(t, upstream, o))
	_, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	in := bufio.NewReader(c)
	line, err := in.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 100 Continue\r\n", line)
	_, err = io.WriteString(c, "5\r\nhello\r\n")
	require.NoError(t, err)
	<-first
	_, err = io.WriteString(c, "6\r\n world\r\n0\r\n\r\n")
	require.NoError(t, err)
	answer, err := io.ReadAll(in)
	require.NoError(t, err)
	require.Contains(t, string(answer), " world<nil> <nil>")
}

func TestProxyLetsConnectionsBeTakenOver(t *testing.T) {
	t.Parallel()
	upstream := front(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_ = rw.Flush()
		_, _ = io.Copy(conn, rw)
	}))
	for _, mode := range []contract.Mode{contract.ReportOnly, contract.Enforce} {
		o, told := sights(t, mode)
		c := dial(t, proxied(t, upstream, o))
		_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		require.NoError(t, err)
		in := bufio.NewReader(c)
		resp, err := http.ReadResponse(in, nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusSwitchingProtocols, resp.StatusCode)
		for _, word := range []string{"one", "two"} {
			_, err = io.WriteString(c, word)
			require.NoError(t, err)
			got := make([]byte, len(word))
			_, err = io.ReadFull(in, got)
			require.NoError(t, err)
			require.Equal(t, word, string(got))
		}
		require.NoError(t, c.CloseWrite())
		_, err = io.Copy(io.Discard, in)
		require.NoError(t, err)
		require.Empty(t, told)
	}
}

func TestProxyNoticesThatAClientIsGone(t *testing.T) {
	t.Parallel()
	for name, answered := range map[string]bool{"before an answer": false, "amid an answer": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked, cancelled := make(chan struct{}), make(chan struct{})
			upstream := front(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if answered {
					answer(200, clean[:10])(w, r)
					_ = http.NewResponseController(w).Flush()
				}
				close(asked)
				<-r.Context().Done()
				close(cancelled)
			}))
			o, told := sights(t, contract.ReportOnly)
			c := dial(t, proxied(t, upstream, o))
			send(t, c, "GET", path)
			<-asked
			if answered {
				_, err := io.ReadFull(c, make([]byte, 10))
				require.NoError(t, err)
			}
			require.NoError(t, c.Close())
			<-cancelled
			seen := <-told
			if answered {
				require.NoError(t, seen.Err)
				require.Equal(t, []string{"unchecked.closed"}, rules(seen.Report))
			} else {
				require.ErrorIs(t, seen.Err, context.Canceled)
			}
		})
	}
}

func TestProxyTellsThatUpstreamIsDown(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.Enforce)
	down := httptest.NewServer(nil)
	down.Close()
	got := raw(t, proxied(t, down.URL, o), "GET", path+"?sig=sk_1")
	require.Contains(t, got, "502 Bad Gateway\r\n")
	require.True(t, strings.HasSuffix(got, "Content-Length: 0\r\nConnection: close\r\n\r\n"), got)
	require.ErrorContains(t, (<-told).Err, "connection refused")
}

func TestProxyTellsThatUpstreamIsSlow(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.ReportOnly)
	transport := intercept.NewTransport()
	transport.ResponseHeaderTimeout = 1 // a nanosecond
	got := raw(t, front(t, intercept.Proxy(parse(t, faulttest.Serve(t, faulttest.Wait(nil))), transport, o)), "GET", path)
	require.Contains(t, got, "502 Bad Gateway\r\n")
	require.EqualError(t, (<-told).Err, "no answer from upstream in time")
}

func TestProxyPicks(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.Enforce)
	var asked []string
	o.Pick = func(r *http.Request) bool {
		asked = append(asked, r.URL.String())
		return false
	}
	upstream := faulttest.Serve(t, faulttest.Head("200 OK", "Content-Length: 2"), faulttest.Text("{}"))
	require.Contains(t, raw(t, proxied(t, upstream, o), "GET", path), "200 OK")
	require.Equal(t, []string{path}, asked, "as the client asked")
	require.Empty(t, told)
}

// Each side hears the other before it has said all.
func TestProxyStreamsBothWays(t *testing.T) {
	t.Parallel()
	o, _ := sights(t, contract.ReportOnly)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		_ = c.EnableFullDuplex()
		w.Header().Set("Content-Type", "application/octet-stream")
		lines := bufio.NewScanner(r.Body)
		for lines.Scan() {
			_, _ = fmt.Fprintln(w, lines.Text())
			_ = c.Flush()
		}
	}))
	t.Cleanup(upstream.Close)
	request, say := io.Pipe()
	req, err := http.NewRequest(http.MethodPost, proxied(t, upstream.URL, o)+"/echo", request)
	require.NoError(t, err)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	go func() { _, _ = io.WriteString(say, "one\n") }()
	resp, err := transport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer := bufio.NewReader(resp.Body)
	for _, word := range []string{"one\n", "two\n", "three\n"} {
		line, err := answer.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, word, line)
		if word == "one\n" {
			_, err = io.WriteString(say, "two\n")
		} else if word == "two\n" {
			_, err = io.WriteString(say, "three\n")
		}
		require.NoError(t, err)
	}
	require.NoError(t, say.Close())
}
