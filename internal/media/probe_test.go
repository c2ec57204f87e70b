package media_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
)

// theClip is what the bundled clip is.
var theClip = media.Source{
	Container: "mp4", VideoCodec: "h264", AudioCodec: "aac", Width: 320, Height: 180, FrameRate: 25, PeakRate: 25,
	Duration: 2 * time.Second, SizeBytes: int64(len(clip.MP4)), VideoBitrate: 17120, AudioBitrate: 23748,
}

func TestProbeKnowsTheClip(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, len(clip.MP4), 20<<10)
	require.Equal(t, theClip, probe(t, clipFile(t)))
}

// withoutTools lets a test see no program at all. It cannot run in parallel.
func withoutTools(t *testing.T) { t.Setenv("PATH", t.TempDir()) }

func TestProbeKnowsTheClipWithoutFFprobe(t *testing.T) {
	path := clipFile(t)
	withoutTools(t)
	require.Equal(t, theClip, probe(t, path))
}

func TestProbesAgree(t *testing.T) {
	t.Parallel()
	tool(t, "ffprobe")
	for name, path := range generatedAll(t, map[string][]string{
		"quicktime":               {"-c", "copy", "o.mov"},
		"sound alone":             {"-vn", "-c", "copy", "o.m4a"},
		"sound alone in mp4":      {"-vn", "-c", "copy", "o.mp4"},
		"pictures alone":          {"-an", "-c", "copy", "o.mp4"},
		"index at the end":        {"-c", "copy", "-movflags", "0", "o.mp4"},
		"turned right":            {"-c", "copy", "-metadata:s:v", "rotate=270", "o.mov"},
		"turned left":             {"-c", "copy", "-metadata:s:v", "rotate=90", "o.mp4"},
		"upside down":             {"-c", "copy", "-metadata:s:v", "rotate=180", "o.mp4"},
		"portrait":                {"-vf", "transpose=1", "o.mp4"},
		"wide pixels":             {"-vf", "setsar=4/3", "o.mp4"},
		"tall pixels":             {"-vf", "setsar=1/2", "o.mov"},
		"odd size":                {"-vf", "scale=99:55", "-c:v", "mpeg4", "o.mp4"},
		"uneven rate":             {"-vf", "select='not(mod(n,3))+not(mod(n,7))'", "-fps_mode", "vfr", "o.mp4"},
		"ntsc rate":               {"-r", "30000/1001", "o.mp4"},
		"hevc":                    {"-c:v", "libx265", "-x265-params", "log-level=error", "o.mp4"},
		"fine colour":             {"-pix_fmt", "yuv444p", "o.mov"},
		"grey":                    {"-pix_fmt", "gray", "o.mov"},
		"full range":              {"-pix_fmt", "yuvj420p", "o.mp4"},
		"ten bits":                {"-pix_fmt", "yuv420p10le", "o.mp4"},
		"mpeg-4 and ac-3":         {"-c:v", "mpeg4", "-c:a", "ac3", "o.mp4"},
		"prores and pcm":          {"-c:v", "prores", "-c:a", "pcm_s16le", "o.mov"},
		"motion jpeg and mp3":     {"-c:v", "mjpeg", "-c:a", "libmp3lame", "o.mp4"},
		"vp9 and opus":            {"-c:v", "libvpx-vp9", "-c:a", "libopus", "o.mp4"},
		"flac":                    {"-vn", "-c:a", "flac", "-strict", "-2", "o.mp4"},
		"alac":                    {"-vn", "-c:a", "alac", "o.m4a"},
		"3gp":                     {"-c", "copy", "o.3gp"},
		"sound that begins later": {"-map", "0:v", "-map", "1:a", "-c", "copy", "o.mp4"},
	}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := probe(t, path)
			got, err := media.WalkFile(path)
			require.NoError(t, err)
			require.InDelta(t, want.Duration.Seconds(), got.Duration.Seconds(), 0.002)
			require.InEpsilon(t, want.FrameRate+1, got.FrameRate+1, 1e-9)
			require.InEpsilon(t, want.PeakRate+1, got.PeakRate+1, 1e-9)
			require.InDelta(t, want.VideoBitrate, got.VideoBitrate, 0.01*float64(want.VideoBitrate))
			require.InDelta(t, want.AudioBitrate, got.AudioBitrate, 0.01*float64(want.AudioBitrate))
			want.Duration, want.FrameRate, want.VideoBitrate, want.AudioBitrate = got.Duration, got.FrameRate, got.VideoBitrate, got.AudioBitrate
			require.Equal(t, want, got)
		})
	}
}

func TestProbeOfOtherContainersNeedsFFprobe(t *testing.T) {
	mkv := generated(t, "o.mkv", "-c", "copy")
	fragments := generated(t, "o.mp4", "-c", "copy", "-movflags", "frag_keyframe+empty_moov")
	tool(t, "ffprobe")
	s := probe(t, mkv)
	require.Equal(t, "matroska", s.Container)
	require.Equal(t, "h264", s.VideoCodec)
	require.Equal(t, 320, s.Width)
	require.Equal(t, "mp4", probe(t, fragments).Container)
	withoutTools(t)
	for _, path := range []string{mkv, fragments} {
		_, err := media.Probe(t.Context(), path)
		requireRefusal(t, err, media.CodeProbeMissing)
		require.ErrorContains(t, err, "ffprobe")
	}
}

