package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/store"
)

var keys = []sentence{
	{"a key's owner is found by its hash", func(t *testing.T, f fixture) {
		_, err := f.CreateKey(t.Context(), "ann", [32]byte{1})
		require.NoError(t, err)
		_, err = f.CreateKey(t.Context(), "bob", [32]byte{2})
		require.NoError(t, err)
		owner, err := f.KeyOwner(t.Context(), [32]byte{2})
		require.NoError(t, err)
		require.Equal(t, "bob", owner)
	}},
	{"a hash that is not there has no owner", func(t *testing.T, f fixture) {
		_, err := f.KeyOwner(t.Context(), [32]byte{9})
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"one hash is stored once", func(t *testing.T, f fixture) {
		_, err := f.CreateKey(t.Context(), "ann", [32]byte{1})
		require.NoError(t, err)
		_, err = f.CreateKey(t.Context(), "bob", [32]byte{1})
		require.Error(t, err)
	}},
	{"a revoked key has no owner from the next call on", func(t *testing.T, f fixture) {
		k, err := f.CreateKey(t.Context(), "ann", [32]byte{1})
		require.NoError(t, err)
		require.NoError(t, f.RevokeKey(t.Context(), k.ID))
		_, err = f.KeyOwner(t.Context(), [32]byte{1})
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"revoking again keeps the first moment", func(t *testing.T, f fixture) {
		k, err := f.CreateKey(t.Context(), "ann", [32]byte{1})
		require.NoError(t, err)
		first := f.clock.Now()
		require.NoError(t, f.RevokeKey(t.Context(), k.ID))
		f.clock.Step(time.Hour)
		require.NoError(t, f.RevokeKey(t.Context(), k.ID))
		listed, err := f.Keys(t.Context())
		require.NoError(t, err)
		require.Equal(t, []store.Key{{ID: k.ID, Owner: "ann", CreatedAt: first, RevokedAt: &first}}, listed)
	}},
	{"a key that is not there cannot be revoked", func(t *testing.T, f fixture) {
		require.ErrorIs(t, f.RevokeKey(t.Context(), uuid.New()), roughy.ErrNotFound)
	}},
}

var sources = []sentence{
	{"an asset comes back as it was added", func(t *testing.T, f fixture) {
		a := f.asset(t, "ann")
		require.Equal(t, f.clock.Now(), a.CreatedAt)
		read, err := f.Asset(t.Context(), "ann", a.ID)
		require.NoError(t, err)
		require.Equal(t, a, read)
		require.Equal(t, wholeSource, read.Source)
	}},
	{"an asset keeps the id that it was given", func(t *testing.T, f fixture) {
		id, err := store.NewID()
		require.NoError(t, err)
		a, err := f.AddAsset(t.Context(), store.Asset{ID: id, Owner: "ann"})
		require.NoError(t, err)
		require.Equal(t, id, a.ID)
	}},
	{"an asset's name is valid UTF-8 without NUL, whatever its file was called", func(t *testing.T, f fixture) {
		a, err := f.AddAsset(t.Context(), store.Asset{Owner: "ann", Name: "cl\xffi\x00p — ü.mp4"})
		require.NoError(t, err)
		require.Equal(t, "cl\uFFFDi\uFFFDp — ü.mp4", a.Name)
		read, err := f.Asset(t.Context(), "ann", a.ID)
		require.NoError(t, err)
		require.Equal(t, a, read)
	}},
	{"another owner's asset is not found", func(t *testing.T, f fixture) {
		_, err := f.Asset(t.Context(), "bob", f.asset(t, "ann").ID)
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"assets are listed the oldest first and of one owner", func(t *testing.T, f fixture) {
		first, second := f.asset(t, "ann"), f.asset(t, "ann")
		f.asset(t, "bob")
		listed, err := f.Assets(t.Context(), "ann")
		require.NoError(t, err)
		require.Equal(t, []store.Asset{first, second}, listed)
	}},
	{"a list of nothing is empty and no error", func(t *testing.T, f fixture) {
		assets, err := f.Assets(t.Context(), "ann")
		require.NoError(t, err)
		require.Empty(t, assets)
		renders, err := f.Renders(t.Context(), "ann", 0)
		require.NoError(t, err)
		require.Empty(t, renders)
		keys, err := f.Keys(t.Context())
		require.NoError(t, err)
		require.Empty(t, keys)
	}},
	{"a cut comes back as it was added, in its order", func(t *testing.T, f fixture) {
		c := f.cut(t, f.asset(t, "ann"))
		read, err := f.Cut(t.Context(), "ann", c.ID)
		require.NoError(t, err)
		require.Equal(t, c, read)
		require.Equal(t, time.Second, read.Segments[0].Start)
	}},
	{"another owner's cut is not found", func(t *testing.T, f fixture) {
		_, err := f.Cut(t.Context(), "bob", f.cut(t, f.asset(t, "ann")).ID)
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
	{"a cut of another owner's asset is not found", func(t *testing.T, f fixture) {
		_, err := f.AddCut(t.Context(), store.Cut{Owner: "bob", AssetID: f.asset(t, "ann").ID})
		require.ErrorIs(t, err, roughy.ErrNotFound)
	}},
}
