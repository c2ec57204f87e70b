package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/store"
)

var claims = []sentence{
	{"a claim makes the render processing, for its first attempt", func(t *testing.T, f fixture) {
		r := f.pending(t)
		f.clock.Step(time.Second)
		c, err := f.Claim(t.Context(), r.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 1, c.Attempt)
		require.Positive(t, c.Beat)
		read := f.now(t, r.ID)
		require.Equal(t, c.Render, read)
		require.Equal(t, roughy.StateProcessing, read.State)
		require.Equal(t, f.clock.Now(), *read.StartedAt)
	}},
	{"a held claim is refused to others, whatever the clock says", func(t *testing.T, f fixture) {
		held := f.claimed(t)
		f.clock.Step(24 * time.Hour)
		_, err := f.Claim(t.Context(), held.ID, 0)
		require.ErrorIs(t, err, store.ErrHeld)
		require.Equal(t, held, f.row(t, held.ID))
	}},
	{"a held render is listed, and its signs of life are counted", func(t *testing.T, f fixture) {
		f.pending(t)
		first := f.claimed(t)
		require.NoError(t, f.Beat(t.Context(), first.ID, first.Attempt))
		held, err := f.Held(t.Context())
		require.NoError(t, err)
		first.Beat++
		require.Equal(t, []store.Render{first}, held)
		require.NoError(t, f.Fail(t.Context(), first.ID, first.Attempt, roughy.Failure{Code: "c", Message: "m"}))
		held, err = f.Held(t.Context())
		require.NoError(t, err)
		require.Empty(t, held)
	}},
	{"a claim that was let go can be taken at once, and never goes back to pending", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.Release(t.Context(), r.ID, r.Attempt))
		require.Equal(t, roughy.StateProcessing, f.now(t, r.ID).State)
		f.clock.Step(time.Minute)
		next, err := f.Claim(t.Context(), r.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, next.Attempt)
		require.Zero(t, next.Failures)
		require.Equal(t, r.StartedAt, next.StartedAt)
		require.Equal(t, r.StartedAt, f.now(t, r.ID).StartedAt)
	}},
	{"a claim that is given back is free, and counts as a failure", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.GiveBack(t.Context(), r.ID, r.Attempt))
		next, err := f.Claim(t.Context(), r.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, next.Attempt)
		require.Equal(t, 1, next.Failures)
	}},
	{"a claim that is taken back is free, and counts as a failure", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.takeBack(t, r))
		next, err := f.Claim(t.Context(), r.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, next.Attempt)
		require.Equal(t, 1, next.Failures)
	}},
	{"a claim is not taken back from who gave a sign of life", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.Beat(t.Context(), r.ID, r.Attempt))
		require.ErrorIs(t, f.takeBack(t, r), store.ErrFenced)
		require.Zero(t, f.row(t, r.ID).Failures)
	}},
	{"of many who take a claim back at once one does", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.Equal(t, 1, atOnce(func() error { return f.takeBack(t, r) }))
		require.Equal(t, 1, f.row(t, r.ID).Failures)
	}},
	{"a render that has a job can be claimed by no other", func(t *testing.T, f fixture) {
		r := f.pending(t)
		require.NoError(t, f.assign(t, r.ID, 0, 7))
		_, err := f.Claim(t.Context(), r.ID, 6)
		require.ErrorIs(t, err, store.ErrFenced)
		c, err := f.Claim(t.Context(), r.ID, 7)
		require.NoError(t, err)
		require.EqualValues(t, 7, c.Job)
	}},
	{"a job gives way to another once, and not while the render is held or over", func(t *testing.T, f fixture) {
		r := f.pending(t)
		require.NoError(t, f.assign(t, r.ID, 0, 7))
		require.ErrorIs(t, f.assign(t, r.ID, 0, 8), store.ErrFenced)
		require.NoError(t, f.assign(t, r.ID, 7, 9))
		c, err := f.Claim(t.Context(), r.ID, 9)
		require.NoError(t, err)
		require.ErrorIs(t, f.assign(t, r.ID, 9, 10), store.ErrFenced)
		require.NoError(t, f.Fail(t.Context(), r.ID, c.Attempt, roughy.Failure{Code: "c", Message: "m"}))
		require.ErrorIs(t, f.assign(t, r.ID, 9, 10), store.ErrFenced)
	}},
	{"a render that is not there cannot be claimed", func(t *testing.T, f fixture) {
		_, err := f.Claim(t.Context(), uuid.New(), 0)
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"of many claims at once one is granted", func(t *testing.T, f fixture) {
		r := f.pending(t)
		require.Equal(t, 1, atOnce(func() error {
			_, err := f.Claim(t.Context(), r.ID, 0)
			return err
		}))
		require.Equal(t, 1, f.row(t, r.ID).Attempt)
	}},
}

