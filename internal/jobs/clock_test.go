package jobs_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/store"
)

// clock is one that is wrong, and can be set.
type clock struct{ off atomic.Int64 }

func (c *clock) set(off time.Duration) { c.off.Store(int64(off)) }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.off.Load())) }

// by is the house as a process of another machine has it, whose clock is off.
func (h house) by(t *testing.T, off time.Duration) (house, *clock) {
	t.Helper()
	c := &clock{}
	c.set(off)
	s, err := openStore(t.Context(), h.dir, h.address, store.WithClock(c.now))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	h.store = s
	return h, c
}

const shortLease = 300 * time.Millisecond

func leased(c *jobs.Config) { c.Lease = shortLease }

func requireInOrder(t *testing.T, r store.Render) {
	t.Helper()
	require.Equal(t, roughy.StateCompleted, r.State)
	require.False(t, r.StartedAt.Before(r.CreatedAt), "%v then %v", r.CreatedAt, r.StartedAt)
	require.False(t, r.CompletedAt.Before(*r.StartedAt), "%v then %v", r.StartedAt, r.CompletedAt)
}

func TestAWorkerKeepsItsRenderWhateverTheClocksSay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		deaf := deafEngine{began: make(chan struct{}, 1), release: make(chan struct{})}
		slow, stepping := h.by(t, -5*time.Hour)
		q := slow.started(t, engines(deaf), leased)
		id := h.create(t, q)
		<-deaf.began
		if h.store.Postgres() { // where others work beside it, and watch
			for _, off := range []time.Duration{0, 5 * time.Hour} {
				other, _ := h.again(t).by(t, off)
				other.started(t, leased)
			}
		}
		for _, off := range []time.Duration{0, 5 * time.Hour, -100 * time.Hour} {
			stepping.set(off)
			seen := h.row(t, id).Beat
			require.Eventually(t, func() bool { return h.row(t, id).Beat > seen+6 }, patience, 5*time.Millisecond, "two leases")
		}
		close(deaf.release)
		r := h.over(t, id)
		requireInOrder(t, r)
		require.Equal(t, 1, r.Attempt)
		require.Zero(t, r.Failures)
	})
}

func TestADeadWorkersRenderIsTakenBackWhateverTheClocksSay(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"the dead one's clock was ahead": 5 * time.Hour, "the dead one's clock was behind": -5 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, h house) {
				q := h.queue(t, leased)
				dead, _ := h.by(t, off)
				id := h.create(t, q)
				_, err := dead.store.Claim(t.Context(), id, h.row(t, id).Job)
				require.NoError(t, err)
				require.NoError(t, q.Start(t.Context()))
				r := h.over(t, id)
				requireInOrder(t, r)
				require.Equal(t, 2, r.Attempt)
				require.Equal(t, 1, r.Failures)
			})
		})
	}
}
