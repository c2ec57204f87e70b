package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

func TestARenderIsCreatedPublishedAndKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.started(t)
		r := h.over(t, h.create(t, q))
		require.Equal(t, roughy.StateCompleted, r.State)
		require.EqualValues(t, len(content), *r.SizeBytes)
		require.Equal(t, "renders/"+r.ID.String()+"/1.mp4", r.OutputKey)
		require.Equal(t, []string{r.OutputKey}, h.outputs(t, r.ID))
		path, release, err := h.bucket.Local(t.Context(), r.OutputKey, t.TempDir())
		require.NoError(t, err)
		defer release()
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, content, string(data))
		require.Empty(t, h.scratch(t), "nothing is left of the encoding")
	})
}

func TestRowAndJobAreOneTransaction(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
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
	})
}

func TestAFormatThatIsLeftOpenIsDecidedAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
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
	})
}

func TestNewRendersAreToldOfAndNotPolledFor(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		here := h.started(t, func(c *jobs.Config) { c.Poll = time.Hour })
		there := h.again(t).queue(t)
		for creator, q := range map[string]*jobs.Queue{"this process": here, "another store": there} {
			waits := make([]time.Duration, 40)
			for i := range waits {
				r := h.over(t, h.create(t, q))
				require.Equal(t, roughy.StateCompleted, r.State)
				waits[i] = r.StartedAt.Sub(r.CreatedAt)
			}
			slices.Sort(waits)
			t.Logf("created by %s, to started: median %s, p95 %s", creator, waits[len(waits)/2], waits[len(waits)*95/100])
			for range 10 {
				first, second := h.create(t, q), h.create(t, q)
				h.over(t, first)
				h.over(t, second)
			}
		}
	})
}

func TestManyRendersAtOnceAreAllMade(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
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
	})
}

func TestManyFirstOpensAtOnce(t *testing.T) {
	t.Parallel()
	for name, address := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, address := t.TempDir(), address(t)
			errs := make([]error, 8)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() {
					s, err := openStore(t.Context(), dir, address)
					if err != nil {
						errs[i] = err
						return
					}
					_, err = jobs.Open(t.Context(), jobs.Config{Store: s})
					errs[i] = errors.Join(err, s.Close())
				})
			}
			wg.Wait()
			require.Equal(t, make([]error, len(errs)), errs)
		})
	}
}

func TestOneQueueWorksOnAFolder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.started(t)
	second := h.again(t).queue(t)
	require.ErrorIs(t, second.Start(t.Context()), store.ErrInUse)
	require.NoError(t, second.Stop(t.Context()), "it was not started")
	require.NoError(t, first.Stop(t.Context()))
	require.NoError(t, second.Start(t.Context()))
}

func TestAStoppedQueueLeavesNothingRunning(t *testing.T) {
	for name, address := range databases {
		t.Run(name, func(t *testing.T) {
			dir, address := t.TempDir(), address(t)
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			s, err := openStore(t.Context(), dir, address)
			require.NoError(t, err)
			b, err := openBucket(t.Context(), dir, "")
			require.NoError(t, err)
			var log lines
			logger := slog.New(slog.NewTextHandler(&log, nil))
			q, err := jobs.Open(t.Context(), jobs.Config{Store: s, Bucket: b, Logger: logger, Lease: 600 * time.Millisecond, Sweep: 10 * time.Millisecond})
			require.NoError(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			require.NoError(t, q.Start(ctx))
			cancel()
			time.Sleep(200 * time.Millisecond) // long enough for the maintenance to start
			require.NoError(t, q.Stop(t.Context()))
			require.NoError(t, b.Close())
			require.NoError(t, s.Close())
			require.Empty(t, log.String(), "an idle queue has nothing to say")
		})
	}
}
