package media_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
)

// numbers are two seconds that tell where one is in them: picture n of their 50 is as bright as 20+4n and has a red corner, and a tone
// sounds from 1 s to 1.3 s.
var numbers = []string{
	"-f", "lavfi", "-i", "nullsrc=size=64x36:rate=25:duration=2,geq=lum='20+4*N':cb=128:cr='if(lt(X,W/2)*lt(Y,H/2),240,128)'",
	"-f", "lavfi", "-i", "aevalsrc=sin(2*PI*1000*t)*between(t\\,1\\,1.3)/2:duration=2:sample_rate=48000",
}

// numbered is a file of numbers.
func numbered(t testing.TB, file string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), file)
	ffmpeg(t, slices.Concat(numbers, args, []string{path})...)
	return path
}

// look is what is seen and heard in a file of numbered pictures.
type look struct {
	pictures []picture
	loud     []bool // by hundredths of a second
}

// picture is one that is seen: when, with which number, and where its red corner is.
type picture struct {
	at     time.Duration
	number int
	corner int // 0 top left, 1 top right, 2 bottom left, 3 bottom right
}

const hundredth = 10 * ms

// looked decodes files, shown as a player would, all in one go: starting ffmpeg is most of the time.
func looked(t testing.TB, files ...output) (all []look) {
	t.Helper()
	dir := t.TempDir()
	var inputs, args []string
	name := func(i int, kind string) string { return filepath.Join(dir, strconv.Itoa(i)+kind) }
	for i, f := range files {
		inputs = append(inputs, "-i", f.task.Output)
		if f.source.VideoCodec != "" {
			shrink := []string{"-map", strconv.Itoa(i) + ":V:0", "-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-vf", "scale=2:2:flags=area,format=yuv444p", "-c:v", "rawvideo"}
			args = append(append(args, shrink...), "-f", "rawvideo", name(i, "pixels"))
			args = append(append(args, shrink...), "-f", "mkvtimestamp_v2", name(i, "times"))
		}
		if f.source.AudioCodec != "" {
			args = append(args, "-map", strconv.Itoa(i)+":a:0", "-af", "aresample=8000:async=1:first_pts=0", "-ac", "1", "-f", "s16le", name(i, "sound"))
		}
	}
	ffmpeg(t, append(inputs, args...)...)
	for i, f := range files {
		var l look
		if f.source.VideoCodec != "" {
			l.pictures = pictures(t, name(i, "pixels"), name(i, "times"))
		}
		if f.source.AudioCodec != "" {
			l.loud = loud(t, name(i, "sound"))
		}
		all = append(all, l)
	}
	return all
}

func pictures(t testing.TB, pixels, times string) (all []picture) {
	t.Helper()
	data, err := os.ReadFile(pixels)
	require.NoError(t, err)
	lines, err := os.ReadFile(times)
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(lines)), "\n")[1:] {
		at, err := strconv.Atoi(line)
		require.NoError(t, err)
		p := picture{at: time.Duration(at) * ms}
		luma, red, sum := data[:4], data[8:12], 0
		for i := range luma {
			sum += int(luma[i])
			if red[i] > red[p.corner] {
				p.corner = i
			}
		}
		p.number = int(math.Round((float64(sum)/4 - 20) / 4))
		all, data = append(all, p), data[12:]
	}
	require.Empty(t, data)
	return all
}

func loud(t testing.TB, sound string) (all []bool) {
	t.Helper()
	data, err := os.ReadFile(sound)
	require.NoError(t, err)
	const window = 160 // bytes
	for ; len(data) >= window; data = data[window:] {
		sum := 0.0
		for i := 0; i < window; i += 2 {
			v := float64(int16(uint16(data[i]) | uint16(data[i+1])<<8))
			sum += v * v
		}
		all = append(all, math.Sqrt(sum/(window/2)) > 3000)
	}
	return all
}

// heard says what can be heard at a moment, and whether it is the same all around it within the segment, so that encoding cannot
// have smeared it.
func (l look) heard(at time.Duration, part media.Segment, margin time.Duration) (loud, sure bool) {
	here := func(at time.Duration) bool {
		i := int(at / hundredth)
		return i < len(l.loud) && l.loud[i]
	}
	for near := at - margin; near <= at+margin; near += hundredth {
		if near < part.Start || near >= part.End || here(near) != here(at) {
			return false, false
		}
	}
	return here(at), true
}
