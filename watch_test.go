package roughy_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// script is an API in memory, for virtual time: each read gets the next body, and the last one for ever.
type script struct {
	bodies []string
	reads  []time.Time
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	body := s.bodies[min(len(s.reads), len(s.bodies)-1)]
	s.reads = append(s.reads, time.Now())
	status := 200
	if strings.HasPrefix(body, `{"error"`) {
		status = 404
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}, nil
}

func (s *script) client(t *testing.T, opts ...roughy.Option) *roughy.Client {
	t.Helper()
	opts = append([]roughy.Option{roughy.WithBaseURL("https://api.example"), roughy.WithHTTPClient(&http.Client{Transport: s})}, opts...)
	c, err := roughy.NewClient(key, opts...)
	require.NoError(t, err)
	return c
}

// told is what a watch yielded: states, and at the end perhaps an error.
func told(c *roughy.Client, ctx context.Context) (states []roughy.State, err error) {
	for r, err := range c.Watch(ctx, id) {
		if err != nil {
			return states, err
		}
		states = append(states, r.State)
	}
	return states, nil
}

func TestWatchTellsEachChangeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pending, processing, completed := render("pending", nil), render("processing", nil), render("completed", nil)
		s := &script{bodies: []string{pending, pending, pending, processing, processing, completed, completed}}
		states, err := told(s.client(t), t.Context())
		require.NoError(t, err)
		require.Equal(t, []roughy.State{"pending", "processing", "completed"}, states)
		require.Len(t, s.reads, 6, "none after the terminal state")
	})
}

func TestWatchPollsSlowerAndSlower(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := &script{bodies: append(slices.Repeat([]string{render("processing", nil)}, 40), render("failed", nil))}
		states, err := told(s.client(t), t.Context())
		require.NoError(t, err)
		require.Equal(t, []roughy.State{"processing", "failed"}, states)
		require.Equal(t, start, s.reads[0], "the first read at once")
		want := 250 * time.Millisecond
		for i := 1; i < len(s.reads); i++ {
			pause := s.reads[i].Sub(s.reads[i-1])
			require.InDelta(t, want, pause, 0.21*float64(want), "pause %d", i)
			want = min(want*3/2, 5*time.Second)
		}
	})
}

func TestPollingCanBeSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{bodies: []string{render("pending", nil), render("pending", nil), render("failed", nil)}}
		start := time.Now()
		r, err := s.client(t, roughy.WithPolling(time.Hour, time.Hour)).Wait(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, roughy.StateFailed, r.State)
		require.Equal(t, "source_unreadable", r.Failure.Code)
		require.InDelta(t, 2*time.Hour, time.Since(start), 0.21*float64(2*time.Hour))
	})
}

func TestAFreshLinkIsNoChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link := func(n string) string { return render("pending", members{"download_url": "https://h/?" + n}) }
		s := &script{bodies: []string{link("1"), link("2"), link("3"), render("completed", nil)}}
		states, err := told(s.client(t, roughy.WithMode(roughy.ReportOnly)), t.Context())
		require.NoError(t, err)
		require.Equal(t, []roughy.State{"pending", "completed"}, states)
	})
}

func TestWatchEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		s := &script{bodies: []string{render("processing", nil)}}
		_, err := s.client(t).Wait(ctx, id)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, id.String())
		require.Equal(t, time.Minute, time.Since(start), "at once")

		reads := len(s.reads)
		_, err = s.client(t).Wait(ctx, id)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Len(t, s.reads, reads, "nothing is read for a context that has ended")
	})
}

func TestWatchEndsAtTheFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{bodies: []string{render("processing", nil), problem("not_found", "The asset was deleted.")}}
		states, err := told(s.client(t), t.Context())
		require.Equal(t, []roughy.State{"processing"}, states)
		require.ErrorIs(t, err, roughy.ErrNotFound)
		require.Len(t, s.reads, 2)
	})
}

func TestWatchCanBeLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{bodies: []string{render("processing", nil)}}
		for r, err := range s.client(t).Watch(t.Context(), id) {
			require.NoError(t, err)
			require.Equal(t, roughy.StateProcessing, r.State)
			break
		}
		require.Len(t, s.reads, 1)
	})
}

func TestWatchHoldsReadsToOneAnother(t *testing.T) {
	back := []string{render("processing", nil), render("processing", members{"asset_id": uuid.Nil}), render("pending", nil), render("failed", nil)}
	synctest.Test(t, func(t *testing.T) {
		var seen reports
		states, err := told((&script{bodies: back}).client(t, seen.option()), t.Context())
		require.NoError(t, err, "inferred rules warn")
		require.Len(t, states, 4)
		require.Equal(t, []string{
			"lifecycle.constant /asset_id", "lifecycle.constant /asset_id", "lifecycle.backward /state",
		}, seen.rules())
	})
}

func TestWatchInReportModeOutlivesAnUnknownState(t *testing.T) {
	bodies := []string{render("processing", nil), render("cancelled", nil), render("failed", nil)}
	synctest.Test(t, func(t *testing.T) {
		states, err := told((&script{bodies: bodies}).client(t, roughy.WithMode(roughy.ReportOnly)), t.Context())
		require.NoError(t, err)
		require.Equal(t, []roughy.State{"processing", "cancelled", "failed"}, states)
	})
	synctest.Test(t, func(t *testing.T) {
		states, err := told((&script{bodies: bodies}).client(t), t.Context())
		require.ErrorIs(t, err, roughy.ErrContract)
		require.Equal(t, []roughy.State{"processing"}, states)
		broke, _ := errors.AsType[*roughy.ContractError](err)
		require.Equal(t, "/state", broke.Report.Findings[0].Pointer)
	})
}

func TestWatchIsNotFooledByItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{bodies: []string{render("processing", nil), render("failed", nil)}}
		n := 0
		for r, err := range s.client(t).Watch(t.Context(), id) {
			require.NoError(t, err)
			r.State = roughy.StateFailed
			n++
		}
		require.Equal(t, 2, n)
	})
}
