package storetest

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/store"
)

func ptr[T any](v T) *T { return &v }

var renders = []sentence{
	{"a new render is pending and says only what was asked for", func(t *testing.T, f fixture) {
		a := f.asset(t, "ann")
		c := f.cut(t, a)
		asked := roughy.Output{
			Format: roughy.FormatMOV, Resolution: roughy.Resolution4K,
			VideoBitrate: ptr(50_000_000), AudioBitrate: ptr(320_000), FrameRate: ptr(29.97),
		}
		r, err := f.insert(t, store.NewRender{Owner: "ann", AssetID: a.ID, CutID: &c.ID, Output: asked})
		require.NoError(t, err)
		read, key, err := f.ReadRender(t.Context(), "ann", r.ID)
		require.NoError(t, err)
		require.Empty(t, key)
		require.Equal(t, r.Render, read)
		require.Equal(t, roughy.Render{
			ID: r.ID, AssetID: a.ID, CutID: &c.ID, State: roughy.StatePending, Output: asked, CreatedAt: f.clock.Now(),
		}, read)
	}},
	{"what was not asked for stays unset", func(t *testing.T, f fixture) {
		r := f.pending(t)
		require.Equal(t, roughy.Output{Format: roughy.FormatMP4}, f.now(t, r.ID).Output)
		require.Nil(t, f.now(t, r.ID).CutID)
	}},
	{"another owner's render is not found", func(t *testing.T, f fixture) {
		_, _, err := f.ReadRender(t.Context(), "bob", f.pending(t).ID)
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"a render that is not there is not found", func(t *testing.T, f fixture) {
		_, _, err := f.ReadRender(t.Context(), "ann", uuid.New())
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"a render of another owner's asset is not found", func(t *testing.T, f fixture) {
		_, err := f.insert(t, store.NewRender{Owner: "bob", AssetID: f.asset(t, "ann").ID})
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"a render with the cut of another asset is not found", func(t *testing.T, f fixture) {
		c := f.cut(t, f.asset(t, "ann"))
		_, err := f.insert(t, store.NewRender{Owner: "ann", AssetID: f.asset(t, "ann").ID, CutID: &c.ID})
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"a render whose transaction is rolled back was never there", func(t *testing.T, f fixture) {
		a, broken := f.asset(t, "ann"), errors.New("the job could not be inserted")
		var id uuid.UUID
		err := f.InTx(t.Context(), func(tx *sql.Tx) error {
			r, err := f.InsertRender(t.Context(), tx, store.NewRender{Owner: "ann", AssetID: a.ID})
			require.NoError(t, err)
			id = r.ID
			return broken
		})
		require.ErrorIs(t, err, broken)
		_, _, err = f.ReadRender(t.Context(), "ann", id)
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"renders are listed the newest first, of one owner, and no more than asked", func(t *testing.T, f fixture) {
		_, second, third := f.pending(t), f.pending(t), f.pending(t)
		_, err := f.insert(t, store.NewRender{Owner: "bob", AssetID: f.asset(t, "bob").ID})
		require.NoError(t, err)
		all, err := f.Renders(t.Context(), "ann", 0)
		require.NoError(t, err)
		require.Len(t, all, 3)
		two, err := f.Renders(t.Context(), "ann", 2)
		require.NoError(t, err)
		require.Equal(t, []store.Render{third, second}, two)
	}},
}

var clocks = []sentence{
	{"times are in order although the clock steps back", func(t *testing.T, f fixture) {
		r := f.pending(t)
		f.clock.Step(-time.Hour)
		r, err := f.Claim(t.Context(), r.ID, 0)
		require.NoError(t, err)
		f.clock.Step(-time.Hour)
		require.NoError(t, f.Publish(t.Context(), r.ID, r.Attempt, "renders/x", 1))
		read := f.now(t, r.ID)
		require.Equal(t, read.CreatedAt, *read.StartedAt)
		require.Equal(t, read.CreatedAt, *read.CompletedAt)
	}},
	{"a failure is dated in order too", func(t *testing.T, f fixture) {
		r := f.claimed(t)
		f.clock.Step(-time.Hour)
		require.NoError(t, f.Fail(t.Context(), r.ID, r.Attempt, roughy.Failure{Code: "c", Message: "m"}))
		read := f.now(t, r.ID)
		require.Equal(t, *read.StartedAt, *read.CompletedAt)
	}},
	{"times are kept in microseconds and in UTC", func(t *testing.T, f fixture) {
		f.clock.Step(999 * time.Nanosecond)
		r := f.pending(t)
		require.Equal(t, f.clock.Now().Truncate(time.Microsecond), f.now(t, r.ID).CreatedAt)
		require.Equal(t, time.UTC, f.now(t, r.ID).CreatedAt.Location())
	}},
}
