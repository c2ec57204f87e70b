package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"
)

// FileName is the database's file in the data folder.
const FileName = "roughy.db"

// idleTime is how long a connection that nobody needs stays. On SQLite it keeps a cache of up to 2 MB.
const idleTime = 20 * time.Second

// ErrInUse says that another process serves the data folder.
var ErrInUse = errors.New("data folder is in use by another server")

// folder is a SQLite database in a data folder.
type folder struct{ dir string }

var _ database = folder{}

// Open opens the SQLite database in dir, FileName, and makes folder and database where they are missing. Processes that
// open one folder at the same time wait for each other. The database is for its user alone. The error names the file or
// folder that is in the way, as Explain does, or a database of a newer version.
func Open(ctx context.Context, dir string, opts ...Option) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	f := folder{dir}
	s := newStore(f, slices.Concat(opts, []Option{WithDir(dir)}))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, s.Explain(fmt.Errorf("data folder: %w", err))
	}
	if s.write, err = sql.Open("sqlite", f.source("_txlock=immediate&_pragma=journal_mode(wal)")); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if err := s.Migrate(ctx, s.update); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if s.read, err = sql.Open("sqlite", f.source("mode=ro&_pragma=query_only(1)")); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.write.Close())
	}
	readers := max(4, runtime.GOMAXPROCS(0)) + 1 // one may be taken by Changes
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	s.read.SetConnMaxIdleTime(idleTime)
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// source is the address of the database file for the driver, which takes the path as a URL so that it may hold any letter.
func (f folder) source(settings string) string {
	file := url.URL{Scheme: "file", OmitHost: true, Path: f.file()}
	return fmt.Sprintf("%s?_pragma=busy_timeout(%d)&_pragma=foreign_keys(1)&%s", &file, patience.Milliseconds(), settings)
}

func (f folder) file() string { return filepath.Join(f.dir, FileName) }

func (folder) dialect() goose.Dialect { return goose.DialectSQLite3 }

// alone locks a file beside the database: SQLite has no lock that outlasts a transaction.
func (f folder) alone(ctx context.Context) (release func() error, err error) {
	lock := flock.New(filepath.Join(f.dir, "migrate.lock"), flock.SetPermissions(0o600))
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = lock.TryLockContext(waiting, 10*time.Millisecond)
	switch {
	case err != nil && ctx.Err() == nil && waiting.Err() != nil:
		return nil, fmt.Errorf("%s is held: another process has been changing the schema for %v; try again, or end that process",
			lock.Path(), patience)
	case err != nil:
		return nil, fmt.Errorf("lock data folder: %w", err)
	default:
		return lock.Close, nil
	}
}

// prepare makes the database's file where it is missing, and reads what goose reads first.
func (f folder) prepare(ctx context.Context, db *sql.DB) error {
	// SQLite would let others read it. A file that is there must not be opened: closing it again would take away the locks
	// that SQLite has on it elsewhere in this process.
	file, err := os.OpenFile(f.file(), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case err == nil:
		_ = file.Close() // nothing was written
	case !errors.Is(err, fs.ErrExist):
		return fmt.Errorf("make database: %w", err)
	}
	var version sql.NullInt64
	err = db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&version)
	if failure, ok := errors.AsType[*sqlite.Error](err); ok && failure.Code() == sqlitecode.SQLITE_ERROR {
		return nil // the table is really not there
	}
	if err != nil {
		return fmt.Errorf("read database: %w", err)
	}
	return nil
}

func (folder) count() string {
	return `SELECT count(*) FROM sqlite_master WHERE name IN ($1, $2, $3, $4)`
}

func (f folder) name() string { return f.file() }

// idle refuses to change the schema below an older program's server, which would be the one that stumbles.
func (f folder) idle() (release func() error, err error) {
	release, err = f.lock()
	if errors.Is(err, ErrInUse) {
		return nil, fmt.Errorf("%w, of an older version: stop the server on this folder first", err)
	}
	return release, err
}

// Lock makes the caller the one server of the data folder until release is called. Without it a second server would take
// the first one's running renders for abandoned ones. The error is ErrInUse while another process, or another Store of
// this one, has the lock; a process that is killed loses it. It is for SQLite alone: on Postgres many work at once.
func (s *Store) Lock() (release func() error, err error) {
	release, err = folder{s.dir}.lock()
	return release, s.Explain(err)
}

func (f folder) lock() (release func() error, err error) {
	lock := flock.New(filepath.Join(f.dir, "serve.lock"), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if !got {
		return nil, fmt.Errorf("%s: %w", f.dir, ErrInUse)
	}
	return lock.Close, nil
}
