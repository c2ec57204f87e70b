package media

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"time"
)

// Walk is the probe that needs nothing installed.
func Walk(data []byte) (Source, error) { return WalkReader(bytes.NewReader(data), int64(len(data))) }

// WalkReader is Walk of what may not be in memory.
func WalkReader(r io.ReaderAt, size int64) (Source, error) {
	return (&walker{from: r, size: size}).source()
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
	s, err := WalkReader(f, info.Size())
	s.SizeBytes = info.Size()
	return s, err
}

// ReadProbed is what Probe makes of ffprobe's answer.
func ReadProbed(data []byte) (Source, error) {
	var p probed
	if err := json.Unmarshal(data, &p); err != nil {
		return Source{}, err
	}
	return p.source()
}

// TimeLimit is how long making the output may take, MemoryLimit how many bytes it may use.
func (t Task) TimeLimit() time.Duration { return t.timeLimit() }
func MemoryLimit() uint64               { return memoryLimit() }

// Args is ffmpeg's command line for the task.
func (t Task) Args() []string { return t.args() }

// EncodeByFFmpeg makes the output with ffmpeg, even where copying would do.
func EncodeByFFmpeg(ctx context.Context, program string, t Task) error {
	return ffmpegEngine{program: program}.Encode(ctx, t)
}
