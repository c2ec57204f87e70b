package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// glance is how often Changes looks: a commit is noticed within it. SQLite answers from shared memory, in microseconds; what
// an idle server costs is waking up.
const glance = 40 * time.Millisecond

// Changes notices when anybody, in this process or another, commits to the database. It holds a connection of its own:
// Close it. It is not safe for concurrent use.
type Changes struct {
	conn    *sql.Conn
	version *sql.Stmt
	seen    int64
}

// Changes begins to notice.
func (s *Store) Changes(ctx context.Context) (*Changes, error) {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("watch database: %w", err)
	}
	c := &Changes{conn: conn}
	if c.version, err = conn.PrepareContext(ctx, `PRAGMA data_version`); err != nil {
		return nil, errors.Join(fmt.Errorf("watch database: %w", err), conn.Close())
	}
	if _, err := c.changed(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Next waits for a commit since it last returned, or since Changes; several may count as one. It returns early when
// something comes from hint, for who knows of a commit already; nil never hints. When ctx ends the error is its error.
func (c *Changes) Next(ctx context.Context, hint <-chan struct{}) error {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		changed, err := c.changed(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if changed || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-hint:
			return nil
		case <-tick.C:
		}
	}
}

// changed compares a number that SQLite counts up, for this connection, with each commit of another.
func (c *Changes) changed(ctx context.Context) (bool, error) {
	before := c.seen
	ctx = context.WithoutCancel(ctx) // a context that can end costs the driver a goroutine each time
	if err := c.version.QueryRowContext(ctx).Scan(&c.seen); err != nil {
		return false, fmt.Errorf("watch database: %w", err)
	}
	return c.seen != before, nil
}

// Close gives the connection back.
func (c *Changes) Close() error { return errors.Join(c.version.Close(), c.conn.Close()) }
