package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"
)

// FileName is the database's file in the data folder.
const FileName = "roughy.db"

// patience is how long a process waits for another one that writes, or that changes the schema.
const patience = 10 * time.Second

// ErrInUse says that another process serves the data folder.
var ErrInUse = errors.New("data folder is in use by another server")

//go:embed migration/*.sql
var migration embed.FS

// Open opens the SQLite database in dir, FileName, and makes folder and database where they are missing. Processes that
// open one folder at the same time wait for each other. The database is for its user alone. The error names the file or
// folder that is in the way, as Explain does, or a database of a newer version.
func Open(ctx context.Context, dir string, opts ...Option) (*Store, error) {
	s := &Store{now: time.Now}
	for _, o := range opts {
		o(s)
	}
	var err error
	if s.dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, s.Explain(fmt.Errorf("data folder: %w", err))
	}
	if s.write, err = sql.Open("sqlite", s.source("_txlock=immediate&_pragma=journal_mode(wal)")); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if err := s.Migrate(ctx, s.prepare); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if s.read, err = sql.Open("sqlite", s.source("mode=ro&_pragma=query_only(1)")); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.write.Close())
	}
	readers := max(4, runtime.GOMAXPROCS(0)) + 1 // one may be taken by Changes
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return s, nil
}

// source is the address of the database file for the driver, which takes the path as a URL so that it may hold any letter.
func (s *Store) source(settings string) string {
	file := url.URL{Scheme: "file", OmitHost: true, Path: s.file()}
	return fmt.Sprintf("%s?_pragma=busy_timeout(%d)&_pragma=foreign_keys(1)&%s", &file, patience.Milliseconds(), settings)
}

func (s *Store) file() string { return filepath.Join(s.dir, FileName) }

// Migrate runs f, which changes the schema, while no other process does so in this data folder. Neither goose nor River
// locks SQLite by itself. Who has waited ten seconds for another process gets an error that names the lock's file. Errors are
// in the words of Explain.
func (s *Store) Migrate(ctx context.Context, f func(context.Context, *sql.DB) error) error {
	lock := flock.New(filepath.Join(s.dir, "migrate.lock"), flock.SetPermissions(0o600))
	if err := await(ctx, lock); err != nil {
		return s.Explain(err)
	}
	defer func() { _ = lock.Close() }()
	return s.Explain(f(ctx, s.write))
}

// await takes a lock as soon as it is free.
func await(ctx context.Context, lock *flock.Flock) error {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := lock.TryLockContext(waiting, 10*time.Millisecond)
	switch {
	case err != nil && ctx.Err() == nil && waiting.Err() != nil:
		return fmt.Errorf("%s is held: another process has been changing the schema for %v; try again, or end that process",
			lock.Path(), patience)
	case err != nil:
		return fmt.Errorf("lock data folder: %w", err)
	default:
		return nil
	}
}

// prepare makes the database's file where it is missing, and brings its schema up to date.
func (s *Store) prepare(ctx context.Context, db *sql.DB) error {
	// SQLite would let others read it. A file that is there must not be opened: closing it again would take away the locks
	// that SQLite has on it elsewhere in this process.
	f, err := os.OpenFile(s.file(), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case err == nil:
		_ = f.Close() // nothing was written
	case !errors.Is(err, fs.ErrExist):
		return fmt.Errorf("make database: %w", err)
	}
	if err := legible(ctx, db); err != nil {
		return fmt.Errorf("read database: %w", err)
	}
	return migrate(ctx, db)
}

// legible reads what goose reads first. Goose takes every error for a table that is not there yet, and would tell of that.
func legible(ctx context.Context, db *sql.DB) error {
	var version sql.NullInt64
	err := db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&version)
	if failure, ok := errors.AsType[*sqlite.Error](err); ok && failure.Code() == sqlitecode.SQLITE_ERROR {
		return nil // it is really not there
	}
	return err
}

func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migration, "migration")
	if err != nil {
		return fmt.Errorf("embedded migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("prepare migration: %w", err)
	}
	current, known, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if current > known {
		return fmt.Errorf("database has schema %d, this program knows up to %d: use the newer program", current, known)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	return nil
}

// Lock makes the caller the one server of the data folder until release is called. Without it a second server would take
// the first one's running renders for abandoned ones. The error is ErrInUse while another process, or another Store of
// this one, has the lock; a process that is killed loses it.
func (s *Store) Lock() (release func() error, err error) {
	lock := flock.New(filepath.Join(s.dir, "serve.lock"), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, s.Explain(fmt.Errorf("lock data folder: %w", err))
	}
	if !got {
		return nil, fmt.Errorf("%s: %w", s.dir, ErrInUse)
	}
	return lock.Close, nil
}
