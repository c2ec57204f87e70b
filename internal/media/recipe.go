package media

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/roughy-go/roughy"
)

// preroll is decoded before a segment that is sought, so that the decoders are in step when it starts.
const preroll = 5 * time.Second

// args is ffmpeg's command line for the task.
func (t Task) args() []string {
	args := []string{"-hide_banner", "-loglevel", "error", "-nostdin", "-y"}
	parts := t.Segments
	if parts == nil {
		parts = []Segment{{}}
	}
	for _, part := range parts {
		args = append(append(args, t.sought(part)...), inputArgs(t.Input)...)
	}
	args = append(args, "-filter_complex", t.graph(), "-map_metadata", "-1", "-map_chapters", "-1")
	if t.pictures() {
		args = append(append(args, "-map", "[video]"), t.videoArgs()...)
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

// skipped is how much of the source is not even read for a segment. Only the MP4 family has an index good enough for that.
func (t Task) skipped(part Segment) time.Duration {
	switch t.Source.Container {
	case "mp4", "mov", "m4a":
		return max(0, part.Start-preroll)
	default:
		return 0
	}
}

// sought are the options of the input that a segment is read from.
func (t Task) sought(part Segment) []string {
	if part == (Segment{}) {
		return nil
	}
	skipped := t.skipped(part)
	return []string{"-ss", inSeconds(skipped), "-t", inSeconds(part.End - skipped + time.Second)}
}

// graph is the filter graph from the inputs to [video] and [audio]. Each segment has an input of its own: out of a single one
// ffmpeg would keep in memory, uncompressed, whatever a later segment needs of an earlier part.
func (t Task) graph() string {
	video, audio := "[0:V:0]", "[0:a:0]"
	var chains, ends []string
	for i, part := range t.Segments {
		if t.pictures() {
			ends = append(ends, fmt.Sprintf("[v%d]", i))
			chains = append(chains, fmt.Sprintf("[%d:V:0]%s[v%d]", i, t.trimmed("", part), i))
		}
		if t.sound() {
			ends = append(ends, fmt.Sprintf("[a%d]", i))
			chains = append(chains, fmt.Sprintf("[%d:a:0]%s,aresample=async=1:first_pts=0[a%d]", i, t.trimmed("a", part), i))
		}
	}
	if t.Segments != nil {
		video, audio = "", ""
		if t.pictures() {
			video = "[v]"
		}
		if t.sound() {
			audio = "[a]"
		}
		chains = append(chains, fmt.Sprintf("%sconcat=n=%d:v=%d:a=%d%s%s", strings.Join(ends, ""), len(t.Segments), len(video)/3, len(audio)/3, video, audio))
	}
	if t.pictures() {
		chains = append(chains, video+t.shown()+"[video]")
	}
	if t.sound() {
		chains = append(chains, audio+"anull[audio]")
	}
	return strings.Join(chains, ";")
}

// trimmed cuts a segment out of an input and moves it to the beginning. Pictures and sound move alike, and so stay together.
func (t Task) trimmed(prefix string, part Segment) string {
	skipped := t.skipped(part)
	start, end := inSeconds(part.Start-skipped), inSeconds(part.End-skipped)
	return fmt.Sprintf("%[1]strim=start=%[2]s:end=%[3]s,%[1]ssetpts=PTS-%[2]s/TB", prefix, start, end)
}

// shown brings the pictures to the rate and size of the output.
func (t Task) shown() string {
	width, height := t.size()
	filters := []string{fmt.Sprintf("scale=%d:%d:flags=lanczos", width, height), "setsar=1", "format=yuv420p"}
	if r := t.Spec.FrameRate; r != nil && (t.Source.FrameRate == 0 || *r*rateSlack < t.Source.FrameRate) {
		filters = append([]string{"fps=" + strconv.FormatFloat(*r, 'f', -1, 64)}, filters...)
	}
	return strings.Join(filters, ",")
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
