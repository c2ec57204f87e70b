package media_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
)

const ms = time.Millisecond

// encoded makes an output of the file at path with the engine that Choose picks, and returns its path and what it is.
func encoded(t testing.TB, path string, spec roughy.Output, segments ...media.Segment) (string, media.Source) {
	t.Helper()
	tool(t, "ffmpeg")
	task := media.Task{Input: path, Output: filepath.Join(t.TempDir(), "output"), Source: probedOnce(t, path), Segments: segments, Spec: spec}
	engine, err := media.Choose(task)
	require.NoError(t, err)
	require.Equal(t, "ffmpeg", engine.Name())
	require.NoError(t, engine.Encode(t.Context(), task))
	return task.Output, walked(t, task.Output)
}

func TestFFmpegMakesEachFormat(t *testing.T) {
	t.Parallel()
	for format, want := range map[roughy.Format]media.Source{
		"mp4": {Container: "mp4", VideoCodec: "h264", AudioCodec: "aac", Width: 320, Height: 180, FrameRate: 20, PeakRate: 20},
		"mov": {Container: "mov", VideoCodec: "h264", AudioCodec: "aac", Width: 320, Height: 180, FrameRate: 20, PeakRate: 20},
		"m4a": {Container: "m4a", AudioCodec: "aac"},
		"mp3": {Container: "mp3", AudioCodec: "mp3"},
	} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			spec := roughy.Output{Format: format}
			if want.VideoCodec != "" {
				spec.FrameRate = new(20.0)
			}
			source := generated(t, "source.mkv", "-c", "copy", "-metadata", "title=private")
			path, got := encoded(t, source, spec)
			require.InDelta(t, 2, got.Duration.Seconds(), 0.1)
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NotContains(t, string(data), "private")
			if format != "mp3" {
				require.Less(t, bytes.Index(data, []byte("moov")), bytes.Index(data, []byte("mdat")), "plays before it is all there")
			}
			got.Duration, got.SizeBytes, got.VideoBitrate, got.AudioBitrate = 0, 0, 0, 0
			require.Equal(t, want, got)
		})
	}
}

func TestFFmpegTakesAnySource(t *testing.T) {
	t.Parallel()
	all := map[string]struct {
		args          []string
		width, height int
		rate          float64
		audio         string
	}{
		"no sound":       {[]string{"-an", "s.mkv"}, 320, 180, 25, ""},
		"turned":         {[]string{"-c", "copy", "-metadata:s:v", "rotate=270", "s.mov"}, 180, 320, 25, "aac"},
		"odd size":       {[]string{"-vf", "scale=99:55", "-c:v", "mpeg4", "s.mkv"}, 98, 54, 25, "aac"},
		"one pixel":      {[]string{"-vf", "scale=1:1", "-c:v", "ffv1", "s.mkv"}, 2, 2, 25, "aac"},
		"uneven rate":    {[]string{"-vf", "select='not(mod(n,3))+not(mod(n,7))'", "-fps_mode", "vfr", "s.mkv"}, 320, 180, 11, "aac"},
		"ten bits":       {[]string{"-pix_fmt", "yuv420p10le", "s.mkv"}, 320, 180, 25, "aac"},
		"wide pixels":    {[]string{"-vf", "setsar=4/3", "s.mkv"}, 426, 180, 25, "aac"},
		"surround":       {[]string{"-ac", "6", "s.mkv"}, 320, 180, 25, "aac"},
		"transport":      {[]string{"-c", "copy", "s.ts"}, 320, 180, 25, "aac"},
		"mpeg-4 in avi":  {[]string{"s.avi"}, 320, 180, 23, "aac"},
		"two sounds":     {[]string{"-map", "0:v", "-map", "0:a", "-map", "0:a", "s.mkv"}, 320, 180, 25, "aac"},
		"a cover inside": {[]string{"-map", "0:a", "-map", "0:v", "-c:a", "copy", "-frames:v", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic", "s.m4a"}, 0, 0, 0, "aac"},
	}
	args := map[string][]string{}
	for name, c := range all {
		args[name] = c.args
	}
	for name, path := range generatedAll(t, args) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := all[name]
			_, got := encoded(t, path, roughy.Output{}, media.Segment{Start: 0, End: time.Second})
			require.Equal(t, [2]int{c.width, c.height}, [2]int{got.Width, got.Height})
			require.InDelta(t, c.rate, got.FrameRate, 2)
			require.Equal(t, c.audio, got.AudioCodec)
			require.Zero(t, got.Rotation)
			require.InDelta(t, 1, got.Duration.Seconds(), 0.05)
			_, song := encodedSound(t, path, c.audio != "")
			require.Equal(t, c.audio != "", song.AudioCodec == "mp3")
		})
	}
}

