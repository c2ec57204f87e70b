package media_test

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
)

// frames are the numbers, in the clip, of a video's pictures: the white square tells them apart.
func frames(t testing.TB, path string, options ...string) (numbers []int) {
	t.Helper()
	const width, height = 320, 120 // below it the bars have white of their own
	pictures := ffmpeg(t, append(options, "-i", path, "-map", "0:v", "-fps_mode", "passthrough", "-vf", "crop=320:120:0:0", "-pix_fmt", "gray", "-f", "rawvideo", "-")...)
	for ; len(pictures) > 0; pictures = pictures[width*height:] {
		sum, count := 0, 0
		for i, p := range pictures[:width*height] {
			if p > 222 {
				sum, count = sum+i%width, count+1
			}
		}
		require.Positive(t, count)
		x := float64(sum)/float64(count) - 11.5
		numbers = append(numbers, int(math.Round((x-20)/128*25)))
	}
	return numbers
}

// span lists from up to but not including to.
func span(from, to int) (numbers []int) {
	for ; from < to; from++ {
		numbers = append(numbers, from)
	}
	return numbers
}

func TestCutsAreExactToThePicture(t *testing.T) {
	t.Parallel()
	require.Equal(t, span(0, 50), frames(t, clipFile(t)), "the test can tell pictures apart")
	other := generated(t, "s.mkv", "-an", "-c", "copy") // with its sound it would begin a little later
	var many []media.Segment
	var manyFrames []int
	for i := range 50 {
		n := (i*7 + i/25) % 50 // every seventh, round and round
		many = append(many, media.Segment{Start: time.Duration(n) * 40 * ms, End: time.Duration(n+1) * 40 * ms})
		manyFrames = append(manyFrames, n)
	}
	for name, c := range map[string]struct {
		segments []media.Segment
		want     []int
	}{
		"on picture bounds":      {[]media.Segment{{Start: 400 * ms, End: 800 * ms}}, span(10, 20)},
		"between pictures":       {[]media.Segment{{Start: 410 * ms, End: 790 * ms}}, span(11, 20)},
		"one picture":            {[]media.Segment{{Start: 1960 * ms, End: 2 * time.Second}}, span(49, 50)},
		"the whole":              {[]media.Segment{{Start: 0, End: 2 * time.Second}}, span(0, 50)},
		"two in order":           {[]media.Segment{{Start: 0, End: 200 * ms}, {Start: time.Second, End: 1200 * ms}}, append(span(0, 5), span(25, 30)...)},
		"out of order":           {[]media.Segment{{Start: time.Second, End: 1200 * ms}, {Start: 0, End: 200 * ms}}, append(span(25, 30), span(0, 5)...)},
		"overlapping and uneven": {[]media.Segment{{Start: 333 * ms, End: 777 * ms}, {Start: 500 * ms, End: 601 * ms}}, append(span(9, 20), span(13, 16)...)},
		"fifty":                  {many, manyFrames},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{clipFile(t), other} {
				out, got := encoded(t, path, roughy.Output{}, c.segments...)
				require.Equal(t, c.want, frames(t, out))
				var sum time.Duration
				for _, s := range c.segments {
					sum += s.End - s.Start
				}
				require.InDelta(t, sum.Seconds(), got.Duration.Seconds(), 0.045*float64(len(c.segments)))
			}
		})
	}
}

func TestCutsDeepInAFileAreExact(t *testing.T) {
	t.Parallel()
	long := filepath.Join(t.TempDir(), "long.mp4")
	ffmpeg(t, "-i", clipFile(t), "-f", "lavfi", "-i", "sine=duration=20",
		"-filter_complex", "[0:v]loop=9:50:0,setpts=N/25/TB[v]", "-map", "[v]", "-map", "1:a", "-g", "125", long)
	all := frames(t, long)
	require.Len(t, all, 500)
	var segments []media.Segment
	var want []int
	for _, n := range []int{361, 375, 200, 210, 490, 100, 480, 0, 400} { // some close, some far, some back
		segments = append(segments, media.Segment{Start: time.Duration(n) * 40 * ms, End: time.Duration(n+5) * 40 * ms})
		want = append(want, all[n:n+5]...)
	}
	out, _ := encoded(t, long, roughy.Output{}, segments...)
	require.Equal(t, want, frames(t, out))
}

// TestCutsShowWhatIsSeen is of sources whose pictures stay for long, as where a screen was recorded, or end before the sound does.
func TestCutsShowWhatIsSeen(t *testing.T) {
	t.Parallel()
	paused := []string{"-vf", "select='lt(n,5)+gt(n,40)'", "-fps_mode", "vfr"} // the fifth stays from 0.16 s to 1.64 s
	still := filepath.Join(t.TempDir(), "still.mp4")
	ffmpeg(t, "-i", clipFile(t), "-f", "lavfi", "-i", "sine=duration=30", "-map", "0:v", "-map", "1:a", "-vf", "trim=end_frame=1", still)
	cut := func(bounds ...time.Duration) (all []media.Segment) {
		for ; len(bounds) > 0; bounds = bounds[2:] {
			all = append(all, media.Segment{Start: bounds[0], End: bounds[1]})
		}
		return all
	}
	for name, c := range map[string]struct {
		path     string
		segments []media.Segment
		rate     float64
		want     []int
		length   time.Duration
	}{
		"none appears":            {generated(t, "s.mp4", paused...), cut(500*ms, 1200*ms), 0, []int{4}, 700 * ms},
		"none appears, no sound":  {generated(t, "s.mp4", append(paused, "-an")...), cut(500*ms, 1200*ms), 0, []int{4}, 700 * ms},
		"some appear late":        {generated(t, "s.mkv", paused...), cut(500*ms, 1720*ms), 0, []int{4, 41, 42}, 1220 * ms},
		"at a joint":              {generated(t, "s.mp4", paused...), cut(1700*ms, 1900*ms, 20*ms, 220*ms, 600*ms, 900*ms), 0, append(span(43, 48), 1, 2, 3, 4, 4), 700 * ms},
		"slower":                  {generated(t, "s.mp4", paused...), cut(500*ms, 1500*ms), 2, []int{4, 4}, time.Second},
		"a still":                 {still, cut(20*time.Second, 21*time.Second), 0, []int{0}, time.Second},
		"after the pictures' end": {still, cut(28*time.Second, 29*time.Second, 10*time.Second, 11*time.Second), 0, []int{0, 0}, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := roughy.Output{Format: "mov"}
			if c.rate > 0 {
				spec.FrameRate = &c.rate
			}
			out, got := encoded(t, c.path, spec, c.segments...)
			require.Equal(t, c.want, frames(t, out))
			require.InDelta(t, c.length.Seconds(), got.Duration.Seconds(), 0.001)
		})
	}
}

func TestACutOfFastPicturesKeepsBelowTheFrameRate(t *testing.T) {
	t.Parallel()
	path := generated(t, "s.mp4", "-vf", "select='not(mod(n,12))+gte(n,30)'", "-fps_mode", "vfr") // at 2 and then at 25 a second
	require.Less(t, probedOnce(t, path).FrameRate, 18.0)
	_, got := encoded(t, path, roughy.Output{FrameRate: new(18.0)}, media.Segment{Start: 1200 * ms, End: 2 * time.Second})
	require.LessOrEqual(t, got.FrameRate, 18*1.0001)
	require.Greater(t, got.FrameRate, 15.0)
}
