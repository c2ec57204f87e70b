package api_test

import (
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/api"
)

func TestKeysAreRandomAndHashed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		key, hash, err := api.NewKey()
		require.NoError(t, err)
		require.Regexp(t, regexp.MustCompile(`^sk_[A-Za-z0-9_-]{43}$`), key)
		require.Equal(t, api.HashKey(key), hash)
		require.False(t, seen[key])
		seen[key] = true
	}
	require.Equal(t, sha256.Sum256([]byte("sk_a")), api.HashKey("sk_a"))
}

// Nothing but the good key in its one form may get in, and nothing may break the answer.
func FuzzAuthorization(f *testing.F) {
	for _, seed := range []string{"", "Bearer", "Bearer ", "Bearer sk_", "bearer KEY", "Bearer KEY", " Bearer KEY", "Bearer  KEY", "Bearer KEY ",
		"Bearer KEY,", "Bearer KEY, Bearer KEY", "Basic KEY", "KEY", "BeAReR KEY", "Bearer\x00KEY", "Bearer KEYA", "Bearer sk_\xff", "Béarer KEY"} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	rows := newRows()
	key, hash, err := api.NewKey()
	require.NoError(f, err)
	rows.owners[hash] = "anna"
	h, err := api.New(api.Config{Store: rows, Links: &linksThatCount{}})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, pattern string, twice bool) {
		value := strings.ReplaceAll(pattern, "KEY", key)
		values := []string{value}
		if twice {
			values = append(values, value)
		}
		q := httptest.NewRequest("GET", "/v1/renders/"+uuid.NewString(), nil)
		q.Header["Authorization"] = values
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		want := http.StatusUnauthorized
		if !twice && len(value) > 7 && strings.EqualFold(value[:7], "Bearer ") && value[7:] == key {
			want = http.StatusNotFound
		}
		require.Equal(t, want, w.Code, "%q", value)
	})
}
