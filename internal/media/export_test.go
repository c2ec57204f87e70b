package media

import (
	"bytes"
	"context"
	"os"
)

// Walk is the probe that needs nothing installed.
func Walk(data []byte) (Source, error) {
	return (&walker{from: bytes.NewReader(data), size: int64(len(data))}).source()
}

// WalkFile is Walk of a file.
func WalkFile(path string) (Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return Source{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Source{}, err
	}
	s, err := (&walker{from: f, size: info.Size()}).source()
	s.SizeBytes = info.Size()
	return s, err
}

// EncodeByFFmpeg makes the output with ffmpeg, even where copying would do.
func EncodeByFFmpeg(ctx context.Context, program string, t Task) error {
	return ffmpegEngine{program: program}.Encode(ctx, t)
}
