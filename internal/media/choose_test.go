package media_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
)

var (
	silent = changed(func(s *media.Source) { s.AudioCodec, s.AudioBitrate = "", 0 })
	sound  = changed(func(s *media.Source) {
		*s = media.Source{Container: "m4a", AudioCodec: "aac", Duration: s.Duration, AudioBitrate: 128_000}
	})
	song = changed(func(s *media.Source) {
		*s = media.Source{Container: "mp3", AudioCodec: "mp3", Duration: s.Duration, AudioBitrate: 128_000}
	})
)

// changed is the clip with a change.
func changed(change func(*media.Source)) media.Source {
	s := theClip
	change(&s)
	return s
}

func TestChoose(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ffmpeg"), []byte("#!/bin/false\n"), 0o700))
	t.Setenv("PATH", dir)
	second := []media.Segment{{Start: 0, End: time.Second}}
	for name, c := range map[string]struct {
		task media.Task
		want string // an engine's name, or the code of a refusal
	}{
		"the source as it is":          {media.Task{Source: theClip}, "copy"},
		"its own format":               {media.Task{Source: theClip, Spec: roughy.Output{Format: "mp4"}}, "copy"},
		"ceilings above the source":    {media.Task{Source: theClip, Spec: roughy.Output{Resolution: "720p", VideoBitrate: new(5_000_000), AudioBitrate: new(128_000), FrameRate: new(60.0)}}, "copy"},
		"ceilings just met":            {media.Task{Source: theClip, Spec: roughy.Output{VideoBitrate: new(17120), AudioBitrate: new(23748), FrameRate: new(25.0)}}, "copy"},
		"no sound to hold below":       {media.Task{Source: silent, Spec: roughy.Output{AudioBitrate: new(128_000)}}, "copy"},
		"sound as it is":               {media.Task{Source: sound, Spec: roughy.Output{Format: "m4a"}}, "copy"},
		"sound in an mp4":              {media.Task{Source: changed(func(s *media.Source) { s.VideoCodec = "" }), Spec: roughy.Output{Format: "m4a"}}, "copy"},
		"a song as it is":              {media.Task{Source: song}, "copy"},
		"29.97 for 30000/1001":         {media.Task{Source: changed(func(s *media.Source) { s.FrameRate = 30000.0 / 1001 }), Spec: roughy.Output{FrameRate: new(29.97)}}, "copy"},
		"uneven by rounding":           {media.Task{Source: changed(func(s *media.Source) { s.PeakRate = 25.6 }), Spec: roughy.Output{FrameRate: new(25.0)}}, "copy"},
		"more pictures in a part":      {media.Task{Source: changed(func(s *media.Source) { s.FrameRate, s.PeakRate = 17.8, 30 }), Spec: roughy.Output{FrameRate: new(25.0)}}, "ffmpeg"},
		"a few more in a part":         {media.Task{Source: changed(func(s *media.Source) { s.FrameRate, s.PeakRate = 17.8, 30 }), Spec: roughy.Output{FrameRate: new(29.0)}}, "ffmpeg"},
		"uneven in an unknown way":     {media.Task{Source: changed(func(s *media.Source) { s.PeakRate = 0 }), Spec: roughy.Output{FrameRate: new(25.0)}}, "ffmpeg"},
		"another format":               {media.Task{Source: theClip, Spec: roughy.Output{Format: "mov"}}, "ffmpeg"},
		"its sound alone":              {media.Task{Source: theClip, Spec: roughy.Output{Format: "m4a"}}, "ffmpeg"},
		"a cut":                        {media.Task{Source: theClip, Segments: second}, "ffmpeg"},
		"a smaller edge":               {media.Task{Source: changed(func(s *media.Source) { s.Width, s.Height = 1920, 1080 }), Spec: roughy.Output{Resolution: "720p"}}, "ffmpeg"},
		"a portrait's shorter edge":    {media.Task{Source: changed(func(s *media.Source) { s.Width, s.Height = 720, 1280 }), Spec: roughy.Output{Resolution: "720p"}}, "copy"},
		"a lower video bitrate":        {media.Task{Source: theClip, Spec: roughy.Output{VideoBitrate: new(17_000)}}, "ffmpeg"},
		"a lower audio bitrate":        {media.Task{Source: theClip, Spec: roughy.Output{AudioBitrate: new(20_000)}}, "ffmpeg"},
		"a lower frame rate":           {media.Task{Source: theClip, Spec: roughy.Output{FrameRate: new(24.0)}}, "ffmpeg"},
		"a ceiling of unknown meeting": {media.Task{Source: changed(func(s *media.Source) { s.VideoBitrate = 0 }), Spec: roughy.Output{VideoBitrate: new(5_000_000)}}, "ffmpeg"},
		"an unknown frame rate":        {media.Task{Source: changed(func(s *media.Source) { s.FrameRate = 0 }), Spec: roughy.Output{FrameRate: new(60.0)}}, "ffmpeg"},
		"an unknown size":              {media.Task{Source: changed(func(s *media.Source) { s.Width, s.Height = 0, 0 }), Spec: roughy.Output{Resolution: "4k"}}, "ffmpeg"},
		"more bits than players take":  {media.Task{Source: changed(func(s *media.Source) { s.Deep = true })}, "ffmpeg"},
		"another video codec":          {media.Task{Source: changed(func(s *media.Source) { s.VideoCodec = "hevc" })}, "ffmpeg"},
		"another audio codec":          {media.Task{Source: changed(func(s *media.Source) { s.AudioCodec = "ac3" })}, "ffmpeg"},
		"another container":            {media.Task{Source: changed(func(s *media.Source) { s.Container = "matroska" })}, "ffmpeg"},
		"video of sound":               {media.Task{Source: sound, Spec: roughy.Output{Format: "mp4"}}, media.CodeNoVideo},
		"a frame rate for sound":       {media.Task{Source: song, Spec: roughy.Output{FrameRate: new(25.0)}}, media.CodeNoVideo},
		"sound of silence":             {media.Task{Source: silent, Spec: roughy.Output{Format: "mp3"}}, media.CodeNoAudio},
		"an unknown format":            {media.Task{Source: theClip, Spec: roughy.Output{Format: "avi"}}, media.CodeInvalidSpec},
		"a cut of nothing":             {media.Task{Source: theClip, Segments: []media.Segment{}}, media.CodeInvalidCut},
		"a cut beyond the end":         {media.Task{Source: theClip, Segments: []media.Segment{{Start: 0, End: time.Hour}}}, media.CodeInvalidCut},
	} {
		engine, err := media.Choose(c.task)
		if err != nil {
			requireRefusal(t, err, c.want)
			continue
		}
		require.Equal(t, c.want, engine.Name(), name)
	}
}

