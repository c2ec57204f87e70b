package store

import (
	"context"
	"fmt"
)

// Writable is nil when the database takes writes, which it finds out by one: what is read-only or full may well be read.
func (s *Store) Writable(ctx context.Context) error {
	if err := fenced(s.write.ExecContext(ctx, `UPDATE watch SET beat = beat + 1`)); err != nil {
		return fmt.Errorf("write to database: %w", err)
	}
	return nil
}

// Outage reports whether an error comes of a database that is not as it should be, as Explain tells: one that cannot be reached,
// is read-only or full. What was asked of it may go well later.
func (s *Store) Outage(err error) bool { return err != nil && s.kind.trouble(err) != "" }
