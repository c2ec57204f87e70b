package media_test

import (
	"encoding/json"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/racetest"
)

// sources are what the matrix renders: how numbered pictures are made into it, and by how much it is turned to the
// left in being shown.
var sources = map[string]struct {
	file string
	args []string
	turn string
}{
	"plain":           {"s.mp4", []string{"-vf", "scale=128:72"}, ""},
	"portrait":        {"s.mov", []string{"-vf", "scale=72:128"}, ""},
	"above a tier":    {"s.mp4", []string{"-vf", "scale=996:746:flags=neighbor,setsar=1", "-preset", "ultrafast"}, ""},
	"odd size":        {"s.mkv", []string{"-vf", "scale=99:55", "-c:v", "mpeg4", "-q:v", "2"}, ""},
	"uneven rate":     {"s.mp4", append([]string{"-vf", "select='not(mod(n,3))+not(mod(n,7))'," + uneven}, unevenly...), ""},
	"uneven in mkv":   {"s.mkv", append([]string{"-vf", uneven}, unevenly...), ""},
	"ever faster":     {"s.mp4", append([]string{"-vf", "select='lt(n,25)*not(mod(n,8))+gte(n,25)'," + uneven}, unevenly...), ""},
	"ntsc rate":       {"s.mov", []string{"-vf", "scale=128:72", "-r", "30000/1001"}, ""},
	"no sound":        {"s.mkv", []string{"-an", "-vf", "scale=128:72"}, ""},
	"sound alone":     {"s.m4a", []string{"-vn"}, ""},
	"sound in wav":    {"s.wav", []string{"-vn"}, ""},
	"turned right":    {"s.mov", []string{"-vf", "scale=128:72"}, "270"},
	"turned left":     {"s.mp4", []string{"-vf", "scale=128:72"}, "90"},
	"upside down":     {"s.mp4", []string{"-vf", "scale=128:72"}, "180"},
	"ten bits":        {"s.mp4", []string{"-vf", "scale=128:72", "-pix_fmt", "yuv420p10le"}, ""},
	"fine colour":     {"s.mov", []string{"-vf", "scale=128:72", "-pix_fmt", "yuv444p"}, ""},
	"full range":      {"s.avi", []string{"-vf", "scale=128:72", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2"}, ""},
	"wide pixels":     {"s.mp4", []string{"-vf", "scale=96:72,setsar=4/3"}, ""},
	"short sound":     {"s.mp4", []string{"-vf", "scale=128:72", "-af", "atrim=end=1.2"}, ""},
	"late sound":      {"s.mp4", []string{"-vf", "scale=128:72", "-af", "asetpts=PTS+0.4/TB"}, ""},
	"not from zero":   {"s.ts", []string{"-vf", "scale=128:72"}, ""},
	"ten bits in mkv": {"s.mkv", []string{"-vf", "scale=72:128", "-c:v", "libx265", "-x265-params", "log-level=error", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"}, ""},
}

// uneven moves each picture by up to 22 ms, and unevenly has that kept.
const uneven = "settb=1/1000,setpts='PTS+mod(PTS*7/40,23)',scale=128:72"

var unevenly = []string{"-fps_mode", "passthrough", "-enc_time_base", "1:1000"}

// corners are where the red one is when a picture is shown turned by so many degrees to the right.
var corners = map[int]int{0: 0, 90: 1, 180: 3, 270: 2}

// orders are what the matrix asks for.
var orders = map[string]struct {
	spec     roughy.Output
	segments []media.Segment
}{
	"as it is":              {},
	"mov in 4k, slower":     {spec: roughy.Output{Format: "mov", Resolution: "4k", FrameRate: new(10.0)}},
	"mp4 with all ceilings": {spec: roughy.Output{Format: "mp4", Resolution: "720p", VideoBitrate: new(40_000), AudioBitrate: new(48_000), FrameRate: new(23.976)}},
	"mp3":                   {spec: roughy.Output{Format: "mp3", AudioBitrate: new(64_000)}},
	"cuts":                  {segments: []media.Segment{{Start: 410 * ms, End: 1530 * ms}, {Start: 200 * ms, End: 700 * ms}, {Start: time.Second, End: 1500 * ms}, {Start: 1601 * ms, End: 1890 * ms}}},
	"cuts of sound":         {spec: roughy.Output{Format: "m4a", AudioBitrate: new(64_000)}, segments: []media.Segment{{Start: 900 * ms, End: 1900 * ms}, {Start: 500 * ms, End: 1100 * ms}}},
	"cuts, slower":          {spec: roughy.Output{Format: "mov", FrameRate: new(12.5)}, segments: []media.Segment{{Start: 80 * ms, End: 880 * ms}, {Start: 960 * ms, End: 1760 * ms}}},
}

func TestEveryOrderOfEverySourceHolds(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	tool(t, "ffprobe")
	dir, all := t.TempDir(), numbers
	for name, s := range sources { // all in one go: starting ffmpeg is most of the time
		all = slices.Concat(all, s.args, []string{filepath.Join(dir, name+s.file)})
	}
	ffmpeg(t, all...)
	for name, s := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(dir, name+s.file)
			if s.turn != "" {
				turned := filepath.Join(t.TempDir(), s.file)
				ffmpeg(t, "-i", path, "-c", "copy", "-metadata:s:v", "rotate="+s.turn, turned)
				path = turned
			}
			source := probe(t, path)
			var made []output
			for order, o := range orders {
				task := media.Task{Input: path, Output: filepath.Join(t.TempDir(), "output"), Source: source, Segments: o.segments, Spec: o.spec}
				engine, err := media.Choose(task)
				if code := refusal(task); code != "" {
					requireRefusal(t, err, code)
					continue
				}
				require.NoError(t, err, order)
				require.NoError(t, engine.Encode(t.Context(), task), order)
				made = append(made, outputOf(t, order, task))
			}
			looks := looked(t, append([]output{{source: source, task: media.Task{Output: path}}}, made...)...)
			for i, m := range made {
				t.Run(m.order, func(t *testing.T) {
					requireForm(t, m, looks[0])
					requireCeilings(t, m.task, m.source)
					requirePictures(t, m.task, looks[0], looks[i+1], corners[source.Rotation])
					requireHeard(t, m.task, looks[0], looks[i+1])
				})
			}
		})
	}
}

// output is one that was made of a task, and what it is.
type output struct {
	order  string
	task   media.Task
	source media.Source
	raw    []rawStream
}

// rawStream is what ffprobe alone says of a stream.
type rawStream struct {
	Type   string `json:"codec_type"`
	Pixels string `json:"pix_fmt"`
	Width  int
	Height int
}

// outputOf has ffprobe look at what was made: once, which is what takes time here.
func outputOf(t testing.TB, order string, task media.Task) output {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), tool(t, "ffprobe"), "-v", "error", "-show_format", "-show_streams", "-of", "json", task.Output).Output()
	require.NoError(t, err)
	source, err := media.ReadProbed(said)
	require.NoError(t, err)
	var raw struct{ Streams []rawStream }
	require.NoError(t, json.Unmarshal(said, &raw))
	return output{order, task, source, raw.Streams}
}

