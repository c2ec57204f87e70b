// Package store keeps keys, assets, cuts and renders in one SQL database. Open makes the SQLite database of a data folder,
// Connect opens one of a Postgres server, with the same text and the same promises; InTx lets a caller put a row and a job into
// one transaction.
//
// # Reads
//
// What is not there is roughy.ErrNotFound, and so is what belongs to another owner: nobody can tell the two apart. A list
// of nothing is empty and no error. A read sees every write that had returned before the read began, also one by another
// process.
//
// # Renders
//
// A render is pending, then processing, then completed or failed, and never goes back. InsertRender makes it, Assign names the
// one job that may claim it, Claim takes it up: each claim is the next attempt, and is held. Whoever holds the claim may give
// signs of life, let go of it, publish or fail; every one of these writes is fenced by the attempt, so that a worker that was
// overtaken gets ErrFenced and changes nothing. A claim that another worker still holds is ErrHeld, a render that is over
// ErrTerminal. A render is published at most once; publishing the same output again is no error. Its start is the first
// claim's and stays.
//
// # Holding
//
// A claim is held by Beat, which counts: no row says until when, and no two clocks are ever compared. Who sees with a clock of
// its own that a count has stood still for too long takes the claim back with TakeBack, which is refused when the count has
// moved after all. So it does not matter how far the clocks of machines are apart, nor that they step; a holder is given up
// for as long as somebody watched it, and not for the time that the database was gone. Creation, start and completion are the
// clock's of the process that writes, and are put in order where it stepped back.
//
// # Concurrency
//
// A Store is safe for concurrent use, and several processes may have one database open. On SQLite writes queue up behind each
// other (for up to ten seconds, then they fail), and reads never wait for a write. On Postgres every write is right at the level
// read committed, which Connect sets.
//
// # Not promised
//
// Losing a claim does not stop a stalled worker: only its writes are refused. No row is ever deleted; a revoked key's
// stays. Bytes are kept elsewhere: an output key names them, and the store does not look whether they are there. An asset's name
// comes back as valid UTF-8 without NUL, whatever its file was called.
//
// Times are kept in microseconds, and come back in UTC.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roughy-go/roughy"
)

// Store is one open database. Close it.
type Store struct {
	kind     database
	dir      string
	write    *sql.DB
	read     *sql.DB       // on Postgres the same
	listener *pgxpool.Pool // nil on SQLite
	owner    *sql.Stmt     // of a key
	render   *sql.Stmt     // of an owner
	now      func() time.Time
}

// Option changes how Open and Connect open.
type Option func(*Store)

// WithClock sets the clock that dates rows. Default: time.Now.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.now = now } }

// WithDir names the data folder of a process that works on a Postgres database, for Dir and Explain. Open ignores it. Default:
// none.
func WithDir(dir string) Option { return func(s *Store) { s.dir = dir } }

func newStore(kind database, opts []Option) *Store {
	s := &Store{kind: kind, now: time.Now}
	for _, o := range opts {
		o(s)
	}
	return s
}

// Dir is the data folder: the one that the store was opened in, or WithDir's; "" without one.
func (s *Store) Dir() string { return s.dir }

// Writer is the pool that writes: on SQLite it has one connection, so a caller that holds a transaction of it and asks for
// another waits for itself. River works through it.
func (s *Store) Writer() *sql.DB { return s.write }

// InTx runs f in one writing transaction, which is committed when f returns nil and rolled back otherwise. f must not call
// the store's other methods that write. Errors are in the words of Explain.
func (s *Store) InTx(ctx context.Context, f func(*sql.Tx) error) error {
	return s.Explain(s.inTx(ctx, f))
}

func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// prepare has the two reads that every request makes parsed once for each connection, which SQLite takes half their time for.
func (s *Store) prepare(ctx context.Context) (err error) {
	if s.owner, err = s.read.PrepareContext(ctx, readOwner); err != nil {
		return s.Explain(fmt.Errorf("open database: %w", err))
	}
	if s.render, err = s.read.PrepareContext(ctx, readRender); err != nil {
		return s.Explain(fmt.Errorf("open database: %w", err))
	}
	return nil
}

// brief is ctx for a read that SQLite answers from its cache or the system's: there it does not end any more, since watching for
// that takes two goroutines each time.
func (s *Store) brief(ctx context.Context) context.Context {
	if s.Postgres() || ctx.Err() != nil {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

// Close closes the database. What is under way ends with an error.
func (s *Store) Close() error {
	if s.listener != nil {
		s.listener.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close()) // closing one twice is no error
}

func (s *Store) instant() int64 { return s.now().UnixMicro() }

// NewID returns a new version 7 UUID: later ids sort after earlier ones.
func NewID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("new id: %w", err)
	}
	return id, nil
}

// givenID is id, or a new one for uuid.Nil.
func givenID(id uuid.UUID) (uuid.UUID, error) {
	if id != uuid.Nil {
		return id, nil
	}
	return NewID()
}

// querier is what *sql.DB and *sql.Tx have in common.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// scanner is what *sql.Row and *sql.Rows have in common.
type scanner interface{ Scan(dest ...any) error }

// query reads a list with one scan for each row.
func query[T any](ctx context.Context, db querier, scan func(scanner) (T, error), text string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// missing turns the answer of no row into roughy.ErrNotFound.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return roughy.ErrNotFound
	}
	return err
}

func moment(micro int64) time.Time { return time.UnixMicro(micro).UTC() }

func momentOrNil(micro sql.NullInt64) *time.Time {
	if !micro.Valid {
		return nil
	}
	t := moment(micro.Int64)
	return &t
}
