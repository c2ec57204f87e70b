package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/pgtest"
	"github.com/roughy-go/roughy/internal/store"
)

func TestADatabaseOfAnotherProgramIsLeftAlone(t *testing.T) {
	t.Parallel()
	theirs := func(file, table string) func(*testing.T, *sql.DB, goose.Dialect) {
		return func(t *testing.T, raw *sql.DB, dialect goose.Dialect) {
			up(t, raw, dialect, fstest.MapFS{file: {Data: []byte("-- +goose Up\nCREATE TABLE " + table + " (id text);")}})
		}
	}
	for name, make := range map[string]func(*testing.T, *sql.DB, goose.Dialect){
		"a table of a name of ours":         func(t *testing.T, raw *sql.DB, _ goose.Dialect) { exec(t, raw, "CREATE TABLE api_keys (id text)") },
		"another program's versions":        theirs("20230101_theirs.sql", "theirs"),
		"versions that are ours by number":  theirs("00002_theirs.sql", "theirs"),
		"versions and a table of our names": theirs("00001_theirs.sql", "assets"),
	} {
		for kind, connect := range map[string]func(*testing.T) (string, goose.Dialect, string, func() (*store.Store, error)){
			"SQLite": func(t *testing.T) (string, goose.Dialect, string, func() (*store.Store, error)) {
				dir := t.TempDir()
				return "sqlite", goose.DialectSQLite3, filepath.Join(dir, store.FileName), func() (*store.Store, error) { return store.Open(t.Context(), dir) }
			},
			"Postgres": func(t *testing.T) (string, goose.Dialect, string, func() (*store.Store, error)) {
				address := pgtest.URL(t)
				return "pgx", goose.DialectPostgres, address, func() (*store.Store, error) { return store.Connect(t.Context(), address) }
			},
		} {
			t.Run(name+" in "+kind, func(t *testing.T) {
				t.Parallel()
				driver, dialect, source, open := connect(t)
				raw := rawDB(t, driver, source)
				make(t, raw, dialect)
				_, err := open()
				require.ErrorContains(t, err, "holds something else's tables: give roughyd one of its own")
				require.NotContains(t, err.Error(), "exists")
				_, err = raw.Exec(`SELECT 1 FROM renders`)
				require.Error(t, err, "nothing was made in it")
			})
		}
	}
}

func TestASchemaIsNotChangedBelowARunningServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeFirst(t, rawDB(t, "sqlite", filepath.Join(dir, store.FileName)), goose.DialectSQLite3)
	older := flock.New(filepath.Join(dir, "serve.lock"))
	require.NoError(t, older.Lock())
	_, err := store.Open(t.Context(), dir)
	require.EqualError(t, err, dir+": data folder is in use by another server, of an older version: stop the server on this folder first")
	require.ErrorIs(t, err, store.ErrInUse)
	require.NoError(t, older.Close())
	s := open(t, dir)

	release, err := s.Lock()
	require.NoError(t, err)
	open(t, dir) // there is nothing to change
	require.NoError(t, release())
}

func TestTheMarkOfTheBucketIsSettledOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, _ *sql.DB, _ goose.Dialect, open func() *store.Store) {
		stores := []*store.Store{open(), open(), open()}
		none, err := stores[0].Bucket(t.Context())
		require.NoError(t, err)
		require.Equal(t, uuid.Nil, none)
		gone := errors.New("gone")
		_, err = stores[0].SettleBucket(t.Context(), func(context.Context) (uuid.UUID, error) { return uuid.New(), gone })
		require.ErrorIs(t, err, gone)
		ids, errs := make([]uuid.UUID, len(stores)), make([]error, len(stores))
		var wg sync.WaitGroup
		for i, s := range stores {
			wg.Go(func() {
				ids[i], errs[i] = s.SettleBucket(t.Context(), func(context.Context) (uuid.UUID, error) { return uuid.New(), nil })
			})
		}
		wg.Wait()
		require.Equal(t, make([]error, len(stores)), errs)
		settled, err := stores[0].Bucket(t.Context())
		require.NoError(t, err)
		require.NotEqual(t, uuid.Nil, settled)
		require.Equal(t, []uuid.UUID{settled, settled, settled}, ids)
	})
}
