package jobs_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/pgtest"
	"github.com/roughy-go/roughy/internal/store"
)

const patience = 20 * time.Second

// house is a data folder with its bucket and a database, and one asset.
type house struct {
	dir     string
	address string // of the Postgres database; "" for SQLite in dir
	s3      string // the URL of the bucket; "" for files in dir
	store   *store.Store
	bucket  *blobs.Bucket
	asset   store.Asset
}

const content = "the bytes of a clip"

func openStore(ctx context.Context, dir, address string, opts ...store.Option) (*store.Store, error) {
	if address == "" {
		return store.Open(ctx, dir, opts...)
	}
	return store.Connect(ctx, address, append(opts, store.WithDir(dir))...)
}

func openBucket(ctx context.Context, dir, s3 string) (*blobs.Bucket, error) {
	if s3 != "" {
		return blobs.Open(ctx, blobs.Config{URL: s3})
	}
	return blobs.Open(ctx, blobs.Config{Dir: filepath.Join(dir, "blobs")})
}

// openHouse is one with files.
func openHouse(t testing.TB, dir, address string) house {
	t.Helper()
	return openHouseAt(t, dir, address, "")
}

func openHouseAt(t testing.TB, dir, address, s3 string) house {
	t.Helper()
	h := house{dir: dir, address: address, s3: s3}
	var err error
	h.store, err = openStore(t.Context(), dir, address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.store.Close()) })
	h.bucket, err = openBucket(t.Context(), dir, s3)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.bucket.Close()) })
	return h
}

// furnish adds the asset.
func (h *house) furnish(t testing.TB) {
	t.Helper()
	_, err := h.bucket.Upload(t.Context(), "assets/clip", "video/mp4", strings.NewReader(content))
	require.NoError(t, err)
	h.asset, err = h.store.AddAsset(t.Context(), store.Asset{Owner: "ann", Name: "clip.mp4", Key: "assets/clip"})
	require.NoError(t, err)
}

// newHouse is one with SQLite.
func newHouse(t testing.TB) house {
	t.Helper()
	h := openHouse(t, t.TempDir(), "")
	h.furnish(t)
	return h
}

// again is the same house as another process would open it.
func (h house) again(t testing.TB) house {
	t.Helper()
	other := openHouseAt(t, h.dir, h.address, h.s3)
	other.asset = h.asset
	return other
}

// databases are where each test that meets one runs.
var databases = map[string]func(testing.TB) (address string){
	"SQLite":   func(testing.TB) string { return "" },
	"Postgres": func(t testing.TB) string { return pgtest.URL(t) },
}

// onBoth runs a test on each database.
func onBoth(t *testing.T, test func(t *testing.T, h house)) {
	for name, address := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := openHouse(t, t.TempDir(), address(t))
			h.furnish(t)
			test(t, h)
		})
	}
}

// engines lets every task be encoded by e.
func engines(e media.Engine) func(*jobs.Config) {
	return func(c *jobs.Config) { c.Choose = func(media.Task) (media.Engine, error) { return e, nil } }
}

// queue opens a queue that tries again at once.
func (h house) queue(t testing.TB, changes ...func(*jobs.Config)) *jobs.Queue {
	t.Helper()
	c := jobs.Config{Store: h.store, Bucket: h.bucket, Backoff: func(int) time.Duration { return 0 }, Grace: 50 * time.Millisecond}
	engines(&copyingEngine{})(&c)
	for _, change := range changes {
		change(&c)
	}
	q, err := jobs.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, q.Stop(context.Background())) })
	return q
}

func (h house) started(t testing.TB, changes ...func(*jobs.Config)) *jobs.Queue {
	t.Helper()
	q := h.queue(t, changes...)
	require.NoError(t, q.Start(t.Context()))
	return q
}

func (h house) create(t testing.TB, q *jobs.Queue) uuid.UUID {
	t.Helper()
	r, err := q.Create(t.Context(), jobs.NewRender{Owner: "ann", AssetID: h.asset.ID, Output: roughy.Output{Format: roughy.FormatMP4}})
	require.NoError(t, err)
	return r.ID
}

func (h house) row(t testing.TB, id uuid.UUID) store.Render {
	t.Helper()
	r, err := h.store.Row(t.Context(), id)
	require.NoError(t, err)
	return r
}

func (h house) over(t testing.TB, id uuid.UUID) store.Render {
	t.Helper()
	require.Eventually(t, func() bool { return h.row(t, id).State.Terminal() }, patience, 5*time.Millisecond)
	return h.row(t, id)
}

// keys are those of the bucket that begin with prefix, in order.
func (h house) keys(t testing.TB, prefix string) (keys []string) {
	t.Helper()
	for entry, err := range h.bucket.Keys(t.Context(), prefix) {
		require.NoError(t, err)
		keys = append(keys, entry.Key)
	}
	slices.Sort(keys)
	return keys
}

// outputs are the keys of all that is in the bucket for a render.
func (h house) outputs(t testing.TB, id uuid.UUID) []string {
	t.Helper()
	return h.keys(t, "renders/"+id.String()+"/")
}

// scratch are the files and folders under way, without the folders of the processes and their locks.
func (h house) scratch(t testing.TB) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(h.dir, "scratch", "*", "*"))
	require.NoError(t, err)
	return slices.DeleteFunc(found, func(path string) bool { return filepath.Base(path) == "lock" })
}

func (h house) count(t testing.TB, query string) (n int) {
	t.Helper()
	require.NoError(t, h.store.Writer().QueryRowContext(t.Context(), query).Scan(&n))
	return n
}

// idle waits until no job runs.
func (h house) idle(t testing.TB) {
	t.Helper()
	require.Eventually(t, func() bool {
		return h.count(t, `SELECT count(*) FROM river_job WHERE state = 'running'`) == 0
	}, patience, 5*time.Millisecond)
}

// copyingEngine hands the input on, after pause.
type copyingEngine struct {
	pause time.Duration
	mu    sync.Mutex
	calls int
}

func (*copyingEngine) Name() string { return "copying" }

func (e *copyingEngine) Encode(_ context.Context, t media.Task) error {
	e.mu.Lock()
	e.calls++
	e.mu.Unlock()
	time.Sleep(e.pause)
	data, err := os.ReadFile(t.Input)
	if err != nil {
		return err
	}
	return os.WriteFile(t.Output, data, 0o600)
}

func (e *copyingEngine) called() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.calls
}

// blockingEngine says that it began and encodes until it is cancelled.
type blockingEngine struct{ began chan media.Task }

func newBlockingEngine() *blockingEngine { return &blockingEngine{began: make(chan media.Task, 100)} }

func (*blockingEngine) Name() string { return "blocking" }

func (e *blockingEngine) Encode(ctx context.Context, t media.Task) error {
	if err := os.WriteFile(t.Output, []byte("half"), 0o600); err != nil {
		return err
	}
	e.began <- t
	<-ctx.Done()
	return context.Cause(ctx)
}

// deafEngine encodes until it is released, whoever cancels it.
type deafEngine struct{ began, release chan struct{} }

func (deafEngine) Name() string { return "deaf" }

func (e deafEngine) Encode(_ context.Context, t media.Task) error {
	e.began <- struct{}{}
	<-e.release
	return os.WriteFile(t.Output, []byte("late"), 0o600)
}

func exec(t testing.TB, db *sql.DB, text string, args ...any) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), text, args...)
	require.NoError(t, err)
}
