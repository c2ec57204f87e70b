package media

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ffmpegEngine makes every output that a source has the pictures or the sound for.
type ffmpegEngine struct{ program string }

var _ Engine = ffmpegEngine{}

func (ffmpegEngine) Name() string { return "ffmpeg" }

// Encode runs ffmpeg once. It reads the input alone, and is killed with the context and, on Linux, with this process.
func (e ffmpegEngine) Encode(ctx context.Context, t Task) error {
	if err := t.reachable(); err != nil {
		return err
	}
	complaint, err := run(ctx, nil, e.program, t.args()...)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return encodeError(complaint, err)
	}
	return t.checkOutput()
}

// reachable tells faults of the machine from ffmpeg's, which reports both alike.
func (t Task) reachable() error {
	f, err := os.Open(t.Input)
	if err != nil {
		return fmt.Errorf("open input: %w", err)
	}
	_ = f.Close()
	if _, err := os.Stat(filepath.Dir(t.Output)); err != nil {
		return fmt.Errorf("output folder: %w", err)
	}
	return nil
}

// encodeError says what became of an ffmpeg that did not succeed.
func encodeError(complaint string, err error) error {
	var exit *exec.ExitError
	said := fmt.Errorf("ffmpeg: %w: %s", err, complaint)
	switch {
	case !errors.As(err, &exit) || !exit.Exited(): // not started, or killed by somebody
		return said
	case strings.Contains(complaint, "No space left on device"), strings.Contains(complaint, "Cannot allocate memory"):
		return said
	case strings.Contains(complaint, "Unknown encoder"), strings.Contains(complaint, "Unrecognized option"):
		return &Error{
			Code:    CodeEncoderMissing,
			Message: "the server's ffmpeg cannot make this output: install version 5.1 or newer with libx264 and libmp3lame",
			Err:     said,
		}
	default:
		return &Error{Code: CodeEncodeFailed, Message: "the source could not be encoded: check that it plays to its end, and export it again", Err: said}
	}
}

// checkOutput looks whether anything came out: ffmpeg is content when nothing did.
func (t Task) checkOutput() error {
	f, err := os.Open(t.Output)
	if err != nil {
		return fmt.Errorf("open output: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("output: %w", err)
	}
	empty := info.Size() == 0
	if t.Format() != "mp3" && !empty {
		made, err := (&walker{from: f, size: info.Size()}).source()
		empty = err != nil || made.VideoCodec == "" && !audioOnly(t.Format())
	}
	if empty {
		return &Error{Code: CodeEncodeFailed, Message: "nothing came of encoding the source: check that it plays, and export it again"}
	}
	return nil
}
