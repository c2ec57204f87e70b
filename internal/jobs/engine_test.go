package jobs_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
	"github.com/roughy-go/roughy/internal/store"
)

// realEngines chooses as the server does.
func realEngines(c *jobs.Config) { c.Choose = nil }

func TestARealClipIsCopied(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir(), "")
	_, err := h.bucket.Upload(t.Context(), "assets/real", "video/mp4", bytes.NewReader(clip.MP4))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "clip.mp4")
	require.NoError(t, os.WriteFile(path, clip.MP4, 0o600))
	source, err := media.Probe(t.Context(), path)
	require.NoError(t, err)
	h.asset, err = h.store.AddAsset(t.Context(), store.Asset{Owner: "ann", Name: "clip.mp4", Key: "assets/real", Source: source})
	require.NoError(t, err)
	q := h.started(t, realEngines)

	for name, output := range map[string]roughy.Output{
		"the same format":        {Format: roughy.FormatMP4},
		"a ceiling far above it": {Format: roughy.FormatMP4, Resolution: roughy.Resolution4K},
		"nothing asked":          {},
	} {
		r, err := q.Create(t.Context(), jobs.NewRender{Owner: "ann", AssetID: h.asset.ID, Output: output})
		require.NoError(t, err, name)
		row := h.over(t, r.ID)
		require.Equal(t, roughy.StateCompleted, row.State, name)
		require.Equal(t, "renders/"+r.ID.String()+"/1.mp4", row.OutputKey, name)
		require.EqualValues(t, len(clip.MP4), *row.SizeBytes, name)
		file, release, err := h.bucket.Local(t.Context(), row.OutputKey, t.TempDir())
		require.NoError(t, err, name)
		made, err := os.ReadFile(file)
		release()
		require.NoError(t, err, name)
		require.True(t, bytes.Equal(clip.MP4, made), name)
	}
}

func TestWhatNoEngineMakesFailsWithMediasCode(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		sound, err := h.store.AddAsset(t.Context(), store.Asset{
			Owner: "ann", Key: h.asset.Key, Source: media.Source{Container: "m4a", AudioCodec: "aac", AudioBitrate: 128_000},
		})
		require.NoError(t, err)
		q := h.started(t, realEngines)
		r, err := q.Create(t.Context(), jobs.NewRender{Owner: "ann", AssetID: sound.ID, Output: roughy.Output{Format: roughy.FormatMP4}})
		require.NoError(t, err)
		row := h.over(t, r.ID)
		require.Equal(t, roughy.StateFailed, row.State)
		require.Equal(t, media.CodeNoVideo, row.Failure.Code)
		require.NotContains(t, row.Failure.Message, h.dir)
	})
}

// lines collects what is logged.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestTheCauseIsForTheLogAlone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		cause := &os.PathError{Op: "open", Path: "/srv/private", Err: os.ErrPermission}
		refusal := &media.Error{Code: media.CodeEncodeFailed, Message: "ffmpeg could not make it.", Err: cause}
		var log lines
		q := h.started(t, engines(&failingEngine{err: refusal}), func(c *jobs.Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
		row := h.over(t, h.create(t, q))
		require.Equal(t, &roughy.Failure{Code: media.CodeEncodeFailed, Message: "ffmpeg could not make it."}, row.Failure)
		require.Contains(t, log.String(), "/srv/private")
		require.Contains(t, log.String(), row.ID.String())
	})
}
