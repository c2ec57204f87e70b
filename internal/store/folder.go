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

// ErrInUse says that another process serves the data folder.
var ErrInUse = errors.New("data folder is in use by another server")

//go:embed migration/*.sql
var migration embed.FS

// Open opens the SQLite database in dir, FileName, and makes folder and database where they are missing. Processes that
// open one folder at the same time wait for each other. The error names the file or folder that is in the way: one that
// cannot be written, one that is full, a file that is no database, or a database of a newer version.
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
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if s.write, err = sql.Open("sqlite", s.source("_txlock=immediate&_pragma=journal_mode(wal)")); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if err := s.Migrate(ctx, migrate); err != nil {
		return nil, errors.Join(s.plain(err), s.write.Close())
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
	return file.String() + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&" + settings
}

func (s *Store) file() string { return filepath.Join(s.dir, FileName) }

// Migrate runs f, which changes the schema, while no other process does so in this data folder. Neither goose nor River
// locks SQLite by itself.
func (s *Store) Migrate(ctx context.Context, f func(context.Context, *sql.DB) error) error {
	lock := flock.New(filepath.Join(s.dir, "migrate.lock"), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, 10*time.Millisecond); err != nil {
		return fmt.Errorf("lock data folder: %w", err)
	}
	defer func() { _ = lock.Close() }()
	return f(ctx, s.write)
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

// plain says in words what the driver says in codes, for what a person can do something about.
func (s *Store) plain(err error) error {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() & 0xff { // the primary code
	case sqlitecode.SQLITE_NOTADB:
		return fmt.Errorf("%s is not a database: %w", s.file(), err)
	case sqlitecode.SQLITE_CORRUPT:
		return fmt.Errorf("%s is damaged: %w", s.file(), err)
	case sqlitecode.SQLITE_READONLY, sqlitecode.SQLITE_CANTOPEN, sqlitecode.SQLITE_PERM:
		return fmt.Errorf("%s cannot be written: %w", s.file(), err)
	case sqlitecode.SQLITE_FULL:
		return fmt.Errorf("no space left for %s: %w", s.file(), err)
	default:
		return fmt.Errorf("%s: %w", s.file(), err)
	}
}

// Lock makes the caller the one server of the data folder until release is called. Without it a second server would take
// the first one's running renders for abandoned ones. The error is ErrInUse while another process, or another Store of
// this one, has the lock; a process that is killed loses it.
func (s *Store) Lock() (release func() error, err error) {
	lock := flock.New(filepath.Join(s.dir, "serve.lock"), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if !got {
		return nil, fmt.Errorf("%s: %w", s.dir, ErrInUse)
	}
	return lock.Close, nil
}
