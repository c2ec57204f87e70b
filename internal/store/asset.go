package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/media"
)

// Asset is a source file that was added, with what it was found to be.
type Asset struct {
	ID        uuid.UUID
	Owner     string
	Name      string // of the file that was added, for people
	Key       string // of its bytes in the bucket
	Source    media.Source
	CreatedAt time.Time
}

const assetColumns = `id, owner, name, blob_key, source, created_at`

// AddAsset stores an asset whose bytes are in the bucket already. ID is made here when it is uuid.Nil, and CreatedAt always.
func (s *Store) AddAsset(ctx context.Context, a Asset) (Asset, error) {
	var err error
	if a.ID, err = givenID(a.ID); err != nil {
		return Asset{}, err
	}
	source, err := json.Marshal(a.Source)
	if err != nil {
		return Asset{}, fmt.Errorf("encode source: %w", err)
	}
	a.Name = strings.ReplaceAll(strings.ToValidUTF8(a.Name, "\uFFFD"), "\x00", "\uFFFD") // Postgres takes nothing else
	a.CreatedAt = moment(s.instant())
	const text = `INSERT INTO assets (` + assetColumns + `) VALUES ($1, $2, $3, $4, $5, $6)`
	_, err = s.write.ExecContext(ctx, text, a.ID.String(), a.Owner, a.Name, a.Key, string(source), a.CreatedAt.UnixMicro())
	if err != nil {
		return Asset{}, fmt.Errorf("add asset: %w", err)
	}
	return a, nil
}

// Asset reads one asset of owner, or roughy.ErrNotFound.
func (s *Store) Asset(ctx context.Context, owner string, id uuid.UUID) (Asset, error) {
	const text = `SELECT ` + assetColumns + ` FROM assets WHERE id = $1 AND owner = $2`
	a, err := scanAsset(s.read.QueryRowContext(ctx, text, id.String(), owner))
	if err != nil {
		return Asset{}, fmt.Errorf("read asset: %w", missing(err))
	}
	return a, nil
}

// Assets lists the assets of owner, the oldest first.
func (s *Store) Assets(ctx context.Context, owner string) ([]Asset, error) {
	assets, err := query(ctx, s.read, scanAsset, `SELECT `+assetColumns+` FROM assets WHERE owner = $1 ORDER BY id`, owner)
	if err != nil {
		return nil, fmt.Errorf("list assets: %w", err)
	}
	return assets, nil
}

func scanAsset(row scanner) (Asset, error) {
	var (
		a       Asset
		source  string
		created int64
	)
	if err := row.Scan(&a.ID, &a.Owner, &a.Name, &a.Key, &source, &created); err != nil {
		return Asset{}, err
	}
	if err := json.Unmarshal([]byte(source), &a.Source); err != nil {
		return Asset{}, fmt.Errorf("decode source: %w", err)
	}
	a.CreatedAt = moment(created)
	return a, nil
}
