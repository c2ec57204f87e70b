package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

var (
	// ErrFenced says that the attempt or the job is not the current one, or the render is over: the write changed nothing.
	ErrFenced = errors.New("attempt was overtaken")
	// ErrHeld says that another worker holds the render.
	ErrHeld = errors.New("render is held by another worker")
	// ErrTerminal says that the render is completed or failed.
	ErrTerminal = errors.New("render is over")
)

// Assign makes job the one that may claim the render, in place of old, within tx. A render whose job is 0, as a new one's is and
// one's of the first version of the database, may be any job's. ErrFenced when it is another than old, a worker holds it, or it
// is over.
func (s *Store) Assign(ctx context.Context, tx *sql.Tx, id uuid.UUID, old, job int64) error {
	const text = `UPDATE renders SET job = $3 WHERE id = $1 AND job IN (0, $2) AND beat = 0 AND state IN ('pending', 'processing')`
	if err := fenced(tx.ExecContext(ctx, text, id.String(), old, job)); err != nil {
		return fmt.Errorf("assign render: %w", err)
	}
	return nil
}

// Claim takes a render up for its next attempt and holds it: it is processing from then on, and job's. While another claim is held the
// error is ErrHeld, for a render that is over ErrTerminal, for one that is another job's ErrFenced. A render that does not exist
// is roughy.ErrNotFound.
func (s *Store) Claim(ctx context.Context, id uuid.UUID, job int64) (Render, error) {
	// One statement: of two claims at once one is refused at every level of isolation.
	const text = `UPDATE renders SET state = 'processing', attempt = attempt + 1, beat = 1, job = $2,
		started_at = COALESCE(started_at, CASE WHEN created_at > $3 THEN created_at ELSE $3 END)
		WHERE id = $1 AND job IN (0, $2) AND beat = 0 AND state IN ('pending', 'processing') RETURNING ` + renderColumns
	r, err := scanRender(s.write.QueryRowContext(ctx, text, id.String(), job, s.instant()))
	if errors.Is(err, sql.ErrNoRows) {
		err = s.refusal(ctx, id)
	}
	if err != nil {
		return Render{}, fmt.Errorf("claim render: %w", err)
	}
	return r, nil
}

// refusal says why a claim was refused. It reads where it was: a replica might not know yet.
func (s *Store) refusal(ctx context.Context, id uuid.UUID) error {
	r, err := row(ctx, s.write, id)
	switch {
	case err != nil:
		return err
	case r.State.Terminal():
		return ErrTerminal
	case r.Beat > 0:
		return ErrHeld
	default:
		return ErrFenced
	}
}

// Beat is the holder's sign of life. ErrFenced when the claim was lost.
func (s *Store) Beat(ctx context.Context, id uuid.UUID, attempt int) error {
	const text = `UPDATE renders SET beat = beat + 1 WHERE id = $1 AND attempt = $2 AND beat > 0`
	if err := fenced(s.write.ExecContext(ctx, text, id.String(), attempt)); err != nil {
		return fmt.Errorf("hold render: %w", err)
	}
	return nil
}

// Held lists the renders that workers hold, in no order.
func (s *Store) Held(ctx context.Context) ([]Render, error) {
	held, err := query(ctx, s.read, scanRender, `SELECT `+renderColumns+` FROM renders WHERE beat > 0`)
	if err != nil {
		return nil, fmt.Errorf("list held renders: %w", err)
	}
	return held, nil
}

// Release lets go of the claim, so that the render can be claimed at once. It stays processing, and no failure is counted.
// ErrFenced when the claim was lost.
func (s *Store) Release(ctx context.Context, id uuid.UUID, attempt int) error {
	const text = `UPDATE renders SET beat = 0 WHERE id = $1 AND attempt = $2 AND beat > 0`
	if err := fenced(s.write.ExecContext(ctx, text, id.String(), attempt)); err != nil {
		return fmt.Errorf("release render: %w", err)
	}
	return nil
}

// GiveBack lets go of the claim because the attempt failed, which is counted. ErrFenced when the claim was lost.
func (s *Store) GiveBack(ctx context.Context, id uuid.UUID, attempt int) error {
	const text = `UPDATE renders SET beat = 0, failures = failures + 1 WHERE id = $1 AND attempt = $2 AND beat > 0`
	if err := fenced(s.write.ExecContext(ctx, text, id.String(), attempt)); err != nil {
		return fmt.Errorf("give render back: %w", err)
	}
	return nil
}

// TakeBack lets go, within tx, of a claim as it was read, whose holder gave no sign of life since, and counts a failure.
// ErrFenced when there was one, or the claim was lost.
func (s *Store) TakeBack(ctx context.Context, tx *sql.Tx, held Render) error {
	const text = `UPDATE renders SET beat = 0, failures = failures + 1 WHERE id = $1 AND attempt = $2 AND beat = $3 AND beat > 0`
	if err := fenced(tx.ExecContext(ctx, text, held.ID.String(), held.Attempt, held.Beat)); err != nil {
		return fmt.Errorf("take render back: %w", err)
	}
	return nil
}

// Publish completes the render with the output whose bytes are under key, size bytes long, in one step. ErrFenced when the
// claim was lost: then the bytes are nobody's, and the caller's to delete. After any other error the caller cannot know
// whether it was published, and must keep them; it may publish the same again, which is no error.
func (s *Store) Publish(ctx context.Context, id uuid.UUID, attempt int, key string, size int64) error {
	const text = `UPDATE renders SET state = 'completed', output_key = $3, size_bytes = $4, beat = 0,
		completed_at = CASE WHEN started_at > $5 THEN started_at ELSE $5 END
		WHERE id = $1 AND attempt = $2 AND state = 'processing'`
	err := fenced(s.write.ExecContext(ctx, text, id.String(), attempt, key, size, s.instant()))
	if errors.Is(err, ErrFenced) {
		if r, readErr := row(ctx, s.write, id); readErr == nil && r.OutputKey == key {
			return nil
		} else if readErr != nil && !errors.Is(readErr, roughy.ErrNotFound) {
			err = readErr // it may be published
		}
	}
	if err != nil {
		return fmt.Errorf("publish render: %w", err)
	}
	return nil
}

// Fail ends the render with f, whose message is shown to the owner. ErrFenced when the claim was lost.
func (s *Store) Fail(ctx context.Context, id uuid.UUID, attempt int, f roughy.Failure) error {
	const text = `UPDATE renders SET state = 'failed', error_code = $3, error_message = $4, beat = 0,
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
