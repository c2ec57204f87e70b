package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// Bucket is the mark of the bucket that has this database's bytes, uuid.Nil while that is not settled.
func (s *Store) Bucket(ctx context.Context) (uuid.UUID, error) {
	return bucketOf(ctx, s.read)
}

func bucketOf(ctx context.Context, db querier) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.QueryRowContext(ctx, `SELECT id FROM bucket`).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return uuid.Nil, fmt.Errorf("read mark of bucket: %w", err)
	}
	return id, nil
}

// SettleBucket returns the mark of the bucket that has this database's bytes. Where that is not settled it is the one that mark
// gives, from now on. Processes that settle it at the same time wait for each other, as in Migrate, and agree.
func (s *Store) SettleBucket(ctx context.Context, mark func(context.Context) (uuid.UUID, error)) (id uuid.UUID, err error) {
	if id, err = s.Bucket(ctx); err != nil || id != uuid.Nil {
		return id, s.Explain(err)
	}
	err = s.Migrate(ctx, func(ctx context.Context, db *sql.DB) (err error) {
		if id, err = bucketOf(ctx, db); err != nil || id != uuid.Nil {
			return err
		}
		if id, err = mark(ctx); err != nil {
			return err
		}
		if _, err = db.ExecContext(ctx, `INSERT INTO bucket (one, id) VALUES (1, $1)`, id.String()); err != nil {
			return fmt.Errorf("keep mark of bucket: %w", err)
		}
		return nil
	})
	return id, err
}
