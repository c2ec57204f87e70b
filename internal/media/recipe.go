package media

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/roughy-go/roughy"
)

// args is ffmpeg's command line for the task.
func (t Task) args() []string {
	args := []string{"-hide_banner", "-loglevel", "error", "-nostdin", "-y"}
	if t.Segments == nil {
		args = append(args, inputArgs(t.Input)...)
	}
	for _, s := range t.stretches() {
		if s.skipped > 0 { // reading from the very beginning needs no seeking
			args = append(args, "-noaccurate_seek", "-ss", inSeconds(s.skipped))
		}
		args = append(args, inputArgs(t.Input)...)
	}
	args = append(args, "-filter_complex", t.graph(), "-map_metadata", "-1", "-map_chapters", "-1")
	if t.pictures() {
		args = append(append(append(args, "-map", "[video]"), t.videoArgs()...), t.lastPicture()...)
	}
	if t.sound() {
		args = append(append(args, "-map", "[audio]"), t.audioArgs()...)
	}
	return append(append(args, t.containerArgs()...), "file:"+t.Output)
}

// pictures reports whether the output has any, sound whether it has that.
func (t Task) pictures() bool { return !audioOnly(t.Format()) }
func (t Task) sound() bool    { return t.Source.AudioCodec != "" }

func (t Task) containerArgs() []string {
	switch f := t.Format(); f {
	case roughy.FormatMP3:
		return []string{"-f", "mp3"}
	case roughy.FormatM4A:
		return []string{"-movflags", "+faststart", "-f", "ipod"}
	default:
		return []string{"-movflags", "+faststart", "-f", string(f)}
	}
}

// graph is the filter graph from the inputs to [video] and [audio].
func (t Task) graph() string {
	var chains []string
	video, audio := "[0:V:0]", "[0:a:0]"
	if t.Segments != nil {
		video, audio = "[v]", "[a]"
		chains = t.joined()
	}
	if t.pictures() {
		chains = append(chains, video+t.shown()+"[video]")
	}
	if t.sound() {
		chains = append(chains, audio+steady+"[audio]")
	}
	return strings.Join(chains, ";")
}

// shown brings the pictures to the rate and size of the output.
func (t Task) shown() string {
	width, height := t.size()
	filters := []string{fmt.Sprintf("scale=%d:%d:flags=lanczos", width, height), "setsar=1", "format=yuv420p"}
	switch r := t.Spec.FrameRate; {
	case t.thins():
		filters = append(thinned(*r, t.length(), t.Source.picture()), filters...)
	case r != nil:
		filters = append([]string{spared(*r)}, filters...)
	}
	return strings.Join(filters, ",")
}

// thins reports whether the output is to have fewer pictures a second than the source has, as far as that is known.
func (t Task) thins() bool {
	r := t.Spec.FrameRate
	return r != nil && (t.Source.FrameRate == 0 || *r*rateSlack < t.Source.FrameRate)
}

// size is that of the output: the source's shape, the shorter edge at most the tier, both edges even as H.264 in 4:2:0
// needs them.
func (t Task) size() (width, height int) {
	width, height = t.Source.Width, t.Source.Height
	tier, edge := tiers[t.Spec.Resolution], min(width, height)
	if tier == 0 || edge <= tier {
		return max(width&^1, 2), max(height&^1, 2)
	}
	even := func(long int) int { return max((2*long*tier/edge+2)/4*2, 2) } // the nearest even number
	return even(width), even(height)
}

// length is that of the output.
func (t Task) length() time.Duration {
	if t.Segments == nil {
		return t.Source.Duration
	}
	var sum time.Duration
	for _, part := range t.Segments {
		sum += part.End - part.Start
	}
	return sum
}

func inSeconds(d time.Duration) string {
	return strconv.FormatFloat(d.Round(time.Microsecond).Seconds(), 'f', 6, 64)
}
