package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
)

// An encoding is done by the engine in this process, by the same ffmpeg as one would type it, or by roughyd from a render's start to its
// completion.
const (
	nameFFmpeg = "ffmpeg, at the same nice level"
	nameWhole  = "roughyd, from started to completed"
)

// encoding is one output that all make of one source.
type encoding struct {
	ffmpeg string
	source string
	output string
	size   int64 // of the first output; 0 before that
}

// encodeRows is the row in which a clip is encoded.
func (s *stage) encodeRows(ctx context.Context, pattern *regexp.Regexp) ([]row, error) {
	if !pattern.MatchString(rowEncode) {
		return nil, nil
	}
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		s.note("encoding is not measured: ffmpeg is missing; apt-get install ffmpeg")
		return nil, nil
	}
	fmt.Fprintf(s.progress, "getting ready: %s\n", rowEncode)
	r, err := s.encodeRow(ctx, ffmpeg, 10)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rowEncode, err)
	}
	e, err := s.endpoint(ctx, onSQLite())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rowEncode, err)
	}
	asset, err := e.newAsset(ctx, filepath.Join(s.folder, sourceName))
	if err != nil {
		return nil, err
	}
	r.entries = append(r.entries, e.whole(asset))
	s.note("ffmpeg encodes with the settings of ours; their outputs differ in length by at most 1 in 100")
	return []row{r}, nil
}

const sourceName = "source.mp4"

// encodeRow is the row for a source of so many seconds.
func (s *stage) encodeRow(ctx context.Context, ffmpeg string, seconds int) (row, error) {
	e := &encoding{ffmpeg: ffmpeg, source: filepath.Join(s.folder, sourceName), output: filepath.Join(s.folder, "output.mov")}
	if err := e.makeSource(ctx, strconv.Itoa(seconds)); err != nil {
		return row{}, fmt.Errorf("source: %w", err)
	}
	ours, err := e.ours(ctx)
	if err != nil {
		return row{}, err
	}
	return row{name: rowEncode, entries: []entry{{contender: nameOurs, turn: e.turn(ours)}, {contender: nameFFmpeg, turn: e.turn(e.bare)}}}, nil
}

// makeSource makes a clip whose pictures move and whose sound is poorer than what is made of it.
func (e *encoding) makeSource(ctx context.Context, seconds string) error {
	_, err := program{path: e.ffmpeg, args: []string{
		"-loglevel", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=" + seconds,
		"-f", "lavfi", "-i", "sine=duration=" + seconds, "-preset", "ultrafast", e.source,
	}}.output(ctx)
	return err
}

// wanted is the output: in a container that the source has not, or it would not be encoded.
func wanted() roughy.Output { return roughy.Output{Format: roughy.FormatMOV} }

// ours is the engine that roughyd has for this.
func (e *encoding) ours(ctx context.Context) (func(context.Context) error, error) {
	source, err := media.Probe(ctx, e.source)
	if err != nil {
		return nil, err
	}
	task := media.Task{Input: e.source, Output: e.output, Source: source, Spec: wanted()}
	engine, err := media.Choose(task)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error { return engine.Encode(ctx, task) }, nil
}

// bare is how one would type it, with the settings of the engine, which stands back as far.
func (e *encoding) bare(ctx context.Context) error {
	_, err := program{path: "nice", args: []string{
		"-n", "10", e.ffmpeg, "-loglevel", "error", "-nostdin", "-y", "-i", e.source,
		"-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", e.output,
	}}.output(ctx)
	return err
}

// turn is one encoding.
func (e *encoding) turn(encode func(context.Context) error) turn {
	once := timed(encode)
	return func(ctx context.Context) (float64, error) {
		took, err := once(ctx)
		if err != nil {
			return 0, err
		}
		return took, e.same()
	}
}

// same tells whether an output is as long as the first one: it differs by what the container holds.
func (e *encoding) same() error {
	info, err := os.Stat(e.output)
	if err != nil {
		return err
	}
	size := info.Size()
	if e.size == 0 {
		e.size = size
	}
	if size < e.size*99/100 || size > e.size*101/100 {
		return fmt.Errorf("an output of %d bytes, where the first has %d", size, e.size)
	}
	return nil
}

// whole is all that roughyd does for the same output, by the times in the render's row.
func (e endpoint) whole(asset uuid.UUID) entry {
	return entry{contender: nameWhole, turn: func(ctx context.Context) (float64, error) {
		r, err := e.newRender(ctx, asset, wanted())
		if err != nil {
			return 0, err
		}
		return float64(r.CompletedAt.Sub(*r.StartedAt)), nil
	}}
}
