package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

// patience is how long a process waits for another one that writes, or that changes the schema.
const patience = 10 * time.Second

// database is what the two kinds do differently. All else is one text for both.
type database interface {
	// dialect is goose's name for it.
	dialect() goose.Dialect
	// alone makes this process the one that changes the schema, until release is called.
	alone(context.Context) (release func() error, err error)
	// prepare makes sure that db can be read; goose would take its error for a database that is new.
	prepare(ctx context.Context, db *sql.DB) error
	// count is a query for how many of its tables have one of four names.
	count() string
	// idle makes sure that nobody works on it who may not outlive a change of the schema, until release is called.
	idle() (release func() error, err error)
	// name is what people call it.
	name() string
	// trouble says what a person can do about an error of this database, or "".
	trouble(error) string
}

//go:embed migration/*.sql
var migration embed.FS

// Migrate runs f, which changes the schema, while no other process does so. Neither goose nor River locks by itself. Who has
// waited ten seconds for another process gets an error that names what is held. Errors are in the words of Explain.
func (s *Store) Migrate(ctx context.Context, f func(context.Context, *sql.DB) error) error {
	release, err := s.kind.alone(ctx)
	if err != nil {
		return s.Explain(err)
	}
	defer func() { _ = release() }()
	return s.Explain(f(ctx, s.write))
}

// update brings the schema up to date.
func (s *Store) update(ctx context.Context, db *sql.DB) error {
	if err := s.kind.prepare(ctx, db); err != nil {
		return err
	}
	ours, err := s.count(ctx, db, "api_keys", "assets", "cuts", "renders")
	if err != nil {
		return err
	}
	versions, err := s.count(ctx, db, "goose_db_version", "", "", "")
	if err != nil {
		return err
	}
	if ours > 0 && versions == 0 { // before goose makes a table in it
		return s.foreign()
	}
	files, err := fs.Sub(migration, "migration")
	if err != nil {
		return fmt.Errorf("embedded migrations: %w", err)
	}
	p, err := goose.NewProvider(s.kind.dialect(), db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("prepare migration: %w", err)
	}
	current, known, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	switch {
	case current == 0 && ours > 0, current > 0 && ours < 4: // another program's version
		return s.foreign()
	case current > known:
		return fmt.Errorf("database has schema %d, this program knows up to %d: use the newer program", current, known)
	case current == known:
		return nil
	}
	if current > 0 {
		release, err := s.kind.idle()
		if err != nil {
			return err
		}
		defer func() { _ = release() }()
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	return nil
}

// count is how many tables have these names.
func (s *Store) count(ctx context.Context, db *sql.DB, names ...any) (n int, err error) {
	if err := db.QueryRowContext(ctx, s.kind.count(), names...).Scan(&n); err != nil {
		return 0, fmt.Errorf("read database: %w", err)
	}
	return n, nil
}

func (s *Store) foreign() error {
	return fmt.Errorf("%s holds something else's tables: give roughyd one of its own", s.kind.name())
}
