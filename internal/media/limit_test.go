package media_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
)

func TestFFmpegEndsAtItsLimit(t *testing.T) {
	t.Parallel()
	began := filepath.Join(t.TempDir(), "began")
	slow := script(t, "echo 'frame= 7' >&2; sleep 600 & echo $! > "+began+"; wait")
	limited := task(t)
	limited.Limit = 2 * time.Second
	err := media.EncodeByFFmpeg(t.Context(), slow, limited)
	requireRefusal(t, err, media.CodeEncodeLimit)
	require.ErrorContains(t, err, "longer than 2s")
	require.NotContains(t, err.Error(), "frame=")
	require.ErrorContains(t, err.(*media.Error).Err, "frame= 7")
	requireGone(t, childOf(began))
}

func TestTheLimitGrowsWithTheSource(t *testing.T) {
	t.Parallel()
	of := func(length time.Duration, segments ...media.Segment) time.Duration {
		return media.Task{Source: media.Source{Duration: length}, Segments: segments}.TimeLimit()
	}
	require.Equal(t, 5*time.Minute+200*time.Second, of(time.Second))
	require.Equal(t, 5*time.Minute+150*time.Second, of(time.Second, media.Segment{End: time.Second / 2}))
	require.Equal(t, 24*time.Hour, of(68*365*24*time.Hour), "a file may lie")
	require.Equal(t, 24*time.Hour, of(0), "or say nothing")
	require.Equal(t, time.Minute, media.Task{Limit: time.Minute}.TimeLimit())
}
