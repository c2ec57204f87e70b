package media

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/roughy-go/roughy"
)

// Rates of sound, in bits a second, for when none was asked for.
const (
	usualAudioBitrate = 192_000 // when nothing is known of the source
	goodAudioBitrate  = 96_000  // for poorer sources, which encoding again would make worse
	mostAudioBitrate  = 320_000
	poorAudioBitrate  = 32_000 // below it the sample rate is halved, or the encoders do not get there
	aacExcess         = 100    // one part in so many, and half of that was seen, is what AAC may have above its rate
)

// What comes on top of a rate at the start of an output, counted in time at that rate.
const (
	videoBuffer = 500 * time.Millisecond // the model buffer that H.264 may fill at once
	aacLead     = 100 * time.Millisecond // AAC begins with frames before the first sound
)

// fewPictures is below what count the pictures of an output share its length evenly. Any other way it would become shorter or
// longer than its source by up to half a picture, which is much of it then, or have no picture at all.
const fewPictures = 10

// mp3Rates are the rates that MP3 has, in bits a second.
var mp3Rates = []int{16_000, 24_000, 32_000, 40_000, 48_000, 56_000, 64_000, 80_000, 96_000, 112_000, 128_000, 160_000, 192_000, 224_000, 256_000, 320_000}

// videoArgs encode H.264 of even quality, held below the ceiling by a decoder's model buffer. Pictures keep their moments; ffmpeg
// would repeat some to make the rate even, or count in pictures and drop those that come close together.
func (t Task) videoArgs() []string {
	args := []string{"-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p", "-fps_mode", "vfr", "-enc_time_base", "1:" + strconv.Itoa(ticks)}
	ceiling := capped(t.Spec.VideoBitrate, t.Source.VideoBitrate)
	if ceiling == 0 {
		return args
	}
	rate := below(ceiling, t.length(), videoBuffer)
	return append(args, "-maxrate:v", strconv.Itoa(rate), "-bufsize:v", strconv.Itoa(int(float64(rate)*videoBuffer.Seconds())))
}

// thinned are the filters that leave at most rate pictures a second of pictures that should be shown for length, 0 where that
// is not known, but one at least. The filter fps alone would round the pictures' own length to a whole number of them, which is
// none for a still picture under long sound: so it rounds up, and what is too many is cut off. ffmpeg rounds where to cut, first to
// microseconds, then to whole pictures: a quarter of one before the first that is too many leads there at any rate. picture is how long
// one is shown in the source.
func thinned(rate float64, length, picture time.Duration) []string {
	if length <= 0 {
		return []string{early(rate, picture), "fps=" + decimal(rate) + keep}
	}
	text, count := decimal(rate), math.Round(rate*length.Seconds())
	if rate*length.Seconds() < fewPictures {
		count = max(math.Floor(rate*length.Seconds()*rateSlack), 1)
		text = decimal(count) + "/" + inSeconds(length)
		rate = count / length.Seconds()
	}
	return []string{early(rate, picture), "fps=" + text + keep, "trim=end=" + decimal((count-0.25)/rate)}
}

// spared is the filter that drops pictures where more than rate a second have come up to then. On average there are fewer in the
// source; in a part of it, or where its head lies, there may be more.
func spared(rate float64) string {
	return fmt.Sprintf("select='lte(selected_n,%s*t+%v)'", decimal(rate), spare)
}

// spare is by which part of a picture one may come early, as where times were rounded.
const spare = 0.1

// keep has fps take the picture that is seen at each moment, so the first and no later one at the beginning.
const keep = ":round=up:eof_action=pass"

// early moves the pictures a little to the front: one whose time was rounded up, as Matroska does to the millisecond, is not late.
// The first is shown from the very beginning, if it begins no later than the others last.
func early(rate float64, picture time.Duration) string {
	lead := min(2*time.Millisecond, time.Duration(float64(time.Second)/rate/4))
	return fmt.Sprintf("settb=AVTB,setpts='PTS-if(eq(N,0)*lte(STARTPTS*TB,%s),STARTPTS,0)-%d'", inSeconds(picture), lead.Microseconds())
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func (t Task) audioArgs() []string {
	rate := t.audioBitrate()
	args := []string{"-c:a", "aac"}
	if t.Format() == roughy.FormatMP3 {
		args, rate = []string{"-c:a", "libmp3lame"}, mp3Rate(rate)
	} else if t.Spec.AudioBitrate != nil {
		rate = below(rate-rate/aacExcess, t.length(), aacLead)
	}
	args = append(args, "-b:a", strconv.Itoa(rate))
	if rate < poorAudioBitrate {
		args = append(args, "-ar", "22050")
	}
	return args
}

// audioBitrate is what the output may have.
func (t Task) audioBitrate() int {
	if ceiling := capped(t.Spec.AudioBitrate, t.Source.AudioBitrate); ceiling > 0 {
		return max(ceiling, leastAudioBitrate)
	}
	if t.Source.AudioBitrate == 0 {
		return usualAudioBitrate
	}
	return min(max(t.Source.AudioBitrate, goodAudioBitrate), mostAudioBitrate)
}

// mp3Rate is the highest rate of MP3's that is not above a ceiling.
func mp3Rate(ceiling int) int {
	fitting := mp3Rates[0]
	for _, r := range mp3Rates {
		if r <= ceiling {
			fitting = r
		}
	}
	return fitting
}

// below is the rate that keeps an output of some length below a ceiling although so much more of it comes at the start.
func below(ceiling int, length, lead time.Duration) int {
	length = max(length, lead)
	return int(float64(ceiling) * length.Seconds() / (length + lead).Seconds())
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
