package faulttest_test

import (
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/roughy-go/roughy/internal/faulttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestServeWritesExactlyWhatItIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		steps []faulttest.Step
		want  string
	}{
		"a head without headers":   {[]faulttest.Step{faulttest.Head("204 No Content")}, "HTTP/1.1 204 No Content\r\n\r\n"},
		"a head with headers":      {[]faulttest.Step{faulttest.Head("200 OK", "A: b", "c: d")}, "HTTP/1.1 200 OK\r\nA: b\r\nc: d\r\n\r\n"},
		"a text byte by byte":      {[]faulttest.Step{faulttest.Drip("abc")}, "abc"},
		"chunks without their end": {[]faulttest.Step{faulttest.Chunks("abc", strings.Repeat("d", 16))}, "3\r\nabc\r\n10\r\ndddddddddddddddd\r\n"},
		"a step again and again":   {[]faulttest.Step{faulttest.Repeat(3, faulttest.Text("ab"))}, "ababab"},
		"a pause":                  {[]faulttest.Step{faulttest.Text("a"), faulttest.Delay(time.Microsecond), faulttest.Text("b")}, "ab"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, faulttest.Serve(t, append(tt.steps, faulttest.Cut(), faulttest.Text("never"))...))
			_, err := io.WriteString(c, request)
			require.NoError(t, err)
			got, err := io.ReadAll(c)
			require.NoError(t, err)
			require.Equal(t, tt.want, string(got))
		})
	}
}

func TestServeKeepsTheConnection(t *testing.T) {
	t.Parallel()
	c := dial(t, faulttest.Serve(t, faulttest.Text("again")))
	for range 3 {
		_, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
		require.NoError(t, err)
		got := make([]byte, 5)
		_, err = io.ReadFull(c, got)
		require.NoError(t, err)
		require.Equal(t, "again", string(got))
	}
}

func TestResetIsNoEnd(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	c := dial(t, faulttest.Serve(t, faulttest.Text("a"), faulttest.Wait(gate), faulttest.Reset()))
	_, err := io.WriteString(c, request)
	require.NoError(t, err)
	_, err = io.ReadFull(c, make([]byte, 1))
	require.NoError(t, err)
	close(gate)
	_, err = c.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.ECONNRESET)
}

func TestBombGrows(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	c := dial(t, faulttest.Serve(t, faulttest.Bomb(size), faulttest.Cut()))
	_, err := io.WriteString(c, request)
	require.NoError(t, err)
	answer, err := io.ReadAll(c)
	require.NoError(t, err)
	head, body, ok := strings.Cut(string(answer), "\r\n\r\n")
	require.True(t, ok)
	require.Contains(t, head, "Content-Encoding: gzip")
	require.Less(t, len(body), size/500)
	z, err := gzip.NewReader(strings.NewReader(body))
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, z)
	require.NoError(t, err)
	require.EqualValues(t, size, n)
}

func TestServeEndsWithTheTest(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]faulttest.Step{
		"an endless body": faulttest.Endless("abc"), "a gate that stays shut": faulttest.Wait(nil), "a long pause": faulttest.Delay(time.Hour),
	} {
		var c net.Conn
		t.Run(name, func(t *testing.T) {
			var err error
			c, err = net.Dial("tcp", strings.TrimPrefix(faulttest.Serve(t, step), "http://"))
			require.NoError(t, err)
			_, err = io.WriteString(c, request)
			require.NoError(t, err)
		})
		_, err := io.Copy(io.Discard, c)
		require.NoError(t, c.Close())
		if err != nil {
			require.ErrorIs(t, err, syscall.ECONNRESET)
		}
	}
}

func TestPlayChoosesByTheRequest(t *testing.T) {
	t.Parallel()
	plan := func(r *http.Request) []faulttest.Step {
		return []faulttest.Step{faulttest.Text(r.URL.Path), faulttest.Cut()}
	}
	for name, c := range map[string]net.Conn{"on a socket": dial(t, faulttest.Play(t, plan)), "in memory": connect(t, faulttest.Dialer(t, plan))} {
		t.Run(name, func(t *testing.T) {
			_, err := io.WriteString(c, strings.Replace(request, "/", "/chosen", 1))
			require.NoError(t, err)
			got, err := io.ReadAll(c)
			require.NoError(t, err)
			require.Equal(t, "/chosen", string(got))
		})
	}
}

func connect(t *testing.T, dial func(context.Context, string, string) (net.Conn, error)) net.Conn {
	t.Helper()
	c, err := dial(t.Context(), "tcp", "a:80")
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestPaceTakesVirtualTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		steps := []faulttest.Step{faulttest.Pace(time.Minute, "slow"), faulttest.Reset()}
		c := connect(t, faulttest.Dialer(t, func(*http.Request) []faulttest.Step { return steps }))
		began := time.Now()
		_, err := io.WriteString(c, request)
		require.NoError(t, err)
		got, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Equal(t, "slow", string(got))
		require.Equal(t, 4*time.Minute, time.Since(began))
	})
}

func TestDialerConnectsToNobodyAfterTheTest(t *testing.T) {
	t.Parallel()
	var late func(context.Context, string, string) (net.Conn, error)
	t.Run("the test", func(t *testing.T) { late = faulttest.Dialer(t, func(*http.Request) []faulttest.Step { return nil }) })
	_, err := late(t.Context(), "tcp", "a:80")
	require.ErrorIs(t, err, net.ErrClosed)
}
