package jobs_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
)

// put uploads an output under name for a render, as if by one of its attempts.
func (h house) put(t *testing.T, id uuid.UUID, name string) (key string) {
	t.Helper()
	key = "renders/" + id.String() + "/" + name
	_, err := h.bucket.Upload(t.Context(), key, "video/mp4", strings.NewReader(name))
	require.NoError(t, err)
	return key
}

// attempted claims a render until its attempt is n.
func (h house) attempted(t *testing.T, q *jobs.Queue, n int) uuid.UUID {
	t.Helper()
	id := h.create(t, q)
	for i := range n {
		if i > 0 {
			require.NoError(t, h.store.Release(t.Context(), id, i))
		}
		_, err := h.store.Claim(t.Context(), id, h.row(t, id).Job)
		require.NoError(t, err)
	}
	return id
}

func TestASweepRemovesWhatCanNeverBePublished(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.queue(t)
		pending, held := h.create(t, q), h.attempted(t, q, 2)
		free := h.attempted(t, q, 2)
		require.NoError(t, h.store.Release(t.Context(), free, 2))
		done, broken := h.attempted(t, q, 3), h.attempted(t, q, 2)
		published := h.put(t, done, "3.mp4")
		require.NoError(t, h.store.Publish(t.Context(), done, 3, published, 5))
		require.NoError(t, h.store.Fail(t.Context(), broken, 2, roughy.Failure{Code: "c", Message: "m"}))
		kept := []string{
			published, "assets/clip",
			h.put(t, pending, "1.mp4"), // that it will write
			h.put(t, held, "2.mp4"),    // under way
			h.put(t, free, "2.mp4"),    // whose worker may just publish it
			h.put(t, held, "notes"),    // nobody's
			h.put(t, uuid.New(), "1.mp4"),
			h.put(t, uuid.Nil, "1.mp4"),
		}
		for id, names := range map[uuid.UUID][]string{held: {"1.mp4"}, free: {"1.mov"}, done: {"1.mp4", "2.mp4", "4.mp4"}, broken: {"1.mp4", "2.mp4"}} {
			for _, name := range names {
				h.put(t, id, name)
			}
		}
		require.NoError(t, q.Sweep(t.Context()))
		slices.Sort(kept)
		require.Equal(t, kept, h.keys(t, ""))
	})
}

func TestASweepRemovesWhatKilledUploadsLeft(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	old, young := filepath.Join(h.dir, "blobs", "assets", "clip.1.tmp"), filepath.Join(h.dir, "blobs", "assets", "clip.2.tmp")
	for _, path := range []string{old, young} {
		require.NoError(t, os.WriteFile(path, []byte("half"), 0o600))
	}
	before := time.Now().Add(-2 * time.Hour)
	require.NoError(t, os.Chtimes(old, before, before))
	q := h.queue(t, func(c *jobs.Config) { c.Stale = time.Hour })
	require.NoError(t, q.Sweep(t.Context()))
	require.NoFileExists(t, old)
	require.FileExists(t, young, "somebody may be at work on it")
}

func TestAStartedQueueSweepsByItself(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.started(t, func(c *jobs.Config) { c.Sweep = 10 * time.Millisecond })
		r := h.over(t, h.create(t, q))
		h.put(t, r.ID, "0.mp4")
		require.Eventually(t, func() bool { return slices.Equal(h.outputs(t, r.ID), []string{r.OutputKey}) }, patience, 5*time.Millisecond)
	})
}

func TestASweepBesideWorkersTakesNothingFromThem(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.started(t, func(c *jobs.Config) { c.Workers, c.Sweep = 8, time.Millisecond })
		var ids []uuid.UUID
		for range 50 {
			ids = append(ids, h.create(t, q))
		}
		for _, id := range ids {
			r := h.over(t, id)
			require.Equal(t, 1, r.Attempt)
			require.Equal(t, []string{r.OutputKey}, h.outputs(t, id))
		}
	})
}

func TestOnlyTheScratchFoldersOfTheDeadAreRemoved(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir(), databases["Postgres"](t))
	h.furnish(t)
	blocking := newBlockingEngine()
	first := h.started(t, engines(blocking))
	h.create(t, first)
	task := <-blocking.began
	dead := filepath.Join(h.dir, "scratch", "dead", "render")
	require.NoError(t, os.MkdirAll(dead, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dead, "1.mp4"), []byte("half"), 0o600))

	other := h.again(t)
	second := other.started(t)
	require.FileExists(t, task.Output)
	require.NoDirExists(t, dead)
	made := filepath.Join(t.TempDir(), "dead")
	require.NoError(t, os.MkdirAll(filepath.Join(made, "render"), 0o700))
	require.NoError(t, os.Rename(made, filepath.Dir(dead))) // at once: the queue sweeps by itself, too
	require.NoError(t, second.Sweep(t.Context()))
	require.FileExists(t, task.Output)
	require.NoDirExists(t, dead)
	require.NoError(t, second.Stop(t.Context()))
	require.NoError(t, first.Stop(t.Context()))
	left, err := filepath.Glob(filepath.Join(h.dir, "scratch", "*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(h.dir, "scratch", "lock")}, left, "who stops takes its folder along")
}
