package storetest

import (
	"database/sql"
	"sync"
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
		c, err := f.Claim(t.Context(), r.ID, time.Minute)
		require.NoError(t, err)
		require.Equal(t, 1, c.Attempt)
		require.Equal(t, f.clock.Now().Add(time.Minute), c.LeaseUntil)
		read := f.now(t, r.ID)
		require.Equal(t, c.Render, read)
		require.Equal(t, roughy.StateProcessing, read.State)
		require.Equal(t, f.clock.Now(), *read.StartedAt)
	}},
	{"a held claim is refused to others, with the row", func(t *testing.T, f fixture) {
		held := f.claimed(t)
		r, err := f.Claim(t.Context(), held.ID, time.Minute)
		require.ErrorIs(t, err, store.ErrLeased)
		require.Equal(t, held, r)
	}},
	{"a lease that ran out can be claimed for the next attempt, and the start stays", func(t *testing.T, f fixture) {
		first := f.claimed(t)
		f.clock.Step(time.Minute)
		second, err := f.Claim(t.Context(), first.ID, time.Minute)
		require.NoError(t, err)
		require.Equal(t, 2, second.Attempt)
		require.Equal(t, first.StartedAt, second.StartedAt)
		require.Equal(t, first.StartedAt, f.now(t, first.ID).StartedAt)
	}},
	{"an extended lease is held on", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		f.clock.Step(50 * time.Second)
		require.NoError(t, f.Extend(t.Context(), r.ID, r.Attempt, time.Minute))
		f.clock.Step(50 * time.Second)
		_, err := f.Claim(t.Context(), r.ID, time.Minute)
		require.ErrorIs(t, err, store.ErrLeased)
	}},
	{"a claim that was let go can be taken at once, and never goes back to pending", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.Release(t.Context(), r.ID, r.Attempt))
		require.Equal(t, roughy.StateProcessing, f.now(t, r.ID).State)
		next, err := f.Claim(t.Context(), r.ID, time.Minute)
		require.NoError(t, err)
		require.Equal(t, 2, next.Attempt)
	}},
	{"all claims can be let go of at once", func(t *testing.T, f fixture) {
		first, second := f.claimed(t), f.claimed(t)
		f.pending(t)
		require.NoError(t, f.InTx(t.Context(), func(tx *sql.Tx) error {
			n, err := f.ReleaseAll(t.Context(), tx)
			require.Equal(t, 2, n)
			return err
		}))
		for _, r := range []store.Render{first, second} {
			_, err := f.Claim(t.Context(), r.ID, time.Minute)
			require.NoError(t, err)
		}
	}},
	{"a render that is not there cannot be claimed", func(t *testing.T, f fixture) {
		_, err := f.Claim(t.Context(), uuid.New(), time.Minute)
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"of many claims at once one is granted", func(t *testing.T, f fixture) {
		r := f.pending(t)
		var (
			wg      sync.WaitGroup
			granted = make(chan int, 16)
		)
		for range cap(granted) {
			wg.Go(func() {
				if c, err := f.Claim(t.Context(), r.ID, time.Minute); err == nil {
					granted <- c.Attempt
				}
			})
		}
		wg.Wait()
		close(granted)
		require.Len(t, granted, 1)
	}},
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
		_, err := f.Claim(t.Context(), first.ID, time.Minute)
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
		_, err := f.Claim(t.Context(), r.ID, time.Minute)
		require.ErrorIs(t, err, store.ErrTerminal)
	}},
	{"a failed render stays as it is", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		require.NoError(t, f.Fail(t.Context(), r.ID, r.Attempt, roughy.Failure{Code: "c", Message: "m"}))
		fencedWrites(t, f, r)
		_, err := f.Claim(t.Context(), r.ID, time.Minute)
		require.ErrorIs(t, err, store.ErrTerminal)
	}},
}

// fencedWrites tries each write with r's attempt and requires that it is refused and that the row stays as it was.
func fencedWrites(t *testing.T, f fixture, r store.Render) {
	t.Helper()
	before, err := f.Renders(t.Context(), r.Owner, 0)
	require.NoError(t, err)
	ctx := t.Context()
	require.ErrorIs(t, f.Extend(ctx, r.ID, r.Attempt, time.Hour), store.ErrFenced)
	require.ErrorIs(t, f.Release(ctx, r.ID, r.Attempt), store.ErrFenced)
	require.ErrorIs(t, f.Publish(ctx, r.ID, r.Attempt, "renders/late", 9), store.ErrFenced)
	require.ErrorIs(t, f.Fail(ctx, r.ID, r.Attempt, roughy.Failure{Code: "late", Message: "late"}), store.ErrFenced)
	after, err := f.Renders(t.Context(), r.Owner, 0)
	require.NoError(t, err)
	require.Equal(t, before, after)
}
