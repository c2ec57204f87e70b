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
		chains = append(chains, audio+"anull[audio]")
	}
	return strings.Join(chains, ";")
}

// joined are the chains that cut the segments out and put them one behind the other, as [v] and [a]. Each segment has an input
// of its own: out of a single one ffmpeg would keep in memory, uncompressed, whatever a later segment needs of an earlier
// part. It also has sound of its own, be it silence, because the joint follows the longer of the two and ffmpeg does not
// know how long a single picture lasts.
func (t Task) joined() (chains []string) {
	var parts strings.Builder
	for i, part := range t.Segments {
		if t.pictures() {
			chains = append(chains, fmt.Sprintf("[%d:V:0]%s[v%d]", i, t.trimmedPictures(part), i))
			fmt.Fprintf(&parts, "[v%d]", i)
		}
		chains = append(chains, fmt.Sprintf("%s[a%d]", t.trimmedSound(i, part), i))
		fmt.Fprintf(&parts, "[a%d]", i)
	}
	join := fmt.Sprintf("%sconcat=n=%d:a=1", parts.String(), len(t.Segments))
	switch {
	case !t.pictures():
		return append(chains, join+":v=0[a]")
	case !t.sound():
		return append(chains, join+"[v][a]", "[a]anullsink")
	default:
		return append(chains, join+"[v][a]")
	}
}

// trimmedPictures cuts a segment out of its input. The first picture is moved to the very beginning, unless the source has
// none for longer than one lasts: then it stays in step with the sound.
func (t Task) trimmedPictures(part Segment) string {
	start, end := t.offsets(part)
	picture := inSeconds(t.Source.picture())
	return fmt.Sprintf("trim=start=%[1]s:end=%[2]s,setpts='PTS-if(lte(STARTPTS*TB-%[1]s,%[3]s),STARTPTS,%[1]s/TB)'", start, end, picture)
}

// trimmedSound cuts a segment out of its input. Where there is no sound, or none yet or any more, there is silence.
func (t Task) trimmedSound(input int, part Segment) string {
	length := inSeconds(part.End - part.Start)
	if !t.sound() {
		return "anullsrc=duration=" + length
	}
	start, end := t.offsets(part)
	return fmt.Sprintf("[%d:a:0]atrim=start=%[2]s:end=%[3]s,asetpts=PTS-%[2]s/TB,aresample=async=1:first_pts=0,apad=whole_dur=%[4]s",
		input, start, end, length)
}

// offsets are where a segment lies in its input.
func (t Task) offsets(part Segment) (start, end string) {
	skipped := t.skipped(part)
	return inSeconds(part.Start - skipped), inSeconds(part.End - skipped)
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
