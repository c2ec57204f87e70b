package media

import (
	"fmt"
	"math"

	"github.com/roughy-go/roughy"
)

// The least that may be asked for. The documentation names no bounds; below these the encoders fail.
const (
	leastVideoBitrate = 10_000
	leastAudioBitrate = 16_000
	leastFrameRate    = 0.1
	mostFrameRate     = 1000
)

// tiers are the lengths of the shorter edge in pixels.
var tiers = map[roughy.Resolution]int{roughy.Resolution720p: 720, roughy.Resolution1080p: 1080, roughy.Resolution4K: 2160}

// contentTypes also lists the formats that there are.
var contentTypes = map[roughy.Format]string{
	roughy.FormatMP4: "video/mp4", roughy.FormatMOV: "video/quicktime", roughy.FormatM4A: "audio/mp4", roughy.FormatMP3: "audio/mpeg",
}

// ContentType is the media type of a format's files, "application/octet-stream" for none that is known.
func ContentType(f roughy.Format) string {
	if t, ok := contentTypes[f]; ok {
		return t
	}
	return "application/octet-stream"
}

// OutputFormat is the format that a spec's output has. When the spec names none it is the source's own kind, and where that is
// not one of the four, mp4 for a source with pictures and m4a for one without.
func OutputFormat(s Source, spec roughy.Output) roughy.Format {
	own := roughy.Format(s.Container)
	switch {
	case spec.Format != "":
		return spec.Format
	case s.VideoCodec == "" && s.AudioCodec != "" && own == roughy.FormatMP3:
		return roughy.FormatMP3
	case s.VideoCodec == "" && s.AudioCodec != "":
		return roughy.FormatM4A
	case own == roughy.FormatMOV:
		return roughy.FormatMOV
	default:
		return roughy.FormatMP4
	}
}

func audioOnly(f roughy.Format) bool { return f == roughy.FormatM4A || f == roughy.FormatMP3 }

// ValidateSpec reports, as an *Error with CodeInvalidSpec, a spec that no source could be rendered to: an unknown format or
// resolution, pictures asked of a format that holds none, a number out of bounds.
func ValidateSpec(spec roughy.Output) error {
	if _, ok := contentTypes[spec.Format]; !ok && spec.Format != "" {
		return invalidSpec("format %.32q is unknown: use mp4, mov, m4a or mp3", spec.Format)
	}
	if _, ok := tiers[spec.Resolution]; !ok && spec.Resolution != "" {
		return invalidSpec("resolution %.32q is unknown: use 720p, 1080p or 4k", spec.Resolution)
	}
	if name := videoOnlyMember(spec); name != "" && audioOnly(spec.Format) {
		return invalidSpec("%s is for video, and %s holds sound alone: leave it out or use mp4 or mov", name, spec.Format)
	}
	if b := spec.VideoBitrate; b != nil && *b < leastVideoBitrate {
		return invalidSpec("video_bitrate %d is too low: use at least %d bits a second", *b, leastVideoBitrate)
	}
	if b := spec.AudioBitrate; b != nil && *b < leastAudioBitrate {
		return invalidSpec("audio_bitrate %d is too low: use at least %d bits a second", *b, leastAudioBitrate)
	}
	if r := spec.FrameRate; r != nil && (math.IsNaN(*r) || *r < leastFrameRate || *r > mostFrameRate) {
		return invalidSpec("frame_rate %v is out of bounds: use %v to %v pictures a second", *r, leastFrameRate, mostFrameRate)
	}
	return nil
}

// videoOnlyMember names a member that was asked for and makes sense for pictures alone.
func videoOnlyMember(spec roughy.Output) string {
	switch {
	case spec.Resolution != "":
		return "resolution"
	case spec.VideoBitrate != nil:
		return "video_bitrate"
	case spec.FrameRate != nil:
		return "frame_rate"
	default:
		return ""
	}
}

func invalidSpec(format string, args ...any) error {
	return &Error{Code: CodeInvalidSpec, Message: fmt.Sprintf(format, args...)}
}
