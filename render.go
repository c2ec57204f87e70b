package roughy

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
)

// State is how far a render has come. Documented on the reference page: pending, processing, completed and failed, of which
// the last two are terminal. A state that is not documented is handed on in report mode only, and is not terminal.
type State string

// The documented states.
const (
	StatePending    State = "pending"
	StateProcessing State = "processing"
	StateCompleted  State = "completed"
	StateFailed     State = "failed"
)

// Terminal reports whether a render in this state stays in it for good.
func (s State) Terminal() bool { return s == StateCompleted || s == StateFailed }

// Format is the kind of file a render makes (concepts/render).
type Format string

// The documented formats.
const (
	FormatMP4 Format = "mp4" // H.264 and AAC
	FormatMOV Format = "mov" // H.264 and AAC
	FormatM4A Format = "m4a" // AAC alone
	FormatMP3 Format = "mp3"
)

// Resolution is a tier for the shorter edge of a video, which keeps its shape and is never enlarged (concepts/render).
type Resolution string

// The documented tiers.
const (
	Resolution720p  Resolution = "720p"
	Resolution1080p Resolution = "1080p"
	Resolution4K    Resolution = "4k"
)

// Output is the output that was asked for. What was not asked for is "" or nil. Explicit numbers are upper limits that the
// source caps (concepts/render).
type Output struct {
	Format       Format
	Resolution   Resolution
	VideoBitrate *int     // roughyd counts bits a second; the unit is not documented
	AudioBitrate *int     // as VideoBitrate
	FrameRate    *float64 // pictures a second
}

// Failure says why a render failed. It is data of a render that was read, not an error.
type Failure struct {
	Code    string // for programs; not the vocabulary of Error.Code
	Message string // for people
}

// Render is one render as it was when it was read (reference page, all fields).
type Render struct {
	ID          uuid.UUID
	AssetID     uuid.UUID
	CutID       *uuid.UUID // nil: the whole asset
	State       State
	Output      Output
	SizeBytes   *int64   // length of the output; nil until it is known
	Failure     *Failure // set when State is StateFailed
	CreatedAt   time.Time
	StartedAt   *time.Time // encoding began; nil before
	CompletedAt *time.Time // a terminal state was reached, StateFailed included; nil before
	DownloadURL string     // signed and short-lived: a secret, whole in JSON; "" before State is StateCompleted
}

// String tells the render on one line, with what follows the link's question mark left out.
func (r Render) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "render %s %s", r.ID, r.State)
	if r.Failure != nil {
		b.WriteString(" (" + harmless(r.Failure.Code+": "+r.Failure.Message) + ")")
	}
	if r.SizeBytes != nil {
		fmt.Fprintf(&b, " %d bytes", *r.SizeBytes)
	}
	if r.DownloadURL != "" {
		b.WriteString(" " + withoutQuery(r.DownloadURL))
	}
	return b.String()
}

// GoString is String, so that %#v shows no secret either.
func (r Render) GoString() string { return r.String() }

// LogValue is the render for log/slog, with what follows the link's question mark left out.
func (r Render) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("id", r.ID.String()), slog.String("state", string(r.State))}
	if r.Failure != nil {
		attrs = append(attrs, slog.String("error_code", harmless(r.Failure.Code)))
	}
	if r.SizeBytes != nil {
		attrs = append(attrs, slog.Int64("size_bytes", *r.SizeBytes))
	}
	if r.DownloadURL != "" {
		attrs = append(attrs, slog.String("link", withoutQuery(r.DownloadURL)))
	}
	return slog.GroupValue(attrs...)
}
