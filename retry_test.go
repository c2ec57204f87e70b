package roughy_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// turn is one answer of an API in memory; err in its place is a connection's.
type turn struct {
	status int
	body   string
	header http.Header
	err    error
}

// turns is an API in memory, for virtual time: each request gets the next one, and the last one for ever.
type turns struct {
	list  []turn
	asked []time.Time
}

func (r *turns) RoundTrip(req *http.Request) (*http.Response, error) {
	next := r.list[min(len(r.asked), len(r.list)-1)]
	r.asked = append(r.asked, time.Now())
	if next.err != nil {
		return nil, next.err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	for name, values := range next.header {
		header[name] = values
	}
	return &http.Response{
		StatusCode: next.status, Header: header, Request: req,
		Body: io.NopCloser(strings.NewReader(next.body)), ContentLength: int64(len(next.body)),
	}, nil
}

func (r *turns) client(t *testing.T, opts ...roughy.Option) *roughy.Client {
	t.Helper()
	opts = append([]roughy.Option{roughy.WithBaseURL("https://api.example"), roughy.WithHTTPClient(&http.Client{Transport: r})}, opts...)
	c, err := roughy.NewClient(key, opts...)
	require.NoError(t, err)
	return c
}

// pauses are the times between the requests.
func (r *turns) pauses() (all []time.Duration) {
	for i := 1; i < len(r.asked); i++ {
		all = append(all, r.asked[i].Sub(r.asked[i-1]))
	}
	return all
}

func busy(after string) turn {
	r := turn{status: 503, body: problem("unavailable", "Busy."), header: http.Header{}}
	if after != "" {
		r.header.Set("Retry-After", after)
	}
	return r
}

func TestPausesDouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &turns{list: []turn{busy("")}}
		_, err := api.client(t, roughy.WithRetry(roughy.RetryOptions{Attempts: 8, Max: 5 * time.Second})).Render(t.Context(), id)
		require.ErrorContains(t, err, "503 unavailable: Busy. (attempt 8; try again later)")
		want := 500 * time.Millisecond
		require.Len(t, api.pauses(), 7)
		for i, pause := range api.pauses() {
			require.InDelta(t, want, pause, float64(want/2), "pause %d", i)
			want = min(2*want, 5*time.Second)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	const date = "Wed, 25 Nov 2026 09:00:00 GMT" // of a server whose clock is wrong
	for name, c := range map[string]struct {
		after string
		least time.Duration // 0: as if nothing was asked
	}{
		"seconds":             {"20", 20 * time.Second},
		"a date":              {"Wed, 25 Nov 2026 09:00:30 GMT", 30 * time.Second},
		"a date that is over": {"Wed, 25 Nov 2026 08:00:30 GMT", 0},
		"none":                {"0", 0},
		"less than none":      {"-20", 0},
		"words":               {"soon", 0},
		"a minute, the cap":   {"60", time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := busy(c.after)
				first.header.Set("Date", date)
				api := &turns{list: []turn{first, {status: 200, body: render("pending", nil)}}}
				_, err := api.client(t).Render(t.Context(), id)
				require.NoError(t, err)
				pause := api.pauses()[0]
				require.GreaterOrEqual(t, pause, max(c.least, 250*time.Millisecond))
				require.LessOrEqual(t, pause, max(c.least*11/10, 750*time.Millisecond)+1)
			})
		})
	}
}

func TestNothingIsWaitedForInVain(t *testing.T) {
	for name, c := range map[string]struct {
		after string
		retry roughy.RetryOptions
		limit time.Duration // of the context
		asked int
	}{
		"longer than the cap":         {"61", roughy.RetryOptions{}, 0, 1},
		"longer than a lower cap":     {"11", roughy.RetryOptions{MaxAfter: 10 * time.Second}, 0, 1},
		"for centuries":               {"99999999999999999999", roughy.RetryOptions{}, 0, 1},
		"beyond the budget":           {"10", roughy.RetryOptions{Budget: 15 * time.Second}, 0, 2},
		"beyond the context's end":    {"10", roughy.RetryOptions{}, 15 * time.Second, 2},
		"for what is tried but once":  {"1", roughy.RetryOptions{Attempts: 1}, 0, 1},
		"for what was tried too much": {"1", roughy.RetryOptions{Attempts: 3}, 0, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if c.limit > 0 {
					limited, cancel := context.WithTimeout(ctx, c.limit)
					defer cancel()
					ctx = limited
				}
				api := &turns{list: []turn{busy(c.after)}}
				_, err := api.client(t, roughy.WithRetry(c.retry)).Render(ctx, id)
				require.Len(t, api.asked, c.asked)
				require.Zero(t, time.Since(api.asked[c.asked-1]), "at once")
				said, ok := errors.AsType[*roughy.Error](err)
				require.True(t, ok)
				require.Equal(t, 503, said.Status)
				require.NotZero(t, said.RetryAfter)
				require.ErrorContains(t, err, "ask again in "+said.RetryAfter.String())
				require.NoError(t, ctx.Err())
			})
		})
	}
}

