package media

import (
	"strconv"
	"time"

	"github.com/roughy-go/roughy"
)

// Rates of sound, in bits a second, for when none was asked for.
const (
	usualAudioBitrate = 192_000 // when nothing is known of the source
	goodAudioBitrate  = 96_000  // for poorer sources, which encoding again would make worse
	mostAudioBitrate  = 320_000
)

// videoBuffer is how much H.264 may come at once, in seconds at the highest rate.
const videoBuffer = 500 * time.Millisecond

// mp3Rates are the rates that MP3 has, in bits a second. The first three need a low sample rate.
var mp3Rates = []int{8_000, 16_000, 24_000, 32_000, 40_000, 48_000, 56_000, 64_000, 80_000, 96_000, 112_000, 128_000, 160_000, 192_000, 224_000, 256_000, 320_000}

// videoArgs encode H.264 of even quality, held below the ceiling by a decoder's model buffer.
func (t Task) videoArgs() []string {
	args := []string{"-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p"}
	ceiling := capped(t.Spec.VideoBitrate, t.Source.VideoBitrate)
	if ceiling == 0 {
		return args
	}
	// The buffer is full to begin with, so that much may come on top of the rate.
	length := max(t.length(), videoBuffer)
	rate := int(float64(ceiling) * length.Seconds() / (length + videoBuffer).Seconds())
	return append(args, "-maxrate:v", strconv.Itoa(rate), "-bufsize:v", strconv.Itoa(int(float64(rate)*videoBuffer.Seconds())))
}

func (t Task) audioArgs() []string {
	rate := t.audioBitrate()
	if t.Format() != roughy.FormatMP3 {
		return []string{"-c:a", "aac", "-b:a", strconv.Itoa(rate)}
	}
	args := []string{"-c:a", "libmp3lame", "-b:a"}
	fitting := mp3Rates[0]
	for _, r := range mp3Rates {
		if r <= rate {
			fitting = r
		}
	}
	args = append(args, strconv.Itoa(fitting))
	if fitting < 32_000 {
		args = append(args, "-ar", "22050")
	}
	return args
}

// audioBitrate is what the encoder aims at.
func (t Task) audioBitrate() int {
	if ceiling := capped(t.Spec.AudioBitrate, t.Source.AudioBitrate); ceiling > 0 {
		return max(ceiling, leastAudioBitrate)
	}
	if t.Source.AudioBitrate == 0 {
		return usualAudioBitrate
	}
	return min(max(t.Source.AudioBitrate, goodAudioBitrate), mostAudioBitrate)
}

// capped is a ceiling that was asked for, or the source's rate where that is known and lower; 0 when none was asked for.
func capped(asked *int, source int) int {
	switch {
	case asked == nil:
		return 0
	case source > 0:
		return min(*asked, source)
	default:
		return *asked
	}
}
