package api_test

import (
	"bufio"
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/api"
)

// pipes is a listener without a network, so that its connections may live in virtual time.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }

// connect serves h in virtual time to one client, whose end of the connection it returns.
func connect(t *testing.T, h http.Handler) net.Conn {
	t.Helper()
	p, server := make(pipes), api.NewHTTPServer(h, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(p) }()
	ours, theirs := net.Pipe()
	p <- theirs
	t.Cleanup(func() {
		_ = ours.Close()
		close(p)
		_ = server.Close()
	})
	return ours
}

const asked = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"

func TestAClientThatDawdlesIsLeft(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sent string
		want time.Duration
	}{
		"sends nothing":                 {"", 10 * time.Second},
		"stops in the request line":     {"GET /x HT", 10 * time.Second},
		"stops in a header":             {"GET /x HTTP/1.1\r\nHost: a\r\nX: ", 10 * time.Second},
		"asks nothing more":             {asked, 2 * time.Minute},
		"stops in the next one's line":  {asked + "GET /", 10 * time.Second},
		"stops in a body nobody awaits": {"GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello", time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newReader(t, api.Config{}).handler
				conn, started := connect(t, h), time.Now()
				go func() { _, _ = io.WriteString(conn, c.sent) }()
				_, err := io.Copy(io.Discard, conn)
				require.NoError(t, err, "the server hangs up")
				require.Equal(t, c.want, time.Since(started))
			})
		})
	}
}

// dawdle reads an answer, at most a part a step, with a pause after each.
func dawdle(conn net.Conn, part int64, pause time.Duration) (*http.Response, []byte, error) {
	go func() { _, _ = io.WriteString(conn, asked) }()
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, nil, err
	}
	var body bytes.Buffer
	for {
		if _, err := io.CopyN(&body, r.Body, part); err != nil {
			if err == io.EOF {
				err = nil
			}
			return r, body.Bytes(), err
		}
		time.Sleep(pause)
	}
}

// ways are how a handler may send a text.
func ways(t *testing.T, text []byte) map[string]http.Handler {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	return map[string]http.Handler{
		"a file": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, path) }),
		"a reader without a known end": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(w, struct{ io.Reader }{bytes.NewReader(text)})
		}),
		"pieces": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for rest := text; len(rest) > 0; rest = rest[min(len(rest), 10_000):] {
				if _, err := w.Write(rest[:min(len(rest), 10_000)]); err != nil {
					return
				}
			}
		}),
	}
}

func TestASteadyAnswerMayTakeLong(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("0123456789abcdef"), 5<<16) // 5 MiB
	for name, h := range ways(t, text) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				_, body, err := dawdle(connect(t, api.Steady(h)), 1<<19, 25*time.Second)
				require.NoError(t, err)
				require.Equal(t, text, body)
				require.Greater(t, time.Since(started), 4*time.Minute)

				_, body, err = dawdle(connect(t, h), 1<<19, 25*time.Second)
				require.Error(t, err, "it is Steady that lets it")
				require.Less(t, len(body), len(text))

				_, body, err = dawdle(connect(t, api.Steady(h)), 1<<19, 2*time.Minute)
				require.Error(t, err, "an answer that stands still is ended")
				require.Less(t, len(body), len(text))
			})
		})
	}
}

func TestASteadyAnswerIsNotTakenForAClientThatLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var gone error
		_, body, err := dawdle(connect(t, api.Steady(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(45 * time.Second)
			gone = r.Context().Err()
			_, _ = io.WriteString(w, "late")
		}))), 100, 0)
		require.NoError(t, err)
		require.NoError(t, gone)
		require.Equal(t, "late", string(body))
	})
}

func TestASteadyAnswerIsTheSame(t *testing.T) {
	t.Parallel()
	text := []byte(strings.Repeat("0123456789", 300_000))
	for name, h := range ways(t, text) {
		plain, steady := serveAt(t, h), serveAt(t, api.Steady(h))
		for _, span := range []string{"", "bytes=0-0", "bytes=1000000-2999999", "bytes=-5", "bytes=9000000-"} {
			want, got := fetch(t, plain, span), fetch(t, steady, span)
			require.Equal(t, want.status, got.status, "%s %s", name, span)
			require.True(t, bytes.Equal(want.body, got.body), "%s %s", name, span)
			want.header.Del("Date")
			got.header.Del("Date")
			require.Equal(t, want.header, got.header, "%s %s", name, span)
		}
	}
}

func serveAt(t *testing.T, h http.Handler) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := api.NewHTTPServer(h, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + l.Addr().String()
}

func fetch(t *testing.T, url, span string) answer {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	if span != "" {
		q.Header.Set("Range", span)
	}
	r, err := http.DefaultTransport.RoundTrip(q)
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return answer{q.Method, r.StatusCode, r.Header, body}
}
