package jobs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
)

func short(c *jobs.Config) { c.Lease = 600 * time.Millisecond }

func TestARenderOfTheFirstVersionWhoseJobWasTakenIsMade(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.queue(t, short)
		id := h.create(t, q)
		exec(t, h.store.Writer(), `UPDATE renders SET job = 0`)
		exec(t, h.store.Writer(), `UPDATE river_job SET state = 'running', attempt = 1`)
		require.NoError(t, q.Start(t.Context()))
		require.Equal(t, roughy.StateCompleted, h.over(t, id).State)
	})
}

func TestAClockThatStepsBackKeepsNoRenderWaiting(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.queue(t, short)
		first := h.create(t, q)
		second := h.create(t, q)
		require.Zero(t, h.count(t, `SELECT count(*) FROM river_job WHERE scheduled_at > '1971-01-01' OR state <> 'available'`), "new ones are undated")
		retry := fmt.Sprintf(`UPDATE river_job SET scheduled_at = '2999-01-01 00:00:00', attempt = 1 WHERE id = %d`, h.row(t, second).Job)
		exec(t, h.store.Writer(), retry)
		require.NoError(t, q.Start(t.Context()))
		require.Equal(t, roughy.StateCompleted, h.over(t, first).State)
		require.Equal(t, roughy.StateCompleted, h.over(t, second).State)
		h.idle(t)
		require.Equal(t, 1, h.count(t, `SELECT count(*) FROM river_job WHERE state = 'cancelled'`))
	})
}

func TestABucketThatIsGoneIsNoFailureOfARender(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		gone, sound := &failingEngine{err: fmt.Errorf("fetch: %w", blobs.ErrUnreachable)}, &copyingEngine{}
		q := h.started(t, func(c *jobs.Config) {
			c.Attempts = 2
			c.Choose = func(media.Task) (media.Engine, error) {
				if gone.calls.Load() < 4 {
					return gone, nil
				}
				return sound, nil
			}
		})
		r := h.over(t, h.create(t, q))
		require.Equal(t, roughy.StateCompleted, r.State)
		require.Equal(t, 5, r.Attempt)
		require.Zero(t, r.Failures)
	})
}

func TestWhoCouldNotGiveASignOfLifeIsNotTakenForDead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	deaf := deafEngine{began: make(chan struct{}, 1), release: make(chan struct{})}
	q := h.started(t, engines(deaf), short)
	id := h.create(t, q)
	<-deaf.began
	exec(t, h.store.Writer(), `PRAGMA query_only = 1`)
	time.Sleep(2 * time.Second) // three leases, in which it can be read and not written
	exec(t, h.store.Writer(), `PRAGMA query_only = 0`)
	seen := h.row(t, id).Beat
	require.Eventually(t, func() bool { return h.row(t, id).Beat != seen }, patience, time.Millisecond)
	close(deaf.release)
	r := h.over(t, id)
	require.Equal(t, roughy.StateCompleted, r.State)
	require.Equal(t, 1, r.Attempt)
	require.Zero(t, r.Failures)
}

func TestAScratchFolderThatIsGoneIsMadeAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	q := h.started(t, func(c *jobs.Config) { c.Attempts = 1 })
	require.NoError(t, os.Rename(filepath.Join(h.dir, "scratch"), filepath.Join(t.TempDir(), "gone"))) // in one step: a sweep may be looking
	require.Equal(t, roughy.StateCompleted, h.over(t, h.create(t, q)).State)
	require.Empty(t, h.scratch(t))
}

func TestAQueueOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		h.queue(t)
		exec(t, h.store.Writer(), `INSERT INTO river_migration (line, version) VALUES ('main', 99)`)
		_, err := jobs.Open(t.Context(), jobs.Config{Store: h.store, Bucket: h.bucket})
		require.ErrorContains(t, err, "database has queue schema 99, this program knows up to ")
		require.ErrorContains(t, err, ": use the newer program")
	})
}