func TestChooseSaysThatFFmpegIsMissing(t *testing.T) {
	withoutTools(t)
	engine, err := media.Choose(media.Task{Source: theClip})
	require.NoError(t, err)
	require.Equal(t, "copy", engine.Name())
	_, err = media.Choose(media.Task{Source: theClip, Spec: roughy.Output{Format: "mp3"}})
	requireRefusal(t, err, media.CodeEncoderMissing)
	require.ErrorContains(t, err, "ffmpeg")
}

func TestOutputFormat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		source media.Source
		spec   roughy.Format
		want   roughy.Format
	}{
		"what was asked for":       {theClip, "mp3", "mp3"},
		"mp4 of mp4":               {theClip, "", "mp4"},
		"mov of mov":               {changed(func(s *media.Source) { s.Container = "mov" }), "", "mov"},
		"mp4 of others":            {changed(func(s *media.Source) { s.Container = "matroska" }), "", "mp4"},
		"mp4 of video called m4a":  {changed(func(s *media.Source) { s.Container = "m4a" }), "", "mp4"},
		"mp4 of video called mp3":  {changed(func(s *media.Source) { s.Container = "mp3" }), "", "mp4"},
		"m4a of m4a":               {sound, "", "m4a"},
		"mp3 of mp3":               {song, "", "mp3"},
		"m4a of sound in mov":      {media.Source{Container: "mov", AudioCodec: "aac"}, "", "m4a"},
		"m4a of sound in others":   {media.Source{Container: "wav", AudioCodec: "pcm_s16le"}, "", "m4a"},
		"mp4 of an unknown source": {media.Source{}, "", "mp4"},
	} {
		require.Equal(t, c.want, media.OutputFormat(c.source, roughy.Output{Format: c.spec}), name)
		require.Equal(t, c.want, media.Task{Source: c.source, Spec: roughy.Output{Format: c.spec}}.Format(), name)
	}
}

func TestContentType(t *testing.T) {
	t.Parallel()
	require.Equal(t, "video/mp4", media.ContentType(roughy.FormatMP4))
	require.Equal(t, "video/quicktime", media.ContentType(roughy.FormatMOV))
	require.Equal(t, "audio/mp4", media.ContentType(roughy.FormatM4A))
	require.Equal(t, "audio/mpeg", media.ContentType(roughy.FormatMP3))
	require.Equal(t, "application/octet-stream", media.ContentType("exe"))
}