// refusal is the code that a task of the matrix must be refused with, "" when it can be done.
func refusal(t media.Task) string {
	video := t.Spec.Resolution != "" || t.Spec.VideoBitrate != nil || t.Spec.FrameRate != nil
	switch {
	case t.Source.VideoCodec == "" && (video || t.Format() == "mp4" || t.Format() == "mov"):
		return media.CodeNoVideo
	case t.Source.AudioCodec == "" && (t.Format() == "m4a" || t.Format() == "mp3"):
		return media.CodeNoAudio
	default:
		return ""
	}
}

// shown is how long a picture is, on average: by so much a segment may begin early, to begin with a picture, or last longer, to end
// with one.
func shown(s media.Source) time.Duration {
	if s.FrameRate == 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / s.FrameRate)
}

// kept are the segments of a task, which for the whole is one.
func kept(t media.Task) []media.Segment {
	if t.Segments == nil {
		return []media.Segment{{End: t.Source.Duration}}
	}
	return t.Segments
}

// requireForm holds an output to its container, codecs, size, shape and length, and its pictures to even sizes and 8 bits of 4:2:0.
func requireForm(t *testing.T, m output, seen look) {
	t.Helper()
	task, got := m.task, m.source
	video, audio := "h264", "aac"
	switch task.Format() {
	case "m4a":
		video = ""
	case "mp3":
		video, audio = "", "mp3"
	}
	if task.Source.AudioCodec == "" {
		audio = ""
	}
	require.Equal(t, string(task.Format()), got.Container)
	require.Equal(t, video, got.VideoCodec)
	require.Equal(t, audio, got.AudioCodec)
	var length time.Duration
	for _, part := range kept(task) {
		length += part.End - part.Start
	}
	if task.Segments == nil && video == "" {
		length = time.Duration(len(seen.loud)) * hundredth // the source's pictures may go on for longer
	}
	slack := 0.1 // two frames of AAC or MP3 last 53 ms, a picture at 10 a second 100
	if task.Segments != nil && task.Source.AudioCodec == "" {
		slack = 0.001
	}
	require.InDelta(t, length.Seconds(), got.Duration.Seconds(), slack)
	if video == "" {
		return
	}
	requireSize(t, task, got)
	for _, s := range m.raw {
		require.Zero(t, s.Width%2+s.Height%2)
		require.Equal(t, s.Type == "video", s.Pixels == "yuv420p", "%+v", s)
	}
}

