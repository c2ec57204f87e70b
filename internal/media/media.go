// Package media says what a file is, and makes render outputs from it.
//
// Start with Probe, which looks at a file once, and with Choose, which picks the engine that makes an output.
//
// # What an output is
//
// roughy.Output says it. The resolution is a tier for the shorter edge as displayed: 720, 1080 or 2160. It, the bitrates
// and the frame rate are ceilings, the rates on average, and the source caps them: nothing is enlarged, sped up or padded.
// However low the frame rate is, one picture stays; fewer than ten share the output's length evenly. Pictures that come
// unevenly, but no more of them than that, keep their moments. What is not asked for stays as the source has it. mp4 and mov
// hold H.264 and AAC, m4a holds AAC; a silent source makes a silent video. Without a format the output is of the source's
// kind: see OutputFormat.
//
// # Engines
//
// copy hands the source on byte for byte when it meets the output spec already, and needs nothing installed. ffmpeg makes
// everything else; it is looked for on PATH, and must have libx264 and libmp3lame. The choice follows from the Task alone, the
// file is not read for it.
//
// # Errors
//
// What a user can do something about is an *Error with one of the codes that Codes lists. Any other error is the machine's
// fault (a full disk, a killed process) and may be gone the next time. What ffmpeg printed is in the error's cause, for the log,
// and never in its message.
//
// # Limits
//
// ffmpeg ends with its context and with its Task's limit. On Linux it ends with this process, too, stands back behind it (nice
// 10), may use 12 GiB of memory and 256 MiB more for each processor, and is the first to go when the machine's is used up.
package media

import (
	"context"
	"time"

	"github.com/roughy-go/roughy"
)

// Source is what Probe found a file to be. A number that could not be found out is 0. The JSON form is stored.
type Source struct {
	Container    string        `json:"container"`   // "mp4", "mov", "m4a", "mp3", else as ffprobe names it
	VideoCodec   string        `json:"video_codec"` // of the first video track, as ffprobe names it: "h264"; "" without one
	AudioCodec   string        `json:"audio_codec"` // of the first audio track: "aac"; "" without one
	Width        int           `json:"width"`       // in square pixels, as displayed: rotation and pixel shape applied
	Height       int           `json:"height"`      // as Width
	Rotation     int           `json:"rotation"`    // clockwise degrees from stored to displayed: 0, 90, 180 or 270
	FrameRate    float64       `json:"frame_rate"`  // pictures a second, on average
	PeakRate     float64       `json:"peak_rate"`   // pictures a second where they come closest
	Duration     time.Duration `json:"duration_ns"`
	SizeBytes    int64         `json:"size_bytes"`    // of the file
	VideoBitrate int           `json:"video_bitrate"` // bits a second, on average
	AudioBitrate int           `json:"audio_bitrate"` // as VideoBitrate

	// Deep is H.264 of more than 8 bits, or of finer colour than 4:2:0. Most players cannot show it: it is not handed on as it is.
	Deep bool `json:"deep,omitempty"`
}

// Segment is a part of a source, from Start up to but not including End, both counted from the source's beginning. A
// picture belongs to it when the moment at which it appears does, and keeps its distance from Start; only the first, if it comes
// within the time that one is shown on average, is shown from Start on. If it comes later, or none does, the one that is still seen
// at Start belongs to the segment, too. The JSON form is stored.
type Segment struct {
	Start time.Duration `json:"start_ns"`
	End   time.Duration `json:"end_ns"`
}

// Task is one output to make.
type Task struct {
	Input    string    // path of the source
	Output   string    // path to write, in a folder that is there; what is there is overwritten
	Source   Source    // what Probe said of the input
	Segments []Segment // what to keep of it, in this order; nil: the whole
	Spec     roughy.Output
	// Limit is how long ffmpeg may take. Default: five minutes and 100 times the length of source and output, a day at most.
	Limit time.Duration
}

// Format is the format of the task's output: see OutputFormat.
func (t Task) Format() roughy.Format { return OutputFormat(t.Source, t.Spec) }

// Engine makes outputs. It is safe for concurrent use.
type Engine interface {
	// Name is a word for the log.
	Name() string
	// Encode writes the task's output. The error is an *Error when the output cannot be made, the context's cause when
	// that ended, and any other for a fault of the machine. After an error the output file is not to be used.
	Encode(ctx context.Context, t Task) error
}