// atOnce calls f from many goroutines and counts how often it worked.
func atOnce(f func() error) int {
	var (
		wg     sync.WaitGroup
		worked atomic.Int32
	)
	for range 16 {
		wg.Go(func() {
			if f() == nil {
				worked.Add(1)
			}
		})
	}
	wg.Wait()
	return int(worked.Load())
}

var publications = []sentence{
	{"a published render is completed, with its size and its output's key", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		f.clock.Step(time.Second)
		require.NoError(t, f.Publish(t.Context(), r.ID, r.Attempt, "renders/x/1.mp4", 4321))
		read, key, err := f.ReadRender(t.Context(), "ann", r.ID)
		require.NoError(t, err)
		require.Equal(t, "renders/x/1.mp4", key)
		require.Equal(t, roughy.StateCompleted, read.State)
		require.EqualValues(t, 4321, *read.SizeBytes)
		require.Equal(t, f.clock.Now(), *read.CompletedAt)
		require.Nil(t, read.Failure)
	}},
	{"publishing the same output again is no error, and changes nothing", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.Publish(t.Context(), r.ID, r.Attempt, "renders/x/1.mp4", 1))
		before := f.row(t, r.ID)
		f.clock.Step(time.Second)
		require.NoError(t, f.Publish(t.Context(), r.ID, r.Attempt, "renders/x/1.mp4", 1))
		require.Equal(t, before, f.row(t, r.ID))
	}},
	{"a render that was taken back can be published until the next attempt begins", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.takeBack(t, r))
		require.NoError(t, f.Publish(t.Context(), r.ID, r.Attempt, "renders/x/1.mp4", 1))
		_, err := f.Claim(t.Context(), r.ID, 0)
		require.ErrorIs(t, err, store.ErrTerminal)
	}},
	{"a failed render says why, and has neither size nor output", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		why := roughy.Failure{Code: "unsupported", Message: "No way."}
		require.NoError(t, f.Fail(t.Context(), r.ID, r.Attempt, why))
		read, key, err := f.ReadRender(t.Context(), "ann", r.ID)
		require.NoError(t, err)
		require.Empty(t, key)
		require.Equal(t, roughy.StateFailed, read.State)
		require.Equal(t, &why, read.Failure)
		require.Nil(t, read.SizeBytes)
		require.Equal(t, f.clock.Now(), *read.CompletedAt)
	}},
	{"an attempt that was overtaken is fenced in every write and changes nothing", func(t *testing.T, f fixture) {
		first := f.claimed(t)
		require.NoError(t, f.Release(t.Context(), first.ID, first.Attempt))
		_, err := f.Claim(t.Context(), first.ID, 0)
		require.NoError(t, err)
		fencedWrites(t, f, first)
	}},
	{"a render that is pending is fenced in every write", func(t *testing.T, f fixture) {
		fencedWrites(t, f, f.pending(t))
	}},
	{"a completed render is published once and stays as it is", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.Publish(t.Context(), r.ID, r.Attempt, "renders/x/1.mp4", 1))
		fencedWrites(t, f, r)
		_, err := f.Claim(t.Context(), r.ID, 0)
		require.ErrorIs(t, err, store.ErrTerminal)
	}},
	{"a failed render stays as it is", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.Fail(t.Context(), r.ID, r.Attempt, roughy.Failure{Code: "c", Message: "m"}))
		fencedWrites(t, f, r)
		_, err := f.Claim(t.Context(), r.ID, 0)
		require.ErrorIs(t, err, store.ErrTerminal)
	}},
}

// fencedWrites tries each write with r's attempt and requires that it is refused and that the row stays as it was.
func fencedWrites(t *testing.T, f fixture, r store.Render) {
	t.Helper()
	before, err := f.Renders(t.Context(), r.Owner, 0)
	require.NoError(t, err)
	ctx := t.Context()
	require.ErrorIs(t, f.Beat(ctx, r.ID, r.Attempt), store.ErrFenced)
	require.ErrorIs(t, f.Release(ctx, r.ID, r.Attempt), store.ErrFenced)
	require.ErrorIs(t, f.GiveBack(ctx, r.ID, r.Attempt), store.ErrFenced)
	require.ErrorIs(t, f.takeBack(t, r), store.ErrFenced)
	require.ErrorIs(t, f.Publish(ctx, r.ID, r.Attempt, "renders/late", 9), store.ErrFenced)
	require.ErrorIs(t, f.Fail(ctx, r.ID, r.Attempt, roughy.Failure{Code: "late", Message: "late"}), store.ErrFenced)
	after, err := f.Renders(t.Context(), r.Owner, 0)
	require.NoError(t, err)
	require.Equal(t, before, after)
}
