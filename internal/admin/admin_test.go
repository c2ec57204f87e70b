package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
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

// said is the lines of the log as words.
func (l *told) said(t *testing.T) (lines []string) {
	t.Helper()
	for text := range strings.Lines(l.String()) {
		var line struct{ Level, Msg, What, Error string }
		require.NoError(t, json.Unmarshal([]byte(text), &line))
		lines = append(lines, strings.Join([]string{line.Level, line.Msg, line.What, line.Error}, " "))
	}
	return lines
}

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
		"one ends": {map[string]func(context.Context) error{"server": is(admin.ErrStopping), "bucket": is(secret)}, 503,
			`{"status":"not ready","checks":{"server":"stopping","bucket":"unreachable"}}`},
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

func TestWhatCanBeDoneWithoutIsShownAndDecidesNothing(t *testing.T) {
	t.Parallel()
	var log told
	spare := map[string]func(context.Context) error{"bucket": is(errors.New("no bucket"))}
	for database, want := range map[error]struct {
		status int
		body   string
	}{
		nil:                {200, `{"status":"ready","checks":{"database":"reachable","bucket":"unreachable"}}`},
		errors.New("gone"): {503, `{"status":"not ready","checks":{"database":"unreachable","bucket":"unreachable"}}`},
	} {
		status, _, body := ask(t, admin.Config{
			Checks: map[string]func(context.Context) error{"database": is(database)}, Spare: spare, Logger: log.logger(),
		}, "GET", "/readyz")
		require.Equal(t, want.status, status)
		require.JSONEq(t, want.body, body)
		require.Contains(t, log.said(t), "WARN unreachable bucket no bucket")
	}
}

func TestTheLogHasWhatChangesAndNotEachAnswer(t *testing.T) {
	t.Parallel()
	var log told
	var database, bucket error
	h := admin.New(admin.Config{Logger: log.logger(), Checks: map[string]func(context.Context) error{
		"database": func(context.Context) error { return database }, "bucket": func(context.Context) error { return bucket },
	}})
	for step, c := range []struct {
		database, bucket error
		says             []string
	}{
		{nil, nil, nil},
		{errors.New("refused"), nil, []string{"WARN unreachable database refused"}},
		{errors.New("refused"), errors.New("no bucket"), []string{"WARN unreachable bucket no bucket"}},
		{nil, errors.New("no bucket"), []string{"INFO reachable again database "}},
		{nil, nil, []string{"INFO reachable again bucket "}},
		{errors.New("refused again"), nil, []string{"WARN unreachable database refused again"}},
		{errors.New("refused again"), admin.ErrStopping, []string{"INFO not ready any more: stopping bucket "}},
	} {
		log.Reset()
		database, bucket = c.database, c.bucket
		for range 3 {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/readyz", nil))
		}
		require.Equal(t, c.says, log.said(t), step)
	}
	log.Reset()
	database = nil // it is back, but nobody waits to hear it
	left, cancel := context.WithCancel(t.Context())
	cancel()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(left, "GET", "/readyz", nil))
	require.Empty(t, log.said(t), "a caller who has left")
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
			status, header, body := ask(t, admin.Config{}, method, path)
			require.Equal(t, 405, status, "%s %s", method, path)
			require.Equal(t, "GET, HEAD", header.Get("Allow"))
			require.Equal(t, "this path does not take this method\n", body)
		}
	}
	for _, path := range []string{"/", "/v1/renders/1", "/debug/pprof/", "/metrics/", "//metrics", "/x/../metrics", "/%6detrics", "/metrics%2f"} {
		status, header, body := ask(t, admin.Config{}, "GET", path)
		require.Equal(t, 404, status, path)
		require.Equal(t, "text/plain; charset=utf-8", header.Get("Content-Type"))
		require.Equal(t, "no-store", header.Get("Cache-Control"))
		require.Equal(t, "there is nothing at this path\n", body)
	}
}
