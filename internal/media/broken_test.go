package media_test

import (
	"bytes"
	"errors"
	"maps"
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

// breakages are what can happen to a file.
var breakages = map[string]func(data []byte) []byte{
	"cut off":         func(data []byte) []byte { return data[:len(data)*6/10] },
	"without bytes":   func([]byte) []byte { return nil },
	"zeros in it":     func(data []byte) []byte { clear(data[len(data)/2 : len(data)*3/4]); return data },
	"zeros to an end": func(data []byte) []byte { clear(data[len(data)/3:]); return data },
	"flipped bits": func(data []byte) []byte {
		for i := len(data) / 4; i < len(data); i += 97 {
			data[i] ^= 0x55
		}
		return data
	},
}

// TestBrokenSourcesEndInACode lets each kind of file break in each way. Where no code must come a shorter output may: TS, MP3 and
// FLAC do not say where they end, and a decoder hides what is wrong with some of the pictures.
func TestBrokenSourcesEndInACode(t *testing.T) {
	t.Parallel()
	tool(t, "ffprobe")
	codes := slices.Collect(maps.Keys(maps.Collect(media.Codes())))
	tells := map[string]bool{"s.mp4": true, "s.mov": true, "s.mkv": true, "s.webm": true, "s.avi": true, "s.wav": true, "s.aiff": true, "s.m4a": true, "parts.mp4": true}
	inner := map[string]bool{"s.mp4": true, "s.mkv": true, "s.ts": true, "s.mp3": true, "parts.mp4": true} // the others are like one of these
	for file, args := range map[string][]string{
		"s.mp4": nil, "s.mov": nil, "s.mkv": nil, "s.ts": nil, "s.avi": nil, "s.wav": {"-vn"}, "s.aiff": {"-vn"}, "s.mp3": {"-vn"}, "s.flac": {"-vn"},
		"s.m4a": {"-vn"}, "s.webm": {"-c:v", "libvpx", "-c:a", "libopus"}, "parts.mp4": {"-movflags", "frag_keyframe+empty_moov", "-g", "10"},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			path := numbered(t, file, args...)
			whole, err := os.ReadFile(path)
			require.NoError(t, err)
			for name, change := range breakages {
				if strings.HasPrefix(name, "zeros") && !inner[file] {
					continue
				}
				require.NoError(t, os.WriteFile(path, change(bytes.Clone(whole)), 0o600))
				err := rendered(t, path)
				switch {
				case name == "without bytes":
					requireRefusal(t, err, media.CodeSourceEmpty)
				case name == "cut off" && tells[file]:
					requireRefusal(t, err, media.CodeSourceTruncated)
				case err != nil:
					refused, ok := errors.AsType[*media.Error](err)
					require.True(t, ok, "%s: %v", name, err)
					require.Contains(t, codes, refused.Code)
				}
			}
		})
	}
}

// rendered has a file go the whole way.
func rendered(t testing.TB, path string) error {
	t.Helper()
	source, err := media.Probe(t.Context(), path)
	if err != nil {
		return err
	}
	spec := roughy.Output{Format: "mov", FrameRate: new(20.0)}
	if source.VideoCodec == "" {
		spec = roughy.Output{Format: "mp3", AudioBitrate: new(32_000)}
	}
	task := media.Task{Input: path, Output: filepath.Join(t.TempDir(), "output"), Source: source, Spec: spec, Limit: time.Minute}
	engine, err := media.Choose(task)
	require.NoError(t, err)
	if err := engine.Encode(t.Context(), task); err != nil {
		return err
	}
	got := walked(t, task.Output)
	require.Equal(t, string(spec.Format), got.Container)
	require.Positive(t, got.Duration)
	return nil
}

// TestASourceThatBreaksOffIsNoSuccess is of files whose heads do not say where they end, but how long they play: what ffmpeg makes of
// a part of them is no output.
func TestASourceThatBreaksOffIsNoSuccess(t *testing.T) {
	t.Parallel()
	tool(t, "ffprobe")
	open := func(data []byte) { // the size of Matroska's segment is left open, as when it was written to a pipe
		at := bytes.Index(data, []byte("\x18\x53\x80\x67\x01"))
		require.Positive(t, at)
		copy(data[at+4:], "\x01\xff\xff\xff\xff\xff\xff\xff")
	}
	for path, change := range map[string]func([]byte){numbered(t, "s.mkv"): open, numbered(t, "s.flac", "-vn"): func([]byte) {}} {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		change(data)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		require.NoError(t, rendered(t, path), "whole it is fine")
		require.NoError(t, os.WriteFile(path, data[:len(data)*8/10], 0o600))
		err = rendered(t, path)
		requireRefusal(t, err, media.CodeSourceTruncated)
		require.ErrorContains(t, errors.Unwrap(err), "ffmpeg: ", "what it said is kept")
	}
}
