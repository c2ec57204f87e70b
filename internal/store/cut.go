package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/media"
)

// Cut is the list of an asset's parts that a render keeps, in their order.
type Cut struct {
	ID        uuid.UUID
	Owner     string
	AssetID   uuid.UUID
	Segments  []media.Segment
	CreatedAt time.Time
}

// AddCut stores a cut of an asset of the same owner; without one it is roughy.ErrNotFound. ID is made here when it is
// uuid.Nil, and CreatedAt always. Whether the segments lie within the source is the caller's to check.
func (s *Store) AddCut(ctx context.Context, c Cut) (Cut, error) {
	if _, err := s.Asset(ctx, c.Owner, c.AssetID); err != nil {
		return Cut{}, err
	}
	var err error
	if c.ID, err = givenID(c.ID); err != nil {
		return Cut{}, err
	}
	segments, err := json.Marshal(c.Segments)
	if err != nil {
		return Cut{}, fmt.Errorf("encode segments: %w", err)
	}
	c.CreatedAt = moment(s.instant())
	const text = `INSERT INTO cuts (id, owner, asset_id, segments, created_at) VALUES ($1, $2, $3, $4, $5)`
	_, err = s.write.ExecContext(ctx, text, c.ID.String(), c.Owner, c.AssetID.String(), string(segments), c.CreatedAt.UnixMicro())
	if err != nil {
		return Cut{}, fmt.Errorf("add cut: %w", err)
	}
	return c, nil
}

// Cut reads one cut of owner, or roughy.ErrNotFound.
func (s *Store) Cut(ctx context.Context, owner string, id uuid.UUID) (Cut, error) {
	const text = `SELECT id, owner, asset_id, segments, created_at FROM cuts WHERE id = $1 AND owner = $2`
	c, err := scanCut(s.read.QueryRowContext(ctx, text, id.String(), owner))
	if err != nil {
		return Cut{}, fmt.Errorf("read cut: %w", missing(err))
	}
	return c, nil
}

func scanCut(row scanner) (Cut, error) {
	var (
		c        Cut
		segments string
		created  int64
	)
	if err := row.Scan(&c.ID, &c.Owner, &c.AssetID, &segments, &created); err != nil {
		return Cut{}, err
	}
	if err := json.Unmarshal([]byte(segments), &c.Segments); err != nil {
		return Cut{}, fmt.Errorf("decode segments: %w", err)
	}
	c.CreatedAt = moment(created)
	return c, nil
}
