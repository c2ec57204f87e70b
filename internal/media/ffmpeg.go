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

// Encode runs ffmpeg once. It reads the input alone. It is killed with the context, at the task's limit and, on Linux, with this process.
func (e ffmpegEngine) Encode(ctx context.Context, t Task) error {
	if err := t.reachable(); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, t.timeLimit())
	defer cancel()
	complaint, err := run(limited, nil, e.program, t.args()...)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil && limited.Err() != nil:
		return t.limitError(complaint)
	case err != nil:
		return encodeError(complaint, err)
	default:
		return t.checkOutput(complaint)
	}
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
	case strings.Contains(complaint, "No space left on device"), strings.Contains(complaint, "Resource temporarily unavailable"):
		return said
	case strings.Contains(complaint, "Cannot allocate memory"), strings.Contains(complaint, "malloc of size"):
		return &Error{
			Code:    CodeEncodeLimit,
			Message: "encoding the source takes more memory than the server gives it: export it in a smaller size, or cut fewer segments",
			Err:     said,
		}
	case strings.Contains(complaint, "Unknown encoder"), strings.Contains(complaint, "Unrecognized option"):
		return &Error{
			Code:    CodeEncoderMissing,
			Message: "the server's ffmpeg cannot make this output: install version 5.1 or newer with libx264 and libmp3lame",
			Err:     said,
		}
	case strings.Contains(complaint, "invalid width x height"):
		return &Error{
			Code:    CodeEncodeFailed,
			Message: "the source's pictures are larger than H.264 can hold, which is 16384 pixels along an edge: export it in a smaller size",
			Err:     said,
		}
	default:
		return &Error{Code: CodeEncodeFailed, Message: "the source could not be encoded: check that it plays to its end, and export it again", Err: said}
	}
}

// limitError says that an ffmpeg was ended because it took too long.
func (t Task) limitError(complaint string) error {
	return &Error{
		Code: CodeEncodeLimit,
		Message: fmt.Sprintf("encoding took longer than %v, which is what the server gives a source of this length: "+
			"check that it plays to its end, or ask for a shorter cut", t.timeLimit()),
		Err: fmt.Errorf("ffmpeg: killed after %v: %s", t.timeLimit(), complaint),
	}
}
