package api

import (
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

// secretBytes are the random ones of a key.
const secretBytes = 32

// longestAuthorization is far more than a key needs; what is longer is refused unread.
const longestAuthorization = 256

// NewKey makes an API key, "sk_" and 32 random bytes in base64url, and the hash to store in its place. The key itself is to
// be shown once and kept nowhere. It fails only when the system has no randomness.
func NewKey() (key string, hash [32]byte, err error) {
	var secret [secretBytes]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return "", hash, fmt.Errorf("random bytes: %w", err)
	}
	key = keyPrefix + base64.RawURLEncoding.EncodeToString(secret[:])
	return key, HashKey(key), nil
}

// HashKey is the SHA-256 of a key, which is what keys are looked up by, never compared. A key is 32 random bytes, so it needs no
// salt. How long a lookup takes may tell how many bits of two hashes agree, and that is of no use: whoever could make a key for a
// hash that begins as asked would still have to try 2^256 keys for the rest.
func HashKey(key string) [32]byte { return sha256.Sum256([]byte(key)) }

// authenticate lets a request pass for the owner of its key, and answers 401 for every other, 429 if the key asks too often, and
// 503 if nobody can tell whose key it is.
func authenticate(next http.Handler, k *callers, l logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		owner, err := ownerOf(r, k)
		callOf(r.Context()).owner = owner
		if err != nil {
			l.fail(w, r, fmt.Errorf("authenticate: %w", err))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func ownerOf(r *http.Request, k *callers) (string, error) {
	key, ok := bearer(r.Header)
	if !ok {
		return "", roughy.ErrUnauthenticated
	}
	owner, err := k.owner(r.Context(), HashKey(key))
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

// wellFormed reports whether s can be a key at all, so that nobody makes Store look for what NewKey never made.
func wellFormed(s string) bool {
	secret, ok := strings.CutPrefix(s, keyPrefix)
	return ok && len(secret) == base64.RawURLEncoding.EncodedLen(secretBytes) && strings.IndexFunc(secret, notBase64URL) < 0
}

func notBase64URL(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
}
