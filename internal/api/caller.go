package api

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/roughy-go/roughy"
)

const (
	// DefaultKeyMemory is how long a server that reads its keys from a database does well to take a key without asking it again.
	DefaultKeyMemory = 2 * time.Second

	// DefaultRate is a generous limit for Config.Rate.
	DefaultRate = 50

	longestKeyMemory = 5 * time.Second
	mostCallers      = 10_000 // of whom something is known at once
)

// callers are the keys that were good a moment ago. They know whose a key is for as long as that may be remembered, and how
// often it asked. Keys that are not good leave no trace, so that nobody can fill the memory with them.
type callers struct {
	store Store
	patience
	memory time.Duration // 0: the store is asked each time
	rate   rate.Limit    // 0: no limit
	burst  int
	idle   time.Duration // after which a caller is as good as a new one

	mu    sync.Mutex
	known map[[32]byte]*caller
	swept time.Time
}

// caller is one key. Its fields but the limiter are guarded by callers.mu.
type caller struct {
	owner string
	asked time.Time // when the store was last asked whose it is
	seen  time.Time
	limit *rate.Limiter
}

func newCallers(c Config) *callers {
	k := &callers{store: c.Store, patience: patience(c.Patience), memory: c.KeyMemory, rate: rate.Limit(c.Rate), burst: 2 * c.Rate, known: map[[32]byte]*caller{}}
	k.idle = k.memory
	if k.rate > 0 {
		k.idle = max(k.idle, 2*time.Second) // by then the allowance of two seconds is whole again
	}
	return k
}

// owner is whose key it is. It fails with what the store said, or with tooOften, when the owner is known nevertheless.
func (k *callers) owner(ctx context.Context, hash [32]byte) (string, error) {
	now := time.Now() // before the store is asked, so that a key is remembered from no later than it was good
	owner, limit := k.recall(hash, now)
	if owner == "" {
		var err error
		if owner, err = k.read(ctx, hash); err != nil {
			if errors.Is(err, roughy.ErrNotFound) {
				k.forget(hash)
			}
			return "", err
		}
		limit = k.remember(hash, owner, now)
	}
	if limit == nil {
		return owner, nil
	}
	turn := limit.ReserveN(now, 1)
	if wait := turn.DelayFrom(now); wait > 0 {
		turn.CancelAt(now)
		return owner, &tooOften{wait}
	}
	return owner, nil
}

// read asks the store.
func (k *callers) read(ctx context.Context, hash [32]byte) (string, error) {
	reading, cancel := k.reading(ctx)
	defer cancel()
	owner, err := k.store.KeyOwner(reading, hash)
	return owner, k.judge(reading, ctx, err)
}

// recall is what is known of a key; "" if the store is to be asked.
func (k *callers) recall(hash [32]byte, now time.Time) (owner string, limit *rate.Limiter) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c := k.known[hash]
	if c == nil || now.Sub(c.asked) >= k.memory {
		return "", nil
	}
	c.seen = now
	return c.owner, c.limit
}

// remember notes whose key it is. A key that is known keeps its limiter.
func (k *callers) remember(hash [32]byte, owner string, now time.Time) *rate.Limiter {
	if k.idle == 0 {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	c := k.known[hash]
	if c == nil {
		k.makeRoom(now)
		c = &caller{}
		if k.rate > 0 {
			c.limit = rate.NewLimiter(k.rate, k.burst)
		}
		k.known[hash] = c
	}
	c.owner, c.asked, c.seen = owner, now, now
	return c.limit
}

func (k *callers) forget(hash [32]byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.known, hash)
}

// makeRoom forgets who is idle, now and then. If too many are not, one of them has to ask anew.
func (k *callers) makeRoom(now time.Time) {
	if now.Sub(k.swept) >= k.idle {
		k.swept = now
		for hash, c := range k.known {
			if now.Sub(c.seen) >= k.idle {
				delete(k.known, hash)
			}
		}
	}
	for hash := range k.known {
		if len(k.known) < mostCallers {
			return
		}
		delete(k.known, hash)
	}
}

// tooOften is a key that asks more often than it may.
type tooOften struct{ wait time.Duration }

func (t *tooOften) Error() string        { return fmt.Sprintf("%v: ask again in %v", errRate, t.wait) }
func (t *tooOften) Is(target error) bool { return target == errRate }

// seconds is what Retry-After says: whole ones, and never 0.
func (t *tooOften) seconds() int { return int((t.wait + time.Second - 1) / time.Second) }
