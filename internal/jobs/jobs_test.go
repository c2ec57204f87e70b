package jobs_test

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

const patience = 20 * time.Second

// house is a data folder with its store and bucket, and one asset.
type house struct {
	dir    string
	store  *store.Store
	bucket *blobs.Bucket
	asset  store.Asset
}

const content = "the bytes of a clip"

func openHouse(t testing.TB, dir string) house {
	t.Helper()
	h := house{dir: dir}
	var err error
	h.store, err = store.Open(t.Context(), dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.store.Close()) })
	h.bucket, err = blobs.Open(blobs.Config{
		Dir: filepath.Join(dir, "blobs"), Secret: []byte("0123456789abcdef0123456789abcdef"),
		BaseURL: "http://127.0.0.1:1/links", TTL: time.Minute,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.bucket.Close()) })
	return h
}

func newHouse(t testing.TB) house {
	t.Helper()
	h := openHouse(t, t.TempDir())
	_, err := h.bucket.Upload(t.Context(), "assets/clip", "video/mp4", strings.NewReader(content))
	require.NoError(t, err)
	h.asset, err = h.store.AddAsset(t.Context(), store.Asset{Owner: "ann", Name: "clip.mp4", Key: "assets/clip"})
	require.NoError(t, err)
	return h
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
	rows, err := h.store.Renders(t.Context(), "ann", 0)
	require.NoError(t, err)
	at := slices.IndexFunc(rows, func(r store.Render) bool { return r.ID == id })
	require.GreaterOrEqual(t, at, 0)
	return rows[at]
}

func (h house) over(t testing.TB, id uuid.UUID) store.Render {
	t.Helper()
	require.Eventually(t, func() bool { return h.row(t, id).State.Terminal() }, patience, 5*time.Millisecond)
	return h.row(t, id)
}

// outputs are the keys of all that is in the bucket for a render.
func (h house) outputs(t testing.TB, id uuid.UUID) []string {
	t.Helper()
	keys, err := h.bucket.Keys(t.Context(), "renders/"+id.String()+"/")
	require.NoError(t, err)
	return keys
}

func (h house) count(t testing.TB, query string) (n int) {
	t.Helper()
	require.NoError(t, h.store.Writer().QueryRowContext(t.Context(), query).Scan(&n))
	return n
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

func TestARenderIsCreatedPublishedAndKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	q := h.started(t)
	r := h.over(t, h.create(t, q))
	require.Equal(t, roughy.StateCompleted, r.State)
	require.EqualValues(t, len(content), *r.SizeBytes)
	require.Equal(t, "renders/"+r.ID.String()+"/1.mp4", r.OutputKey)
	require.Equal(t, []string{r.OutputKey}, h.outputs(t, r.ID))
	path, release, err := h.bucket.Local(t.Context(), r.OutputKey)
	require.NoError(t, err)
	defer release()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, content, string(data))
	left, err := os.ReadDir(filepath.Join(h.dir, "scratch"))
	require.NoError(t, err)
	require.Empty(t, left, "nothing is left of the encoding")
}

func TestRowAndJobAreOneTransaction(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	q := h.queue(t)
	mp4 := roughy.Output{Format: roughy.FormatMP4}
	_, err := q.Create(t.Context(), jobs.NewRender{Owner: "ann", AssetID: uuid.New(), Output: mp4})
	require.ErrorIs(t, err, roughy.ErrNotFound)
	_, err = q.Create(t.Context(), jobs.NewRender{Owner: "bob", AssetID: h.asset.ID, Output: mp4})
	require.ErrorIs(t, err, roughy.ErrNotFound)
	_, err = q.Create(t.Context(), jobs.NewRender{Owner: "ann", AssetID: h.asset.ID, Output: roughy.Output{Format: "exe"}})
	var refused *media.Error
	require.ErrorAs(t, err, &refused)
	require.Zero(t, h.count(t, `SELECT count(*) FROM river_job`))
	require.Zero(t, h.count(t, `SELECT count(*) FROM renders`))

	h.create(t, q)
	require.Equal(t, 1, h.count(t, `SELECT count(*) FROM river_job`))
	_, err = h.store.Writer().ExecContext(t.Context(), `DROP TABLE river_job`)
	require.NoError(t, err)
	_, err = q.Create(t.Context(), jobs.NewRender{Owner: "ann", AssetID: h.asset.ID, Output: mp4})
	require.ErrorContains(t, err, "insert job")
	require.Equal(t, 1, h.count(t, `SELECT count(*) FROM renders`), "no job, so no render")
}

