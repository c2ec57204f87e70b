package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// Key is what is kept of an API key: never the key, and not its hash either once it is stored.
type Key struct {
	ID        uuid.UUID
	Owner     string // whose renders it reads
	CreatedAt time.Time
	RevokedAt *time.Time // nil: it is good
}

// CreateKey stores the SHA-256 hash of a new key of owner.
func (s *Store) CreateKey(ctx context.Context, owner string, hash [32]byte) (Key, error) {
	id, err := NewID()
	if err != nil {
		return Key{}, err
	}
	k := Key{ID: id, Owner: owner, CreatedAt: moment(s.instant())}
	const text = `INSERT INTO api_keys (id, hash, owner, created_at) VALUES ($1, $2, $3, $4)`
	if _, err := s.write.ExecContext(ctx, text, id.String(), hex.EncodeToString(hash[:]), owner, k.CreatedAt.UnixMicro()); err != nil {
		return Key{}, fmt.Errorf("create key: %w", err)
	}
	return k, nil
}

const readOwner = `SELECT owner FROM api_keys WHERE hash = $1 AND revoked_at IS NULL`

// KeyOwner returns the owner of the key with this SHA-256 hash, or roughy.ErrNotFound when there is none or it is revoked.
// A revocation holds from the next call on.
func (s *Store) KeyOwner(ctx context.Context, hash [32]byte) (owner string, err error) {
	if err := s.owner.QueryRowContext(s.brief(ctx), hex.EncodeToString(hash[:])).Scan(&owner); err != nil {
		return "", fmt.Errorf("key owner: %w", missing(err))
	}
	return owner, nil
}

// Keys lists all keys of all owners, revoked ones too, the oldest first.
func (s *Store) Keys(ctx context.Context) ([]Key, error) {
	keys, err := query(ctx, s.read, scanKey, `SELECT id, owner, created_at, revoked_at FROM api_keys ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return keys, nil
}

// RevokeKey makes a key useless for good. Revoking again keeps the first moment and is no error.
func (s *Store) RevokeKey(ctx context.Context, id uuid.UUID) error {
	const text = `UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1`
	done, err := s.write.ExecContext(ctx, text, id.String(), s.instant())
	if err != nil {
		return fmt.Errorf("revoke key: %w", err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return fmt.Errorf("revoke key: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("revoke key: %w", roughy.ErrNotFound)
	}
	return nil
}

func scanKey(row scanner) (Key, error) {
	var (
		k       Key
		created int64
		revoked sql.NullInt64
	)
	if err := row.Scan(&k.ID, &k.Owner, &created, &revoked); err != nil {
		return Key{}, err
	}
	k.CreatedAt, k.RevokedAt = moment(created), momentOrNil(revoked)
	return k, nil
}
