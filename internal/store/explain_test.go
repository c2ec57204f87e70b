package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/store"
)

// requireSentence holds an error of the database to one sentence without the driver's words, which stay below it.
func requireSentence(t *testing.T, want string, err error) {
	t.Helper()
	require.EqualError(t, err, want)
	var below *sqlite.Error
	require.ErrorAs(t, err, &below)
}

func TestTroubleWithTheDatabaseIsExplained(t *testing.T) {
	t.Parallel()
	add := func(ctx context.Context, s *store.Store) error {
		_, err := s.AddAsset(ctx, store.Asset{Owner: "ann", Name: strings.Repeat("x", 1<<20)})
		return err
	}
	begin := func(ctx context.Context, s *store.Store) error {
		return s.InTx(ctx, func(*sql.Tx) error { return nil })
	}
	for name, c := range map[string]struct {
		pragma string
		locked bool // by another store's transaction
		call   func(context.Context, *store.Store) error
		says   string
	}{
		"full":              {"max_page_count = 1", false, add, "no space left in DIR: free some"},
		"read-only":         {"query_only = 1", false, add, "FILE cannot be written: check its permissions and those of its folder"},
		"busy for a write":  {"busy_timeout = 0", true, add, "DIR is busy: another process has been writing for 10s; try again"},
		"busy from the off": {"busy_timeout = 0", true, begin, "DIR is busy: another process has been writing for 10s; try again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s, other := open(t, dir), open(t, dir)
			_, err := s.Writer().Exec("PRAGMA " + c.pragma)
			require.NoError(t, err)
			says := strings.NewReplacer("DIR", dir, "FILE", filepath.Join(dir, store.FileName)).Replace(c.says)
			try := func(*sql.Tx) error {
				requireSentence(t, says, s.Explain(fmt.Errorf("the caller's words: %w", c.call(t.Context(), s))))
				return nil
			}
			if !c.locked {
				require.NoError(t, try(nil))
				return
			}
			require.NoError(t, other.InTx(t.Context(), try))
		})
	}
}

func TestTransactionsAndMigrationsAreExplainedAlready(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	_, err := s.Writer().Exec(`PRAGMA query_only = 1`)
	require.NoError(t, err)
	says := filepath.Join(dir, store.FileName) + " cannot be written: check its permissions and those of its folder"
	const write = `INSERT INTO api_keys (id, hash, owner, created_at) VALUES ('a', 'b', 'c', 1)`
	requireSentence(t, says, s.InTx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(write)
		return err
	}))
	requireSentence(t, says, s.Migrate(t.Context(), func(ctx context.Context, db *sql.DB) error {
		_, err := db.ExecContext(ctx, write)
		return err
	}))
}

func TestADamagedDatabaseIsExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	file := filepath.Join(dir, store.FileName)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	const page = 4096 // the first tells of the tables; what they hold comes after it
	require.Greater(t, len(data), 2*page)
	copy(data[page:], bytes.Repeat([]byte{0xff}, len(data)-page))
	require.NoError(t, os.WriteFile(file, data, 0o600))
	_, err = store.Open(t.Context(), dir)
	requireSentence(t, file+" is damaged: put back a copy of it, or use another folder", err)
}

func TestTroubleWithTheFoldersFilesIsExplained(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	blob := filepath.Join(s.Dir(), "blobs", "clip.mp4.tmp")
	for name, c := range map[string]struct {
		err  error
		want string // "" leaves the error as it is
	}{
		"a full disk":               {&fs.PathError{Op: "write", Path: blob, Err: os.NewSyscallError("copy_file_range", syscall.ENOSPC)}, "no space left in " + s.Dir() + ": free some"},
		"a read-only disk":          {&fs.PathError{Op: "open", Path: blob, Err: syscall.EROFS}, s.Dir() + " cannot be written: its disk is read-only; use another folder"},
		"a folder that is closed":   {&fs.PathError{Op: "mkdir", Path: blob, Err: syscall.EACCES}, blob + " cannot be read or written: check its permissions and those of its folder"},
		"a rename that is refused":  {&os.LinkError{Op: "rename", Old: "x", New: blob, Err: syscall.EPERM}, blob + " cannot be read or written: check its permissions and those of its folder"},
		"the folder above":          {&fs.PathError{Op: "mkdir", Path: filepath.Dir(s.Dir()), Err: syscall.EACCES}, filepath.Dir(s.Dir()) + " cannot be read or written: check its permissions and those of its folder"},
		"a file of somebody else's": {&fs.PathError{Op: "open", Path: s.Dir() + "-other/clip.mp4", Err: syscall.EACCES}, ""},
		"a file that is gone":       {&fs.PathError{Op: "open", Path: blob, Err: syscall.ENOENT}, ""},
		"not found":                 {roughy.ErrNotFound, ""},
		"nothing":                   {nil, ""},
	} {
		wrapped := c.err
		if c.want != "" {
			wrapped = fmt.Errorf("upload: %w", c.err)
		}
		got := s.Explain(wrapped)
		if c.want == "" {
			require.Equal(t, c.err, got, name)
			continue
		}
		require.EqualError(t, got, c.want, name)
		require.ErrorIs(t, got, c.err, name)
		require.EqualError(t, s.Explain(fmt.Errorf("again: %w", got)), c.want, name)
	}
}

func TestALockThatIsHeldIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	held := flock.New(filepath.Join(dir, "migrate.lock"))
	require.NoError(t, held.Lock())
	synctest.Test(t, func(t *testing.T) { // its ten seconds take no time
		_, err := store.Open(t.Context(), dir)
		require.EqualError(t, err, held.Path()+" is held: another process has been changing the schema for 10s; try again, or end that process")
		stopped, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("Ctrl-C"))
		_, err = store.Open(stopped, dir)
		require.ErrorIs(t, err, context.Canceled)
	})
	require.NoError(t, held.Close())
	open(t, dir)
}

func TestTheDatabaseIsForItsUserAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no permission bits there")
	}
	dir := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.Mkdir(dir, 0o755), "one that others may look into")
	s := open(t, dir)
	_, err := s.CreateKey(t.Context(), "ann", [32]byte{1})
	require.NoError(t, err)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode(), e.Name())
		names = append(names, e.Name())
	}
	require.Equal(t, []string{"migrate.lock", "roughy.db", "roughy.db-shm", "roughy.db-wal"}, names)
}
