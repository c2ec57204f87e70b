package media

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
)

// Probe looks at the file at path, with ffprobe when it is on PATH, else, MP4 and QuickTime alone, by its own reading of the
// file's boxes. The two agree. It reads no media data and takes at most 30 seconds. Refusals are an *Error.
func Probe(ctx context.Context, path string) (Source, error) {
	f, size, err := openClip(path)
	if err != nil {
		return Source{}, err
	}
	defer f.Close()
	s, err := look(ctx, f, size, path)
	if err != nil {
		return Source{}, clipError(path, err)
	}
	s.SizeBytes = size
	return s, nil
}

// look asks ffprobe, if there is one, and the file's own head or boxes: ffprobe does not notice that the end is missing.
func look(ctx context.Context, f *os.File, size int64, path string) (Source, error) {
	boxes := &walker{from: f, size: size}
	err := boxes.whole()
	if errors.Is(err, errNoBoxes) {
		err = cmp.Or(boxes.intact(), err)
	}
	if err != nil && !errors.Is(err, errNoBoxes) && !errors.Is(err, errNeedsProbe) {
		return Source{}, err
	}
	if program, err := exec.LookPath("ffprobe"); err == nil {
		return ffprobe(ctx, program, path)
	}
	return boxes.source()
}

// openClip opens what may be a clip: a file with bytes in it.
func openClip(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, &Error{Code: CodeSourceMissing, Message: path + ": there is no such file", Err: err}
	case err != nil:
		return nil, 0, &Error{Code: CodeSourceUnreadable, Message: path + ": cannot be read; check its permissions", Err: err}
	case info.IsDir():
		return nil, 0, &Error{Code: CodeSourceUnreadable, Message: path + ": is a folder; name a file in it"}
	case !info.Mode().IsRegular():
		return nil, 0, &Error{Code: CodeSourceUnreadable, Message: path + ": is not a regular file; copy the clip to one"}
	case info.Size() == 0:
		return nil, 0, &Error{Code: CodeSourceEmpty, Message: path + ": is empty; fetch or export the clip again"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, &Error{Code: CodeSourceUnreadable, Message: path + ": cannot be read; check its permissions", Err: err}
	}
	return f, info.Size(), nil
}

// What can be wrong with a file's bytes.
var (
	errTruncated  = errors.New("content after the end of the file")
	errNoBoxes    = errors.New("no MP4 boxes")
	errNoClip     = errors.New("no clip")
	errNeedsProbe = errors.New("beyond the box reader")
)

// clipError puts into words for users what is wrong with the file at path. Other errors are handed on.
func clipError(path string, err error) error {
	for _, known := range []struct {
		err        error
		code, text string
	}{
		{errTruncated, CodeSourceTruncated, "is cut off before its end; fetch or export the clip again"},
		{errNoBoxes, CodeProbeMissing, "is no MP4 or QuickTime file; to use another kind, install ffprobe, which comes with ffmpeg"},
		{errNeedsProbe, CodeProbeMissing, "is an MP4 of a kind that only ffprobe can read; install it, it comes with ffmpeg"},
		{errNoClip, CodeSourceInvalid, "is no clip that can be read; export it again, best as MP4 with H.264 and AAC"},
	} {
		if errors.Is(err, known.err) {
			return &Error{Code: known.code, Message: path + ": " + known.text, Err: err}
		}
	}
	return fmt.Errorf("probe %s: %w", path, err)
}
