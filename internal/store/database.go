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
	if current > known {
		return fmt.Errorf("database has schema %d, this program knows up to %d: use the newer program", current, known)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	return nil
}
