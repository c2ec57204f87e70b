package roughytest

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
)

// NewKey makes one more API key of an owner, as Render.Owner names it: "" is the owner of Server.Key. It reads the renders of that owner alone; those of others are not found.
func (s *Server) NewKey(owner string) string {
	s.t.Helper()
	key, hash, err := api.NewKey()
	if err != nil {
		s.t.Fatalf("roughytest: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owners[hash] = cmp.Or(owner, defaultOwner)
	return key
}

// Revoke makes a key no good from the next request on. A key that was not good before ends the test.
func (s *Server) Revoke(key string) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	hash := api.HashKey(key)
	if _, ok := s.owners[hash]; !ok {
		s.t.Fatalf("roughytest: revoke: there is no such key")
	}
	delete(s.owners, hash)
}

// store is what the endpoint reads.
type store struct{ *Server }

var _ api.Store = store{}

// KeyOwner implements api.Store.
func (s store) KeyOwner(_ context.Context, hash [32]byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner, ok := s.owners[hash]
	if !ok {
		return "", fmt.Errorf("key: %w", roughy.ErrNotFound)
	}
	return owner, nil
}

// ReadRender implements api.Store.
func (s store) ReadRender(ctx context.Context, owner string, id uuid.UUID) (roughy.Render, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rows[id]
	if !ok || r.owner != owner {
		return roughy.Render{}, "", fmt.Errorf("render: %w", roughy.ErrNotFound)
	}
	if ctx.Value(peekKey{}) != nil {
		r.catchUp(time.Now())
		return r.now, r.file(), nil
	}
	return r.read(), r.file(), nil
}