// badFiles are files that are no clips, by name.
func badFiles(t *testing.T) map[string][]byte {
	t.Helper()
	return map[string][]byte{
		"empty.mp4":      nil,
		"text.mp4":       []byte("This is no clip.\n"),
		"short.mp4":      []byte("xyz"),
		"zeros.mp4":      make([]byte, 4096),
		"half.mp4":       clip.MP4[:len(clip.MP4)/2],
		"last.mp4":       clip.MP4[:len(clip.MP4)-1],
		"index.mp4":      clip.MP4[:1000],
		"head.mp4":       clip.MP4[:20],
		"stream.m3u8":    []byte("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
		"script.mp4":     []byte("ffconcat version 1.0\nfile clip.mp4\n"),
		"subtitles.mp4":  []byte("1\n00:00:00,000 --> 00:00:01,000\nHello\n"),
		"picture%d.webp": []byte("RIFF\x24\x00\x00\x00WEBPVP8 "),
	}
}

var badCodes = map[string][]string{
	"empty.mp4": {media.CodeSourceEmpty}, "half.mp4": {media.CodeSourceTruncated}, "last.mp4": {media.CodeSourceTruncated},
	"index.mp4": {media.CodeSourceTruncated}, "head.mp4": {media.CodeSourceTruncated},
}

func TestProbeRefusesWhatIsNoClip(t *testing.T) {
	tool(t, "ffprobe")
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "clip.mp4"), clip.MP4, 0o600))
	for _, installed := range []bool{true, false} {
		usual := media.CodeSourceInvalid
		if !installed {
			withoutTools(t)
			usual = media.CodeProbeMissing // it cannot know that it is no clip of another kind
		}
		for name, data := range badFiles(t) {
			path := filepath.Join(dir, name)
			require.NoError(t, os.WriteFile(path, data, 0o600))
			_, err := media.Probe(t.Context(), path)
			require.ErrorContains(t, err, path+": ", name)
			codes := append(badCodes[name], usual)
			requireRefusal(t, err, codes[0])
		}
	}
}

func TestProbeRefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := media.Probe(t.Context(), filepath.Join(dir, "missing.mp4"))
	requireRefusal(t, err, media.CodeSourceMissing)
	_, err = media.Probe(t.Context(), dir)
	requireRefusal(t, err, media.CodeSourceUnreadable)
	_, err = media.Probe(t.Context(), os.DevNull)
	requireRefusal(t, err, media.CodeSourceUnreadable)
	_, err = media.Probe(t.Context(), filepath.Join(clipFile(t), "below"))
	requireRefusal(t, err, media.CodeSourceUnreadable)
}

func TestProbeTakesAnyFileName(t *testing.T) {
	tool(t, "ffprobe")
	t.Chdir(t.TempDir())
	for _, name := range []string{"-i", "-f.mp4", "http:clip.mp4", "concat:a|b", "a b\nc.mp4", "%03d.mp4", "pipe:0", "ä?#.mp4", "'\"\\.mp4"} {
		require.NoError(t, os.WriteFile(name, clip.MP4, 0o600))
		require.Equal(t, theClip, probe(t, name), name)
	}
}

func TestProbeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	tool(t, "ffprobe")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := media.Probe(ctx, clipFile(t))
	require.ErrorIs(t, err, context.Canceled)
}

func TestWhatAProgramSaidIsForTheLogAlone(t *testing.T) {
	t.Parallel()
	tool(t, "ffprobe")
	path := filepath.Join(t.TempDir(), "text.mp4")
	require.NoError(t, os.WriteFile(path, []byte("This is no clip.\n"), 0o600))
	_, err := media.Probe(t.Context(), path)
	require.NotContains(t, err.Error(), "Invalid data")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Error("probe", slog.Any("error", err))
	require.Contains(t, log.String(), "error.code=source_invalid")
	require.Contains(t, log.String(), "error.cause=")
	require.Contains(t, log.String(), "Invalid data")
}

func TestSourceAndSegmentKeepTheirJSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(media.Source{Container: "mp4", FrameRate: 29.97, Duration: time.Second})
	require.NoError(t, err)
	require.JSONEq(t, `{"container":"mp4","video_codec":"","audio_codec":"","width":0,"height":0,"rotation":0,"frame_rate":29.97,"peak_rate":0,
		"duration_ns":1000000000,"size_bytes":0,"video_bitrate":0,"audio_bitrate":0}`, string(data))
	data, err = json.Marshal(media.Segment{Start: 1, End: 2})
	require.NoError(t, err)
	require.JSONEq(t, `{"start_ns":1,"end_ns":2}`, string(data))
}
