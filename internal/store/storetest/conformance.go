// Package storetest holds a store to its contract: Run has one subtest for each sentence of the store's package doc. It
// opens what it tests through a function, so that every database takes the same suite.
package storetest

import (
	"database/sql"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// Open opens a new, empty store with this clock and closes it at the test's end.
type Open func(t *testing.T, now func() time.Time) *store.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, group := range [][]sentence{keys, sources, renders, claims, publications, clocks} {
		for _, s := range group {
			t.Run(s.says, func(t *testing.T) {
				t.Parallel()
				c := &Clock{at: time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)}
				s.holds(t, fixture{Store: open(t, c.Now), clock: c})
			})
		}
	}
}

type sentence struct {
	says  string
	holds func(*testing.T, fixture)
}

// Clock stands still until it is set. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now is the moment that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Step moves the clock by d, back where d is negative.
func (c *Clock) Step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type fixture struct {
	*store.Store
	clock *Clock
}

var wholeSource = media.Source{
	Container: "mp4", VideoCodec: "h264", AudioCodec: "aac", Width: 1280, Height: 720, FrameRate: 30000.0 / 1001,
	Duration: 2002 * time.Millisecond, SizeBytes: 12345, VideoBitrate: 5_000_000, AudioBitrate: 128_000,
}

func (f fixture) asset(t *testing.T, owner string) store.Asset {
	t.Helper()
	a, err := f.AddAsset(t.Context(), store.Asset{Owner: owner, Name: "clip.mp4", Key: "assets/clip", Source: wholeSource})
	require.NoError(t, err)
	return a
}

func (f fixture) cut(t *testing.T, a store.Asset) store.Cut {
	t.Helper()
	c, err := f.AddCut(t.Context(), store.Cut{
		Owner: a.Owner, AssetID: a.ID,
		Segments: []media.Segment{{Start: time.Second, End: 1500 * time.Millisecond}, {Start: 0, End: time.Millisecond}},
	})
	require.NoError(t, err)
	return c
}

func (f fixture) insert(t *testing.T, n store.NewRender) (r store.Render, err error) {
	t.Helper()
	err = f.InTx(t.Context(), func(tx *sql.Tx) error {
		r, err = f.InsertRender(t.Context(), tx, n)
		return err
	})
	return r, err
}

func (f fixture) pending(t *testing.T) store.Render {
	t.Helper()
	r, err := f.insert(t, store.NewRender{Owner: "ann", AssetID: f.asset(t, "ann").ID, Output: roughy.Output{Format: roughy.FormatMP4}})
	require.NoError(t, err)
	return r
}

func (f fixture) claimed(t *testing.T) store.Render {
	t.Helper()
	r, err := f.Claim(t.Context(), f.pending(t).ID, 0)
	require.NoError(t, err)
	return r
}

func (f fixture) now(t *testing.T, id uuid.UUID) roughy.Render {
	t.Helper()
	r, _, err := f.ReadRender(t.Context(), "ann", id)
	require.NoError(t, err)
	return r
}

// row is a render as the database has it.
func (f fixture) row(t *testing.T, id uuid.UUID) store.Render {
	t.Helper()
	r, err := f.Row(t.Context(), id)
	require.NoError(t, err)
	return r
}

func (f fixture) takeBack(t *testing.T, held store.Render) error {
	t.Helper()
	return f.InTx(t.Context(), func(tx *sql.Tx) error { return f.TakeBack(t.Context(), tx, held) })
}

func (f fixture) assign(t *testing.T, id uuid.UUID, old, job int64) error {
	t.Helper()
	return f.InTx(t.Context(), func(tx *sql.Tx) error { return f.Assign(t.Context(), tx, id, old, job) })
}
