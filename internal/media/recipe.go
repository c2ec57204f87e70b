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
			args = append(args, "-ss", inSeconds(s.skipped))
		}
		args = append(append(args, "-t", inSeconds(s.length())), inputArgs(t.Input)...)
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

// joined are the chains that cut the segments out of their stretches and put them one behind the other, as [v] and [a]. Each
// segment has sound, be it silence, because the joint follows the longer of the two and ffmpeg does not know how long a single
// picture lasts.
func (t Task) joined() (chains []string) {
	var parts strings.Builder
	number := 0
	for i, s := range t.stretches() {
		if t.pictures() {
			chains = append(chains, fmt.Sprintf("[%d:V:0]split=%d%s", i, len(s.parts), labels("p", number, len(s.parts))))
		}
		if t.sound() {
			chains = append(chains, fmt.Sprintf("[%d:a:0]asplit=%d%s", i, len(s.parts), labels("s", number, len(s.parts))))
		}
		for _, part := range s.parts {
			if t.pictures() {
				chains = append(chains, fmt.Sprintf("[p%[1]d]%[2]s[v%[1]d]", number, t.trimmedPictures(part, s.skipped)))
				fmt.Fprintf(&parts, "[v%d]", number)
			}
			chains = append(chains, fmt.Sprintf("%s[a%d]", t.trimmedSound(number, part, s.skipped), number))
			fmt.Fprintf(&parts, "[a%d]", number)
			number++
		}
	}
	join := fmt.Sprintf("%sconcat=n=%d:a=1", parts.String(), number)
	switch {
	case !t.pictures():
		return append(chains, join+":v=0[a]")
	case !t.sound():
		return append(chains, join+"[v][a]", "[a]anullsink")
	default:
		return append(chains, join+"[v][a]")
	}
}

// labels are those of count streams, numbered from first.
func labels(name string, first, count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, "[%s%d]", name, first+i)
	}
	return b.String()
}

// trimmedPictures cuts a segment out of its input. The first picture is moved to the very beginning, unless the source has
// none for longer than one lasts: then it stays in step with the sound.
// Some containers count in whole pictures, to which trim would round.
func (t Task) trimmedPictures(part Segment, skipped time.Duration) string {
	start, end, picture := inSeconds(part.Start-skipped), inSeconds(part.End-skipped), inSeconds(t.Source.picture())
	return fmt.Sprintf("settb=AVTB,trim=start=%[1]s:end=%[2]s,setpts='PTS-if(lte(STARTPTS*TB-%[1]s,%[3]s),STARTPTS,%[1]s/TB)'", start, end, picture)
}

// steady puts silence where there is no sound yet, and where it is interrupted, so that what follows is heard at its moment.
const steady = "aresample=async=1:first_pts=0"

// trimmedSound cuts a segment out of its input. Where there is no sound, or none yet or any more, there is silence.
func (t Task) trimmedSound(number int, part Segment, skipped time.Duration) string {
	length := inSeconds(part.End - part.Start)
	if !t.sound() {
		return "anullsrc=duration=" + length
	}
	start, end := inSeconds(part.Start-skipped), inSeconds(part.End-skipped)
	return fmt.Sprintf("[s%d]atrim=start=%[2]s:end=%[3]s,asetpts=PTS-%[2]s/TB,%[5]s,apad=whole_dur=%[4]s",
		number, start, end, length, steady)
}

// shown brings the pictures to the rate and size of the output.
func (t Task) shown() string {
	width, height := t.size()
	filters := []string{fmt.Sprintf("scale=%d:%d:flags=lanczos", width, height), "setsar=1", "format=yuv420p"}
	if r := t.Spec.FrameRate; r != nil && (t.Source.FrameRate == 0 || *r*rateSlack < t.Source.FrameRate) {
		filters = append(thinned(*r, t.length(), t.Source.picture()), filters...)
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
