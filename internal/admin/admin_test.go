package admin_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/admin"
)

// ask is what an admin address that was made of c answers.
func ask(t *testing.T, c admin.Config, method, path string) (status int, header http.Header, body string) {
	t.Helper()
	s := httptest.NewServer(admin.New(c))
	defer s.Close()
	q, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	require.NoError(t, err)
	resp, err := http.DefaultTransport.RoundTrip(q)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(text)
}

// is is a check with one answer.
func is(err error) func(context.Context) error { return func(context.Context) error { return err } }

// told keeps a log.
type told struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *told) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(b)
}

func (l *told) logger() *slog.Logger { return slog.New(slog.NewJSONHandler(l, nil)) }

func TestTheProcessIsAliveWhateverItNeeds(t *testing.T) {
	t.Parallel()
	status, header, body := ask(t, admin.Config{Checks: map[string]func(context.Context) error{"database": is(errors.New("gone"))}}, "GET", "/healthz")
	require.Equal(t, 200, status)
	require.JSONEq(t, `{"status":"alive"}`, body)
	require.Equal(t, "application/json", header.Get("Content-Type"))
	require.Equal(t, "no-store", header.Get("Cache-Control"))
	require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
}

func TestReadyIsWhoReachesAllThatItNeeds(t *testing.T) {
	t.Parallel()
	secret := errors.New(`dial "postgres://me:s3cret@10.1.2.3/x?sslmode=s3cret": refused for sk_s3cret`)
	for name, c := range map[string]struct {
		checks map[string]func(context.Context) error
		status int
		body   string
	}{
		"nothing is needed": {nil, 200, `{"status":"ready"}`},
		"all is there": {map[string]func(context.Context) error{"database": is(nil), "bucket": is(nil)}, 200,
			`{"status":"ready","checks":{"database":"reachable","bucket":"reachable"}}`},
		"one is gone": {map[string]func(context.Context) error{"database": is(secret), "bucket": is(nil)}, 503,
			`{"status":"not ready","checks":{"database":"unreachable","bucket":"reachable"}}`},
		"both are gone": {map[string]func(context.Context) error{"database": is(secret), "bucket": is(secret)}, 503,
			`{"status":"not ready","checks":{"database":"unreachable","bucket":"unreachable"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log told
			status, _, body := ask(t, admin.Config{Checks: c.checks, Logger: log.logger()}, "GET", "/readyz")
			require.Equal(t, c.status, status)
			require.JSONEq(t, c.body, body)
			require.NotContains(t, log.String(), "s3cret")
			if c.status != 200 {
				require.Contains(t, log.String(), "refused", "why is in the log")
			}
		})
	}
}

func TestWhatDoesNotAnswerIsNotReachable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hangs := func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}
		for timeout, want := range map[time.Duration]time.Duration{0: admin.DefaultTimeout, time.Minute: time.Minute} {
			h := admin.New(admin.Config{Checks: map[string]func(context.Context) error{"database": hangs, "bucket": hangs}, Timeout: timeout})
			w, started := httptest.NewRecorder(), time.Now()
			h.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
			require.Equal(t, 503, w.Code)
			require.Equal(t, want, time.Since(started), "both at once")
		}
	})
}

func TestOthersAreRefused(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		status, _, body := ask(t, admin.Config{}, "HEAD", path)
		require.Equal(t, 200, status, path)
		require.Empty(t, body, path)
		for _, method := range []string{"POST", "DELETE", "OPTIONS"} {
			status, _, _ := ask(t, admin.Config{}, method, path)
			require.Equal(t, 405, status, "%s %s", method, path)
		}
	}
	for _, path := range []string{"/", "/v1/renders/1", "/debug/pprof/", "/metrics/"} {
		status, _, _ := ask(t, admin.Config{}, "GET", path)
		require.Equal(t, 404, status, path)
	}
}
