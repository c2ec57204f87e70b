package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

var (
	// ErrFenced says that the attempt is not the current one, or the render is over: the write changed nothing.
	ErrFenced = errors.New("attempt was overtaken")
	// ErrLeased says that another worker holds the render.
	ErrLeased = errors.New("render is held by another worker")
	// ErrTerminal says that the render is completed or failed.
	ErrTerminal = errors.New("render is over")
)

// Claim takes a render up for its next attempt and holds it for lease: it is processing from then on. While another claim
// is held the error is ErrLeased, for a render that is over ErrTerminal; both come with the row as it is. A render that
// does not exist is roughy.ErrNotFound.
func (s *Store) Claim(ctx context.Context, id uuid.UUID, lease time.Duration) (r Render, err error) {
	err = s.InTx(ctx, func(tx *sql.Tx) error {
		r, err = scanRender(tx.QueryRowContext(ctx, `SELECT `+renderColumns+` FROM renders WHERE id = $1`, id.String()))
		if err != nil {
			return missing(err)
		}
		now := s.instant()
		if r.State.Terminal() {
			return ErrTerminal
		}
		if !r.LeaseUntil.IsZero() && r.LeaseUntil.UnixMicro() > now {
			return ErrLeased
		}
		return take(ctx, tx, &r, now, now+lease.Microseconds())
	})
	if err != nil {
		return r, fmt.Errorf("claim render: %w", err)
	}
	return r, nil
}

// take writes the claim. It compares what was read, so that of two claims at once one is refused on every database.
func take(ctx context.Context, tx *sql.Tx, r *Render, now, until int64) error {
	started := max(now, r.CreatedAt.UnixMicro())
	if r.StartedAt != nil {
		started = r.StartedAt.UnixMicro()
	}
	const text = `UPDATE renders SET state = 'processing', attempt = attempt + 1, started_at = $4, lease_until = $5
		WHERE id = $1 AND attempt = $2 AND state = $3`
	err := fenced(tx.ExecContext(ctx, text, r.ID.String(), r.Attempt, string(r.State), started, until))
	if errors.Is(err, ErrFenced) {
		return ErrLeased
	}
	if err != nil {
		return err
	}
	first := moment(started)
	r.State, r.StartedAt, r.LeaseUntil = roughy.StateProcessing, &first, moment(until)
	r.Attempt++
	return nil
}

// Extend holds the claim of this attempt for lease from now on. ErrFenced when it was lost.
func (s *Store) Extend(ctx context.Context, id uuid.UUID, attempt int, lease time.Duration) error {
	const text = `UPDATE renders SET lease_until = $3 WHERE id = $1 AND attempt = $2 AND state = 'processing'`
	until := s.instant() + lease.Microseconds()
	if err := fenced(s.write.ExecContext(ctx, text, id.String(), attempt, until)); err != nil {
		return fmt.Errorf("extend lease: %w", err)
	}
	return nil
}

// Release lets go of the claim, so that the render can be claimed at once. It stays processing. ErrFenced when the claim was
// lost.
func (s *Store) Release(ctx context.Context, id uuid.UUID, attempt int) error {
	return release(ctx, s.write, id, attempt)
}

func release(ctx context.Context, db querier, id uuid.UUID, attempt int) error {
	const text = `UPDATE renders SET lease_until = 0 WHERE id = $1 AND attempt = $2 AND state = 'processing'`
	if err := fenced(db.ExecContext(ctx, text, id.String(), attempt)); err != nil {
		return fmt.Errorf("release lease: %w", err)
	}
	return nil
}

// ReleaseAll lets go of every claim within tx and returns how many were held. Only the one server of a data folder may do
// this, before it works: see Lock.
func (s *Store) ReleaseAll(ctx context.Context, tx *sql.Tx) (int, error) {
	held, err := query(ctx, tx, scanRender, `SELECT `+renderColumns+` FROM renders WHERE state = 'processing' AND lease_until > 0`)
	if err != nil {
		return 0, fmt.Errorf("list claims: %w", err)
	}
	for _, r := range held {
		if err := release(ctx, tx, r.ID, r.Attempt); err != nil {
			return 0, err
		}
	}
	return len(held), nil
}

// Publish completes the render with the output whose bytes are under key, size bytes long, in one step. ErrFenced when the
// claim was lost: then the bytes are nobody's, and the caller's to delete. After any other error the caller cannot know
// whether it was published, and must keep them.
func (s *Store) Publish(ctx context.Context, id uuid.UUID, attempt int, key string, size int64) error {
	const text = `UPDATE renders SET state = 'completed', output_key = $3, size_bytes = $4, lease_until = 0,
		completed_at = CASE WHEN started_at > $5 THEN started_at ELSE $5 END
		WHERE id = $1 AND attempt = $2 AND state = 'processing'`
	if err := fenced(s.write.ExecContext(ctx, text, id.String(), attempt, key, size, s.instant())); err != nil {
		return fmt.Errorf("publish render: %w", err)
	}
	return nil
}

// Fail ends the render with f, whose message is shown to the owner. ErrFenced when the claim was lost.
func (s *Store) Fail(ctx context.Context, id uuid.UUID, attempt int, f roughy.Failure) error {
	const text = `UPDATE renders SET state = 'failed', error_code = $3, error_message = $4, lease_until = 0,
		completed_at = CASE WHEN started_at > $5 THEN started_at ELSE $5 END
		WHERE id = $1 AND attempt = $2 AND state = 'processing'`
	if err := fenced(s.write.ExecContext(ctx, text, id.String(), attempt, f.Code, f.Message, s.instant())); err != nil {
		return fmt.Errorf("fail render: %w", err)
	}
	return nil
}

// fenced is ErrFenced for a write that hit no row.
func fenced(done sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrFenced
	}
	return nil
}
