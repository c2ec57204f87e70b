package media

import "log/slog"

// The codes of Error: this list is closed. The first nine tell of what was asked or given and are for good; the last
// three go away when something is installed, or the source is made anew.
const (
	CodeInvalidSpec      = "invalid_spec"      // no source could be rendered to this output spec
	CodeInvalidCut       = "invalid_cut"       // the segments do not lie within the source
	CodeNoVideo          = "no_video"          // pictures were asked of a source that has none
	CodeNoAudio          = "no_audio"          // sound was asked of a source that has none
	CodeSourceMissing    = "source_missing"    // there is no such file
	CodeSourceUnreadable = "source_unreadable" // a folder, a device, or a file that may not be read
	CodeSourceEmpty      = "source_empty"      // a file without bytes
	CodeSourceTruncated  = "source_truncated"  // the file ends before its content does
	CodeSourceInvalid    = "source_invalid"    // the bytes are no clip, or a broken one
	CodeProbeMissing     = "probe_missing"     // only ffprobe can say what this file is, and it is not installed
	CodeEncoderMissing   = "encoder_missing"   // only ffmpeg can make this output, and it or a codec of it is not installed
	CodeEncodeFailed     = "encode_failed"     // ffmpeg could not make the output from this source
)

// Error is a refusal that a user can do something about. Message and Code become a failed render's error_message and
// error_code.
type Error struct {
	Code    string // one of the Code constants
	Message string // one line that says what to do; safe to show, it holds no path but the one given to Probe
	Err     error  // what lies behind it, for the log alone: it may hold what a program printed; nil if nothing does
}

// Error returns Message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// LogValue puts all three members into a log.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("code", e.Code), slog.String("message", e.Message)}
	if e.Err != nil {
		attrs = append(attrs, slog.String("cause", e.Err.Error()))
	}
	return slog.GroupValue(attrs...)
}