func TestValidateSpec(t *testing.T) {
	t.Parallel()
	for _, spec := range []roughy.Output{
		{}, {Format: "mp4", Resolution: "4k", VideoBitrate: new(50_000_000), AudioBitrate: new(320_000), FrameRate: new(120.0)},
		{Format: "mp3", AudioBitrate: new(math.MaxInt)}, {Resolution: "720p"}, {FrameRate: new(29.97)},
	} {
		require.NoError(t, media.ValidateSpec(spec))
	}
	for says, spec := range map[string]roughy.Output{
		`format "avi" is unknown`:                   {Format: "avi"},
		`format "MP4" is unknown`:                   {Format: "MP4"},
		`resolution "8k" is unknown`:                {Resolution: "8k"},
		"resolution is for video, and m4a":          {Format: "m4a", Resolution: "720p"},
		"video_bitrate is for video, and mp3":       {Format: "mp3", VideoBitrate: new(5_000_000)},
		"frame_rate is for video, and mp3":          {Format: "mp3", FrameRate: new(25.0)},
		"video_bitrate 0 is too low":                {VideoBitrate: new(0)},
		"video_bitrate -5 is too low":               {VideoBitrate: new(-5)},
		"audio_bitrate 1 is too low":                {AudioBitrate: new(1)},
		"frame_rate 0 is out of bounds":             {FrameRate: new(0.0)},
		"frame_rate -25 is out of bounds":           {FrameRate: new(-25.0)},
		"frame_rate NaN is out of bounds":           {FrameRate: new(math.NaN())},
		"frame_rate +Inf is out of bounds":          {FrameRate: new(math.Inf(1))},
		"frame_rate 1e-09 is out of bounds":         {FrameRate: new(1e-9)},
		`format "` + strings.Repeat("x", 32) + `" `: {Format: roughy.Format(strings.Repeat("x", 1<<20))},
	} {
		err := media.ValidateSpec(spec)
		requireRefusal(t, err, media.CodeInvalidSpec)
		require.ErrorContains(t, err, says)
		require.Less(t, len(err.Error()), 200)
	}
}

func TestValidateSegments(t *testing.T) {
	t.Parallel()
	for _, segments := range [][]media.Segment{
		{{0, 2 * time.Second}}, {{0, 40 * ms}}, {{1500 * ms, 2 * time.Second}, {0, 100 * ms}, {50 * ms, 150 * ms}},
	} {
		require.NoError(t, media.ValidateSegments(theClip, segments))
	}
	require.NoError(t, media.ValidateSegments(sound, []media.Segment{{0, ms}}), "sound has no pictures to be shorter than")
	require.NoError(t, media.ValidateSegments(media.Source{}, []media.Segment{{0, time.Hour}}), "a source of unknown length")
	many := make([]media.Segment, 101)
	for i := range many {
		many[i] = media.Segment{Start: time.Duration(i) * 40 * ms, End: time.Duration(i+1) * 40 * ms}
	}
	long := changed(func(s *media.Source) { s.Duration = time.Hour })
	require.NoError(t, media.ValidateSegments(long, many[1:]))
	same := slices.Repeat([]media.Segment{{0, time.Second}}, 17)
	require.NoError(t, media.ValidateSegments(theClip, same[1:]))
	for says, segments := range map[string][]media.Segment{
		"a cut has 1 to 100 segments, not 0":                               nil,
		"not 101":                                                          many,
		"go back in the source 16 times":                                   same,
		"segment -1s to 1s starts before the source":                       {{-time.Second, time.Second}},
		"segment 1s to 1s is empty":                                        {{time.Second, time.Second}},
		"segment 1.5s to 500ms is empty":                                   {{0, time.Second}, {1500 * ms, 500 * ms}},
		"segment 1s to 2.001s ends after the source, which is 2s long":     {{time.Second, 2001 * ms}},
		"segment 0s to 39ms is shorter than one picture, which lasts 40ms": {{0, 39 * ms}},
		"segment 0s to 2562047h47m16.854775807s ends after":                {{0, math.MaxInt64}},
	} {
		err := media.ValidateSegments(theClip, segments)
		requireRefusal(t, err, media.CodeInvalidCut)
		require.ErrorContains(t, err, says)
	}
}
