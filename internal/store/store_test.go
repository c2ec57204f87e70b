package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/store"
	"github.com/roughy-go/roughy/internal/store/storetest"
)

func open(t *testing.T, dir string, opts ...store.Option) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dir, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestSQLiteKeepsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, now func() time.Time) *store.Store {
		return open(t, t.TempDir(), store.WithClock(now))
	})
}

func TestWhatWasWrittenIsThereAfterReopening(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "where it is missing?#%20")
	s, err := store.Open(t.Context(), dir)
	require.NoError(t, err)
	a, err := s.AddAsset(t.Context(), store.Asset{Owner: "ann", Name: "clip"})
	require.NoError(t, err)
	require.NoError(t, s.Close())

	read, err := open(t, dir).Asset(t.Context(), "ann", a.ID)
	require.NoError(t, err)
	require.Equal(t, a, read)
	require.FileExists(t, filepath.Join(dir, store.FileName))
}

func TestManyFirstOpensAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stores := make([]*store.Store, 8)
	errs := make([]error, len(stores))
	var wg sync.WaitGroup
	for i := range stores {
		wg.Go(func() { stores[i], errs[i] = store.Open(t.Context(), dir) })
	}
	wg.Wait()
	for i, s := range stores {
		require.NoError(t, errs[i])
		_, err := s.CreateKey(t.Context(), "ann", [32]byte{byte(i)})
		require.NoError(t, err)
	}
	keys, err := stores[0].Keys(t.Context())
	require.NoError(t, err)
	require.Len(t, keys, len(stores))
	for _, s := range stores {
		require.NoError(t, s.Close())
	}
}

func TestReadsDoNotWaitForAWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writer, reader := open(t, dir), open(t, dir)
	a, err := writer.AddAsset(t.Context(), store.Asset{Owner: "ann"})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	require.NoError(t, writer.InTx(ctx, func(tx *sql.Tx) error {
		_, err := writer.InsertRender(ctx, tx, store.NewRender{Owner: "ann", AssetID: a.ID})
		require.NoError(t, err)
		for _, s := range []*store.Store{writer, reader} {
			_, err = s.Asset(ctx, "ann", a.ID)
			require.NoError(t, err)
			renders, err := s.Renders(ctx, "ann", 0)
			require.NoError(t, err)
			require.Empty(t, renders, "not committed yet")
		}
		return nil
	}))
	renders, err := reader.Renders(ctx, "ann", 0)
	require.NoError(t, err)
	require.Len(t, renders, 1)
}

func TestWritersOfTwoStoresQueueUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	for n := range 2 {
		s := open(t, dir)
		wg.Go(func() {
			for i := range 100 {
				_, err := s.CreateKey(t.Context(), "ann", [32]byte{byte(n), byte(i)})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestOneServerToAFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := open(t, dir), open(t, dir)
	release, err := first.Lock()
	require.NoError(t, err)
	_, err = second.Lock()
	require.ErrorIs(t, err, store.ErrInUse)
	require.ErrorContains(t, err, dir)
	require.NoError(t, release())
	release, err = second.Lock()
	require.NoError(t, err)
	require.NoError(t, release())
}

func TestKeysAreKeptAsHashesOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	k, err := s.CreateKey(t.Context(), "ann", [32]byte{0xfe, 0xed})
	require.NoError(t, err)
	require.NotContains(t, strings.ToLower(fmt.Sprintf("%+v", k)), "feed")
}

func TestFoldersThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(t *testing.T, dir string) string
		says    string
	}{
		"a file in the folder's place": {func(t *testing.T, dir string) string {
			return write(t, filepath.Join(dir, "file"), "hello")
		}, "not a directory"},
		"a folder below a file": {func(t *testing.T, dir string) string {
			return filepath.Join(write(t, filepath.Join(dir, "file"), "hello"), "data")
		}, "not a directory"},
		"a database that is text": {func(t *testing.T, dir string) string {
			write(t, filepath.Join(dir, store.FileName), strings.Repeat("no database at all\n", 100))
			return dir
		}, store.FileName + " is not a database"},
		"a database that is a folder": {func(t *testing.T, dir string) string {
			require.NoError(t, os.Mkdir(filepath.Join(dir, store.FileName), 0o700))
			return dir
		}, store.FileName + " cannot be written"},
		"a folder that nothing can be made in": {func(t *testing.T, _ string) string {
			if _, err := os.Stat("/proc/self"); err != nil {
				t.Skip("needs /proc, a folder that even root cannot write to")
			}
			return "/proc/self"
		}, "lock data folder"},
		"a database of a newer version": {func(t *testing.T, dir string) string {
			s := open(t, dir)
			_, err := s.Writer().Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`)
			require.NoError(t, err)
			return dir
		}, "use the newer program"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := c.prepare(t, t.TempDir())
			_, err := store.Open(t.Context(), dir)
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "\n", "one line")
		})
	}
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestAFullDatabaseLosesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	kept, err := s.CreateKey(t.Context(), "ann", [32]byte{1})
	require.NoError(t, err)
	_, err = s.Writer().Exec(`PRAGMA max_page_count = 1`) // SQLite takes the present size: not a page more
	require.NoError(t, err)
	_, err = s.AddAsset(t.Context(), store.Asset{Owner: "ann", Name: strings.Repeat("x", 1<<20)})
	require.ErrorContains(t, err, "full")

	keys, err := s.Keys(t.Context())
	require.NoError(t, err)
	require.Len(t, keys, 1)
	require.Equal(t, kept.ID, keys[0].ID)
	_, err = s.Assets(t.Context(), "ann")
	require.NoError(t, err)
}

func TestACancelledCallSaysSo(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.KeyOwner(ctx, [32]byte{})
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, roughy.ErrNotFound)
}

func TestCommitsOfAnybodyAreNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	here, there := open(t, dir), open(t, dir)
	changes, err := here.Changes(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, changes.Close()) }()
	for i, s := range []*store.Store{here, there} {
		_, err := s.CreateKey(t.Context(), "ann", [32]byte{byte(i)})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		require.NoError(t, changes.Next(ctx, nil))
		cancel()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, changes.Next(ctx, nil), context.DeadlineExceeded, "nothing was committed")
	hint := make(chan struct{}, 1)
	hint <- struct{}{}
	require.NoError(t, changes.Next(t.Context(), hint))
}
