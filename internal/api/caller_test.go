package api_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
)

// reader reads one pending render of anna with a handler, without a socket, so that time may be virtual.
type reader struct {
	rows    *rowsInMemory
	handler http.Handler
	target  string
}

func newReader(t *testing.T, c api.Config) reader {
	t.Helper()
	rows := newRows()
	if c.Store == nil {
		c.Store = rows
	}
	c.Links = &linksThatCount{}
	h, err := api.New(c)
	require.NoError(t, err)
	return reader{rows, h, "/v1/renders/" + rows.addRender("anna", roughy.StatePending).ID.String()}
}

func (r reader) get(key string) *httptest.ResponseRecorder {
	q := httptest.NewRequest("GET", r.target, nil)
	q.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, q)
	return w
}

// keyOf is a key that is no secret.
func keyOf(name string) string { return "sk_" + name + strings.Repeat("_", 43-len(name)) }

func revokedKeyIsForgotten(t *testing.T) {
	r := newReader(t, api.Config{KeyMemory: api.DefaultKeyMemory})
	key := r.rows.addKey(t, "anna")
	for range 100 {
		require.Equal(t, 200, r.get(key).Code)
	}
	require.Equal(t, 1, r.rows.asked)
	time.Sleep(api.DefaultKeyMemory - 1)
	r.rows.revoke(key)
	require.Equal(t, 200, r.get(key).Code, "it is remembered")
	time.Sleep(1)
	require.Equal(t, 401, r.get(key).Code)
	require.Equal(t, 401, r.get(key).Code)
	require.Equal(t, 3, r.rows.asked, "that a key is bad is not remembered")
}

func patienceIsForAllThatOneRequestReads(t *testing.T) {
	for patience, want := range map[time.Duration]time.Duration{0: api.DefaultPatience, time.Second: time.Second} {
		for _, store := range []api.Store{storeThatHangs{}, storeThatHangs{key: want - 1}, storeThatHangs{key: time.Hour}} {
			r, started := newReader(t, api.Config{Store: store, Patience: patience}), time.Now()
			require.Equal(t, 503, r.get(keyOf("a")).Code)
			require.Equal(t, want, time.Since(started))
		}
	}
}

func limitIsPerSecond(t *testing.T) {
	r := newReader(t, api.Config{Rate: 10})
	key := r.rows.addKey(t, "anna")
	allowed := func() (n int, refused *httptest.ResponseRecorder) {
		for ; ; n++ {
			if w := r.get(key); w.Code != 200 {
				return n, w
			}
		}
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{0, 20}, {time.Second, 10}, {100 * time.Millisecond, 1}, {time.Hour, 20}} {
		time.Sleep(c.after)
		n, refused := allowed()
		require.Equal(t, c.want, n)
		require.Equal(t, 429, refused.Code)
		wait, err := strconv.Atoi(refused.Header().Get("Retry-After"))
		require.NoError(t, err)
		time.Sleep(time.Duration(wait) * time.Second)
		require.Equal(t, 200, r.get(key).Code, "Retry-After is the truth")
		for range 9 { // what the waiting gave
			require.Equal(t, 200, r.get(key).Code)
		}
	}
}

func TestTheLimitIsKeptWhenTheKeyIsAskedForAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, memory := range []time.Duration{0, time.Millisecond, api.DefaultKeyMemory} {
			r := newReader(t, api.Config{Rate: 1, KeyMemory: memory})
			key := r.rows.addKey(t, "anna")
			for _, want := range []int{200, 200, 429, 429} {
				require.Equal(t, want, r.get(key).Code, "%v", memory)
				time.Sleep(10 * time.Millisecond)
			}
		}
	})
}

func TestAFailureOfTheStoreIsNotRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newReader(t, api.Config{KeyMemory: time.Second, Store: storeThatFails{errors.New("down")}})
		require.Equal(t, 500, r.get(keyOf("a")).Code)
		r = newReader(t, api.Config{KeyMemory: time.Second, Rate: 1})
		require.Equal(t, 401, r.get(keyOf("a")).Code)
		r.rows.owners[api.HashKey(keyOf("a"))] = "anna"
		require.Equal(t, 200, r.get(keyOf("a")).Code, "a key that has just been made works")
	})
}

func TestManyKeysAtOnce(t *testing.T) {
	t.Parallel()
	r := newReader(t, api.Config{Rate: 1_000_000, KeyMemory: time.Second})
	var reading sync.WaitGroup
	for range 8 {
		key := r.rows.addKey(t, "anna")
		reading.Go(func() {
			for range 200 {
				if w := r.get(key); w.Code != 200 {
					t.Errorf("%d", w.Code)
				}
			}
		})
	}
	reading.Wait()
}

func TestOfTooManyKeysSomeAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newReader(t, api.Config{KeyMemory: 5 * time.Second})
		keys := make([]string, 12_000)
		for i := range keys {
			keys[i] = keyOf(strconv.Itoa(i))
			r.rows.owners[api.HashKey(keys[i])] = "anna"
			require.Equal(t, 200, r.get(keys[i]).Code)
		}
		require.Equal(t, 12_000, r.rows.asked)
		for _, key := range keys {
			require.Equal(t, 200, r.get(key).Code)
		}
		require.GreaterOrEqual(t, r.rows.asked, 14_000, "10,000 are remembered at most")
		require.Less(t, r.rows.asked, 24_000, "and most of them are")
	})
}