func TestTheLastAnswerSurvives(t *testing.T) {
	gone := turn{err: syscall.ECONNRESET}
	synctest.Test(t, func(t *testing.T) {
		api := &turns{list: []turn{busy(""), busy(""), gone, gone, gone}}
		_, err := api.client(t).Render(t.Context(), id)
		require.ErrorIs(t, err, syscall.ECONNRESET)
		said, ok := errors.AsType[*roughy.Error](err)
		require.True(t, ok)
		require.Equal(t, "unavailable", said.Code)
		require.ErrorContains(t, err, "connection reset by peer (attempt 5; the last answer was: read render "+id.String()+": 503 unavailable")
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second+1, cancel)
		api := &turns{list: []turn{busy("20")}}
		_, err := api.client(t).Render(ctx, id)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, time.Second+1, time.Since(api.asked[0]), "at once")
		said, ok := errors.AsType[*roughy.Error](err)
		require.True(t, ok)
		require.Equal(t, 503, said.Status)
	})
}

func TestRetryOptionsThatAreMistakes(t *testing.T) {
	for name, bad := range map[string]roughy.RetryOptions{
		"fewer attempts than none":    {Attempts: -1},
		"a negative pause":            {First: -1},
		"a negative cap":              {MaxAfter: -time.Second},
		"a negative budget":           {Budget: -time.Second},
		"a first pause over the most": {First: time.Minute, Max: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := roughy.NewClient(key, roughy.WithRetry(bad))
			require.ErrorContains(t, err, "retry options: ")
		})
	}
	_, err := roughy.NewClient(key, roughy.WithRetry(roughy.RetryOptions{First: time.Hour}), roughy.WithRetry(roughy.RetryOptions{Max: 1}))
	require.NoError(t, err, "what is not set follows what is")
}

func TestWatchIsQuickAgainAfterAChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queued := turn{status: 200, body: render("pending", nil)}
		api := &turns{list: append(slices.Repeat([]turn{queued}, 12), turn{status: 200, body: render("processing", nil)}, turn{status: 200, body: render("failed", nil)})}
		_, err := api.client(t).Wait(t.Context(), id)
		require.NoError(t, err)
		pauses := api.pauses()
		require.Greater(t, pauses[11], 3*time.Second)
		require.Less(t, pauses[12], time.Second)
	})
}

func TestWatchObeysTheRetryAfterOfARender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		later := func(after string) turn {
			return turn{status: 200, body: render("pending", nil), header: http.Header{"Retry-After": {after}}}
		}
		api := &turns{list: []turn{later("20"), later("3600"), {status: 200, body: render("failed", nil)}}}
		_, err := api.client(t).Wait(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, []time.Duration{20 * time.Second, time.Minute}, api.pauses(), "up to the cap")
	})
}

func TestLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		echo := turn{status: 429, body: problem("slow_down", key+" asks too often"), header: http.Header{"X-Request-Id": {"req_1 " + key}}}
		broken := turn{status: 200, body: render("cancelled", members{"download_url": "https://host/a?X-Sig=tOpSeCrEt"})}
		api := &turns{list: []turn{echo, {err: syscall.ECONNRESET}, broken}}
		_, err := api.client(t, roughy.WithLogger(logger)).Render(t.Context(), id)
		require.ErrorIs(t, err, roughy.ErrContract)
		for _, want := range []string{
			`"level":"DEBUG","msg":"read render","render":"` + id.String(), `"status":429,"request":"req_1 …","verdict":"ok"`,
			`"level":"INFO","msg":"asking again","error":"read render ` + id.String() + `: 429 slow_down: … asks too often`,
			`"attempt":2,"pause":`, `"level":"WARN","msg":"contract"`, `"verdict":"violation","findings":["violation schema.enum at /state`,
		} {
			require.Contains(t, log.String(), want)
		}
		require.NotContains(t, log.String(), "tOpSeCrEt")
	})
}
