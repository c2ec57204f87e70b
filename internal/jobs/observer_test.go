package jobs_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
)

// tally keeps what an observer is told.
type tally struct {
	mu   sync.Mutex
	told []string
}

func (l *tally) Encode(engine string, took time.Duration) {
	if took > 0 {
		l.tell("encoded by " + engine)
	}
}

func (l *tally) Render(state, errorCode string) { l.tell(state + " " + errorCode) }

func (l *tally) tell(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, what)
}

func (l *tally) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.told)
}

func TestWhatIsDoneIsObserved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		engine media.Engine
		told   []string
	}{
		"a render":              {&copyingEngine{}, []string{"encoded by copying", "completed "}},
		"what cannot be made":   {&failingEngine{err: &media.Error{Code: "corrupt"}}, []string{"encoded by failing", "failed corrupt"}},
		"a fault of the server": {panickingEngine{}, []string{"failed " + jobs.CodeInternal}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			var seen tally
			q := h.started(t, engines(c.engine), func(c *jobs.Config) { c.Observer = &seen })
			h.over(t, h.create(t, q))
			require.Eventually(t, func() bool { return slices.Equal(c.told, seen.all()) }, patience, time.Millisecond)
		})
	}
}

func TestJobsAreCountedByWhatBecomesOfThem(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.queue(t)
		h.create(t, q)
		h.create(t, q)
		counted, err := q.Jobs(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, counted["available"])
		require.Contains(t, counted, "running", "none is a figure too")
		require.NoError(t, q.Start(t.Context()))
		require.Eventually(t, func() bool {
			counted, err := q.Jobs(t.Context())
			require.NoError(t, err)
			return counted["completed"] == 2 && counted["available"] == 0 && counted["running"] == 0
		}, patience, time.Millisecond)
	})
}