func TestAFormatThatIsLeftOpenIsDecidedAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	q := h.started(t)
	for name, c := range map[string]struct {
		source media.Source
		output roughy.Output
		want   roughy.Format
		key    string
	}{
		"of a film":                  {media.Source{Container: "mov", VideoCodec: "h264"}, roughy.Output{}, roughy.FormatMOV, "1.mov"},
		"of a film of another kind":  {media.Source{Container: "matroska", VideoCodec: "vp9"}, roughy.Output{}, roughy.FormatMP4, "1.mp4"},
		"of a song":                  {media.Source{Container: "mp3", AudioCodec: "mp3"}, roughy.Output{}, roughy.FormatMP3, "1.mp3"},
		"of sound of another kind":   {media.Source{Container: "wav", AudioCodec: "pcm_s16le"}, roughy.Output{}, roughy.FormatM4A, "1.m4a"},
		"that was asked for":         {media.Source{Container: "mov", VideoCodec: "h264"}, roughy.Output{Format: "mp3"}, roughy.FormatMP3, "1.mp3"},
		"of a song, with a tier":     {media.Source{Container: "mp3", AudioCodec: "mp3"}, roughy.Output{Resolution: "720p"}, "", "1.mp3"},
		"of a film, with all else":   {media.Source{Container: "mp4", VideoCodec: "h264"}, roughy.Output{FrameRate: new(25.0)}, roughy.FormatMP4, "1.mp4"},
		"of a source that is no one": {media.Source{}, roughy.Output{}, roughy.FormatMP4, "1.mp4"},
	} {
		a, err := h.store.AddAsset(t.Context(), store.Asset{Owner: "ann", Key: h.asset.Key, Source: c.source})
		require.NoError(t, err, name)
		made, err := q.Create(t.Context(), jobs.NewRender{Owner: "ann", AssetID: a.ID, Output: c.output})
		require.NoError(t, err, name)
		want := c.output
		want.Format = c.want
		require.Equal(t, want, made.Output, name)
		read, key, err := h.store.ReadRender(t.Context(), "ann", h.over(t, made.ID).ID)
		require.NoError(t, err, name)
		require.Equal(t, want, read.Output, name)
		require.Equal(t, "renders/"+made.ID.String()+"/"+c.key, key, name)
	}
}

func TestNewRendersAreToldOfAndNotPolledFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	here := h.started(t, func(c *jobs.Config) { c.Poll = time.Hour })
	there := openHouse(t, h.dir).queue(t)
	for creator, q := range map[string]*jobs.Queue{"this process": here, "another store": there} {
		waits := make([]time.Duration, 20)
		for i := range waits {
			r := h.over(t, h.create(t, q))
			require.Equal(t, roughy.StateCompleted, r.State)
			waits[i] = r.StartedAt.Sub(r.CreatedAt)
		}
		slices.Sort(waits)
		t.Logf("created by %s, to started: median %s, p95 %s", creator, waits[len(waits)/2], waits[len(waits)*95/100])
	}
}

func TestManyRendersAtOnceAreAllMade(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	q := h.started(t, func(c *jobs.Config) { c.Workers = 8 })
	ids := make([]uuid.UUID, 25)
	for i := range ids {
		ids[i] = h.create(t, q)
	}
	for _, id := range ids {
		r := h.over(t, id)
		require.Equal(t, roughy.StateCompleted, r.State)
		require.Equal(t, 1, r.Attempt)
	}
}

func TestManyFirstOpensAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	houses := make([]house, 8)
	errs := make([]error, len(houses))
	var wg sync.WaitGroup
	for i := range houses {
		wg.Go(func() {
			s, err := store.Open(t.Context(), dir)
			if err != nil {
				errs[i] = err
				return
			}
			_, errs[i] = jobs.Open(t.Context(), jobs.Config{Store: s})
			_ = s.Close()
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestOneQueueWorksOnAFolder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.started(t)
	second := openHouse(t, h.dir).queue(t)
	require.ErrorIs(t, second.Start(t.Context()), store.ErrInUse)
	require.NoError(t, second.Stop(t.Context()), "it was not started")
	require.NoError(t, first.Stop(t.Context()))
	require.NoError(t, second.Start(t.Context()))
}

func TestAStoppedQueueLeavesNothingRunning(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir)
	require.NoError(t, err)
	b, err := blobs.Open(blobs.Config{Dir: filepath.Join(dir, "blobs"), Secret: make([]byte, 32), BaseURL: "http://127.0.0.1:1/"})
	require.NoError(t, err)
	var log lines
	logger := slog.New(slog.NewTextHandler(&log, nil))
	q, err := jobs.Open(t.Context(), jobs.Config{Store: s, Bucket: b, Logger: logger})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, q.Start(ctx))
	cancel()
	time.Sleep(200 * time.Millisecond) // long enough for the maintenance to start
	require.NoError(t, q.Stop(t.Context()))
	require.NoError(t, b.Close())
	require.NoError(t, s.Close())
	require.Empty(t, log.String(), "an idle queue has nothing to say")
}

func exec(t testing.TB, db *sql.DB, text string, args ...any) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), text, args...)
	require.NoError(t, err)
}