// requireSize holds the pictures to the tier: no larger than it and the source, and of the source's shape to a pixel.
func requireSize(t *testing.T, task media.Task, got media.Source) {
	t.Helper()
	tier := map[roughy.Resolution]int{"": math.MaxInt, "720p": 720, "1080p": 1080, "4k": 2160}[task.Spec.Resolution]
	short := min(task.Source.Width, task.Source.Height)
	require.InDelta(t, min(tier, short), min(got.Width, got.Height), 1, "the ceiling is used")
	require.LessOrEqual(t, min(got.Width, got.Height), min(tier, short))
	require.LessOrEqual(t, max(got.Width, got.Height), max(task.Source.Width, task.Source.Height))
	require.InDelta(t, float64(got.Height)*float64(task.Source.Width)/float64(task.Source.Height), got.Width, 2)
}

// requireCeilings holds an output to the rates that were asked for, each capped at the source's where that is known. There is no
// tolerance, but for 30000/1001 and 24000/1001, which nobody writes out.
func requireCeilings(t *testing.T, task media.Task, got media.Source) {
	t.Helper()
	if asked := task.Spec.VideoBitrate; asked != nil {
		require.LessOrEqual(t, got.VideoBitrate, *asked)
	}
	if asked := task.Spec.AudioBitrate; asked != nil {
		require.LessOrEqual(t, got.AudioBitrate, *asked)
	}
	rate := math.Inf(1)
	if task.Segments == nil {
		rate = task.Source.FrameRate // of a part it may be higher, where pictures come unevenly
	}
	if asked := task.Spec.FrameRate; asked != nil {
		rate = min(rate, *asked)
	}
	require.LessOrEqual(t, got.FrameRate, rate*1.0001)
}

// requirePictures holds the output to the source's pictures: all those of the segments and no others, in step and upright. Where
// there are to be fewer, each is the one of its moment or the next to it.
func requirePictures(t *testing.T, task media.Task, seen, made look, corner int) {
	t.Helper()
	if made.pictures == nil {
		return
	}
	for _, p := range made.pictures {
		require.Equal(t, corner, p.corner)
	}
	var want []picture
	var joint time.Duration
	firsts := map[int]bool{}
	for _, part := range kept(task) {
		firsts[len(want)] = task.Segments != nil
		for _, p := range seen.of(part, shown(task.Source), task.Segments == nil) {
			want = append(want, picture{joint + p.at - part.Start, p.number, corner})
		}
		joint += part.End - part.Start
	}
	if r := task.Spec.FrameRate; r != nil && (*r < task.Source.FrameRate || float64(len(want)) > *r*joint.Seconds()) {
		requireNear(t, want, made.pictures, time.Duration(float64(time.Second) / *r))
		return
	}
	var wanted, numbers []int
	for i := range want {
		wanted = append(wanted, want[i].number)
	}
	for i := range made.pictures {
		numbers = append(numbers, made.pictures[i].number)
	}
	require.Equal(t, wanted, numbers)
	for i, p := range made.pictures {
		early := time.Duration(0)
		if firsts[i] {
			early = shown(task.Source)
		}
		require.LessOrEqual(t, p.at-want[i].at, ms, "picture %d", i)
		require.LessOrEqual(t, want[i].at-p.at, early+ms, "picture %d", i)
	}
}

// of lists the pictures of a segment. Where none appears soon after its start the one that is still seen then comes first.
func (l look) of(part media.Segment, soon time.Duration, whole bool) (all []picture) {
	if whole {
		return l.pictures
	}
	var held []picture
	for _, p := range l.pictures {
		switch {
		case p.at < part.Start:
			held = []picture{{part.Start, p.number, p.corner}}
		case p.at < part.End:
			all = append(all, p)
		}
	}
	if len(all) == 0 || all[0].at >= part.Start+soon {
		return append(held, all...)
	}
	return all
}

// requireNear holds each picture to one that is seen in the source within a step of its moment.
func requireNear(t *testing.T, want, pictures []picture, step time.Duration) {
	t.Helper()
	require.Equal(t, want[0].number, pictures[0].number)
	for _, p := range pictures {
		near := false
		for i, w := range want {
			gone := i+1 < len(want) && want[i+1].at < p.at-step-40*ms
			near = near || w.number == p.number && w.at <= p.at+step+40*ms && !gone
		}
		require.True(t, near, "picture %d at %v", p.number, p.at)
	}
}

// requireHeard holds the output to sound as the source does at the same moment.
func requireHeard(t *testing.T, task media.Task, seen, made look) {
	t.Helper()
	if made.loud == nil {
		return
	}
	var joint time.Duration
	compared := 0
	for _, part := range kept(task) {
		margin := 40 * ms
		for at := part.Start; at < part.End; at += hundredth {
			want, sure := seen.heard(at, part, margin)
			if i := int((joint + at - part.Start) / hundredth); sure && i < len(made.loud) {
				require.Equal(t, want, made.loud[i], "at %v", time.Duration(i)*hundredth)
				compared++
			}
		}
		joint += part.End - part.Start
	}
	require.Greater(t, compared, 20, "the test can hear")
}