// encodedSound makes an mp3, where there is sound.
func encodedSound(t *testing.T, path string, there bool) (string, media.Source) {
	t.Helper()
	if there {
		return encoded(t, path, roughy.Output{Format: "mp3"})
	}
	_, err := media.Choose(media.Task{Source: probedOnce(t, path), Spec: roughy.Output{Format: "mp3"}})
	requireRefusal(t, err, media.CodeNoAudio)
	return "", media.Source{}
}

func TestFFmpegBringsTheShorterEdgeToTheTier(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, want [2]int
		tier       roughy.Resolution
	}{
		"landscape":           {[2]int{1920, 1080}, [2]int{1280, 720}, "720p"},
		"portrait":            {[2]int{1080, 1920}, [2]int{720, 1280}, "720p"},
		"square":              {[2]int{1500, 1500}, [2]int{1080, 1080}, "1080p"},
		"an uneven shape":     {[2]int{1366, 768}, [2]int{1280, 720}, "720p"},
		"a very wide one":     {[2]int{3000, 800}, [2]int{2700, 720}, "720p"},
		"nothing is enlarged": {[2]int{640, 360}, [2]int{640, 360}, "4k"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "source.mkv")
			ffmpeg(t, "-f", "lavfi", "-i", fmt.Sprintf("color=size=%dx%d:rate=10:duration=0.2", c.from[0], c.from[1]), "-c:v", "mpeg4", path)
			_, got := encoded(t, path, roughy.Output{Resolution: c.tier})
			require.Equal(t, c.want, [2]int{got.Width, got.Height})
		})
	}
}

func TestFFmpegKeepsBelowTheCeilings(t *testing.T) {
	t.Parallel()
	noise := filepath.Join(t.TempDir(), "noise.mkv")
	ffmpeg(t, "-f", "lavfi", "-i", "nullsrc=size=320x180:rate=30:duration=2,geq=random(1)*255:128:128",
		"-f", "lavfi", "-i", "anoisesrc=duration=2:sample_rate=48000", "-ac", "2", "-c:v", "ffv1", "-c:a", "pcm_s16le", noise)
	for _, c := range []struct {
		format       roughy.Format
		video, audio int
		rate         float64
		length       time.Duration
	}{
		{"mp4", 1_000_000, 128_000, 29.97, 2 * time.Second},
		{"mp4", 300_000, 64_000, 30, 2 * time.Second},
		{"mov", 2_000_000, 192_000, 12.5, time.Second},
		{"mov", 500_000, 48_000, 1, 1900 * ms},
		{"m4a", 0, 24_000, 0, 2 * time.Second},
		{"m4a", 0, 100_000, 0, time.Second},
		{"m4a", 0, 17_000, 0, 2 * time.Second},
		{"mp3", 0, 128_000, 0, 2 * time.Second},
		{"mp3", 0, 100_001, 0, 2 * time.Second},
		{"mp3", 0, 16_000, 0, 2 * time.Second},
		{"mp3", 0, 320_000, 0, 2 * time.Second},
	} {
		t.Run(fmt.Sprintf("%s %d %d %g", c.format, c.video, c.audio, c.rate), func(t *testing.T) {
			t.Parallel()
			spec := roughy.Output{Format: c.format, AudioBitrate: &c.audio}
			if c.video > 0 {
				spec.VideoBitrate, spec.FrameRate = &c.video, &c.rate
			}
			_, got := encoded(t, noise, spec, media.Segment{Start: 0, End: c.length})
			require.LessOrEqual(t, got.VideoBitrate, c.video)
			require.GreaterOrEqual(t, got.VideoBitrate, c.video/3, "the ceiling is used")
			require.LessOrEqual(t, got.AudioBitrate, c.audio)
			require.GreaterOrEqual(t, got.AudioBitrate, c.audio/3)
			require.LessOrEqual(t, got.FrameRate, c.rate*1.0001)
		})
	}
}

