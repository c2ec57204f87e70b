package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/roughy-go/roughy"
)

// keyPrefix is how the documented keys begin.
const keyPrefix = "sk_"

// longestAuthorization is far more than a key needs; what is longer is refused unread.
const longestAuthorization = 256

// NewKey makes an API key, "sk_" and 32 random bytes in base64url, and the hash to store in its place. The key itself is to
// be shown once and kept nowhere. It fails only when the system has no randomness.
func NewKey() (key string, hash [32]byte, err error) {
	var secret [32]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return "", hash, fmt.Errorf("random bytes: %w", err)
	}
	key = keyPrefix + base64.RawURLEncoding.EncodeToString(secret[:])
	return key, HashKey(key), nil
}

// HashKey is the SHA-256 of a key, which is what keys are looked up by. A key is random throughout, so it needs no salt, and
// how long a lookup by hash takes tells nothing about a key.
func HashKey(key string) [32]byte { return sha256.Sum256([]byte(key)) }

// contextKey tells the values that a request carries apart from those of others.
type contextKey int

const (
	ownerKey contextKey = iota // string: whose key it was
	idKey                      // string: the request's id
)

// authenticate lets a request pass for the owner of its key, and answers 401 for every other.
func authenticate(next http.Handler, store Store, l logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		owner, err := ownerOf(r, store)
		if err != nil {
			l.fail(w, r, fmt.Errorf("authenticate: %w", err))
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ownerKey, owner)))
	})
}

func ownerOf(r *http.Request, store Store) (string, error) {
	key, ok := bearer(r.Header)
	if !ok {
		return "", roughy.ErrUnauthenticated
	}
	owner, err := store.KeyOwner(r.Context(), HashKey(key))
	if errors.Is(err, roughy.ErrNotFound) {
		return "", roughy.ErrUnauthenticated
	}
	return owner, err
}

// bearer takes the key out of a request's header: one header, the scheme in any case, one space, one key.
func bearer(h http.Header) (key string, ok bool) {
	values := h.Values("Authorization")
	if len(values) != 1 || len(values[0]) > longestAuthorization {
		return "", false
	}
	scheme, key, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || !wellFormed(key) {
		return "", false
	}
	return key, true
}

// wellFormed reports whether s can be a key at all: the prefix and letters of base64url.
func wellFormed(s string) bool {
	secret, ok := strings.CutPrefix(s, keyPrefix)
	return ok && secret != "" && strings.IndexFunc(secret, notBase64URL) < 0
}

func notBase64URL(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
}
