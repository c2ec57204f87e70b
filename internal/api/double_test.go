package api_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/contract"
)

// rowsInMemory is a store that keeps its rows in two maps.
type rowsInMemory struct {
	mu      sync.Mutex
	asked   int // how often whose key it is
	owners  map[[32]byte]string
	renders map[uuid.UUID]row
}

type row struct {
	owner, outputKey string
	render           roughy.Render
}

func newRows() *rowsInMemory {
	return &rowsInMemory{owners: map[[32]byte]string{}, renders: map[uuid.UUID]row{}}
}

func (s *rowsInMemory) KeyOwner(_ context.Context, hash [32]byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	owner, ok := s.owners[hash]
	if !ok {
		return "", fmt.Errorf("key owner: %w", roughy.ErrNotFound)
	}
	return owner, nil
}

func (s *rowsInMemory) ReadRender(_ context.Context, owner string, id uuid.UUID) (roughy.Render, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.renders[id]
	if !ok || r.owner != owner {
		return roughy.Render{}, "", fmt.Errorf("read render: %w", roughy.ErrNotFound)
	}
	return r.render, r.outputKey, nil
}

// addKey makes a key of owner.
func (s *rowsInMemory) addKey(t *testing.T, owner string) (key string) {
	t.Helper()
	key, hash, err := api.NewKey()
	require.NoError(t, err)
	suite.hide(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owners[hash] = owner
	return key
}

func (s *rowsInMemory) revoke(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.owners, api.HashKey(key))
}

func (s *rowsInMemory) remove(id uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.renders, id)
}

// addRender makes a render of owner in a state, with all that belongs to the state.
func (s *rowsInMemory) addRender(owner string, state roughy.State) roughy.Render {
	moment := time.Date(2026, 10, 31, 9, 15, 0, 123456000, time.UTC)
	r := roughy.Render{ID: uuid.New(), AssetID: uuid.New(), State: state, CreatedAt: moment,
		Output: roughy.Output{Format: roughy.FormatMP4, FrameRate: new(29.97)}}
	if state != roughy.StatePending {
		r.StartedAt = new(moment.Add(time.Second))
	}
	if state.Terminal() {
		r.CompletedAt = new(moment.Add(2 * time.Second))
	}
	outputKey := ""
	switch state {
	case roughy.StateCompleted:
		r.SizeBytes, outputKey = new(int64(1<<53+1)), "renders/"+r.ID.String()+"/1.mp4"
	case roughy.StateFailed:
		r.Failure = &roughy.Failure{Code: "no_engine", Message: "Nothing here can make this."}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.renders[r.ID] = row{owner, outputKey, r}
	return r
}

// storeThatFails gives every read the same error.
type storeThatFails struct{ err error }

func (s storeThatFails) KeyOwner(context.Context, [32]byte) (string, error) { return "", s.err }

func (s storeThatFails) ReadRender(context.Context, string, uuid.UUID) (roughy.Render, string, error) {
	return roughy.Render{}, "", s.err
}

// storeThatPanics knows every key and panics at the first render.
type storeThatPanics struct{ value any }

func (s storeThatPanics) KeyOwner(context.Context, [32]byte) (string, error) { return "anna", nil }

func (s storeThatPanics) ReadRender(context.Context, string, uuid.UUID) (roughy.Render, string, error) {
	panic(s.value)
}

// storeThatHangs takes some time for a key, and never reads a render.
type storeThatHangs struct{ key time.Duration }

func (s storeThatHangs) KeyOwner(ctx context.Context, _ [32]byte) (string, error) {
	select {
	case <-time.After(s.key):
		return "anna", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (s storeThatHangs) ReadRender(ctx context.Context, _ string, _ uuid.UUID) (roughy.Render, string, error) {
	<-ctx.Done()
	return roughy.Render{}, "", fmt.Errorf("dial 10.1.2.3: %w", ctx.Err())
}

// linksThatCount signs with the number of the link.
type linksThatCount struct {
	mu     sync.Mutex
	signed int
}

func (l *linksThatCount) Link(_ context.Context, key string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.signed++
	return fmt.Sprintf("http://127.0.0.1/links/%s?expires=1&signature=%d", key, l.signed), nil
}

func (l *linksThatCount) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.signed
}

// linksThatFail signs nothing.
type linksThatFail struct{ err error }

func (l linksThatFail) Link(context.Context, string) (string, error) { return "", l.err }

// lines keeps what is logged.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// observerThatCounts keeps what it is told.
type observerThatCounts struct {
	mu       sync.Mutex
	begun    int
	requests map[int]int
	verdicts map[contract.Verdict]int
}

func newObserver() *observerThatCounts {
	return &observerThatCounts{requests: map[int]int{}, verdicts: map[contract.Verdict]int{}}
}

func (o *observerThatCounts) Begin() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.begun++
}

func (o *observerThatCounts) came() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.begun
}

// over is what is known once nothing is under way.
func (o *observerThatCounts) over(t *testing.T) map[int]int {
	t.Helper()
	require.Eventually(t, func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		ended := 0
		for _, n := range o.requests {
			ended += n
		}
		return ended == o.begun
	}, time.Minute, time.Millisecond)
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.requests)
}

func (o *observerThatCounts) Request(status int, _ time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.requests[status]++
}

func (o *observerThatCounts) Verdict(v contract.Verdict) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.verdicts[v]++
}
