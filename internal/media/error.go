package media

import (
	"iter"
	"log/slog"
)

// The codes of Error: this list is closed, and Codes says what each means.
const (
	CodeInvalidSpec      = "invalid_spec"
	CodeInvalidCut       = "invalid_cut"
	CodeNoVideo          = "no_video"
	CodeNoAudio          = "no_audio"
	CodeSourceMissing    = "source_missing"
	CodeSourceUnreadable = "source_unreadable"
	CodeSourceEmpty      = "source_empty"
	CodeSourceTruncated  = "source_truncated"
	CodeSourceInvalid    = "source_invalid"
	CodeProbeMissing     = "probe_missing"
	CodeEncoderMissing   = "encoder_missing"
	CodeEncodeFailed     = "encode_failed"
	CodeEncodeLimit      = "encode_limit"
)

// Codes lists every code with what it means, for documentation: first what is wrong with the request, then with the source, then
// with the server. What is wrong with the server goes away when something is installed or given to it.
func Codes() iter.Seq2[string, string] {
	return func(yield func(code, meaning string) bool) {
		for _, c := range [][2]string{
			{CodeInvalidSpec, "no source could be rendered to this output spec"},
			{CodeInvalidCut, "the segments do not lie within the source, or are too many"},
			{CodeNoVideo, "pictures were asked of a source that has none"},
			{CodeNoAudio, "sound was asked of a source that has none"},
			{CodeSourceMissing, "there is no such file"},
			{CodeSourceUnreadable, "a folder, a device, or a file that may not be read"},
			{CodeSourceEmpty, "a file without bytes"},
			{CodeSourceTruncated, "the file ends before its content does"},
			{CodeSourceInvalid, "the bytes are no clip, or a broken one"},
			{CodeEncodeFailed, "ffmpeg could not make the output from this source"},
			{CodeEncodeLimit, "encoding took more time or memory than the server gives it"},
			{CodeProbeMissing, "only ffprobe can say what this file is, and it is not installed"},
			{CodeEncoderMissing, "only ffmpeg can make this output, and it or a codec of it is not installed"},
		} {
			if !yield(c[0], c[1]) {
				return
			}
		}
	}
}

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