func TestCeilingsAreCappedAtTheSource(t *testing.T) {
	t.Parallel()
	spec := roughy.Output{Format: "mov", VideoBitrate: new(50_000_000), AudioBitrate: new(320_000), FrameRate: new(60.0), Resolution: "4k"}
	_, got := encoded(t, clipFile(t), spec)
	require.LessOrEqual(t, got.VideoBitrate, theClip.VideoBitrate)
	require.LessOrEqual(t, got.AudioBitrate, theClip.AudioBitrate)
	require.Equal(t, theClip.FrameRate, got.FrameRate)
	require.Equal(t, theClip.Height, got.Height)
}

// Rates of which the length of a picture is no whole number of microseconds lose none at the end either.
func TestAFrameRateKeepsEveryPictureThatItAllows(t *testing.T) {
	t.Parallel()
	cut := []media.Segment{{Start: 200 * ms, End: 1200 * ms}, {Start: time.Second, End: 2 * time.Second}}
	for _, from := range []string{"25", "30", "60000/1001", "60"} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			path := generated(t, "s.mp4", "-vf", "fps="+from)
			source := probe(t, path)
			for _, rate := range []float64{11, 12.5, 14.985, 15, 18, 20, 23.976, 24, 29.97, 30, 50} {
				if rate >= source.FrameRate*0.99 {
					continue
				}
				for _, segments := range [][]media.Segment{nil, cut} {
					out, _ := encoded(t, path, roughy.Output{FrameRate: &rate}, segments...)
					require.Len(t, frames(t, out), int(math.Round(rate*2)), "%v of %v", rate, segments)
				}
			}
		})
	}
}

func TestAFrameRateBelowOnePictureLeavesOne(t *testing.T) {
	t.Parallel()
	loud := clipFile(t)
	silent := generated(t, "silent.mp4", "-an", "-c", "copy")
	still := filepath.Join(t.TempDir(), "still.mp4")
	ffmpeg(t, "-i", loud, "-f", "lavfi", "-i", "sine=duration=3", "-map", "0:v", "-map", "1:a", "-vf", "trim=end_frame=1", still)
	cut := func(from, to time.Duration) []media.Segment { return []media.Segment{{Start: from, End: to}} }
	for name, c := range map[string]struct {
		rate     float64
		segments []media.Segment
		want     int
		length   time.Duration
	}{
		"far below":                {0.1, nil, 1, 2 * time.Second},
		"below":                    {0.2, nil, 1, 2 * time.Second},
		"a little below":           {0.4, nil, 1, 2 * time.Second},
		"one":                      {0.5, nil, 1, 2 * time.Second},
		"more than one":            {0.7, nil, 1, 2 * time.Second},
		"nearly two":               {0.9, nil, 1, 2 * time.Second},
		"two":                      {1, nil, 2, 2 * time.Second},
		"five and a half":          {2.75, nil, 5, 2 * time.Second},
		"many":                     {12.5, nil, 25, 2 * time.Second},
		"a cut of one picture":     {10, cut(400*ms, 440*ms), 1, 40 * ms},
		"a cut of one, uneven":     {10, cut(410*ms, 450*ms), 1, 40 * ms},
		"a cut of a few":           {0.1, cut(400*ms, 900*ms), 1, 500 * ms},
		"a cut of nearly one":      {1, cut(0, 960*ms), 1, 960 * ms},
		"a cut of one and a half":  {1, cut(0, 1500*ms), 1, 1500 * ms},
		"two cuts of one together": {10, append(cut(400*ms, 440*ms), cut(0, 40*ms)...), 1, 80 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{loud, silent} {
				out, got := encoded(t, path, roughy.Output{FrameRate: &c.rate}, c.segments...)
				require.Len(t, frames(t, out), c.want)
				require.InDelta(t, c.length.Seconds(), got.Duration.Seconds(), 0.045)
				require.LessOrEqual(t, got.FrameRate, max(c.rate, 1/c.length.Seconds())*1.001)
			}
		})
	}
	t.Run("a still picture under sound", func(t *testing.T) {
		t.Parallel()
		for _, rate := range []float64{0.1, 1, 5, 10} {
			out, got := encoded(t, still, roughy.Output{FrameRate: &rate})
			require.Equal(t, []int{0}, frames(t, out))
			require.InDelta(t, 3, got.Duration.Seconds(), 0.05)
		}
	})
}
