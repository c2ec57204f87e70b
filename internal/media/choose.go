package media

import (
	"os/exec"

	"github.com/roughy-go/roughy"
)

// rateSlack lets 30000/1001 pass for 29.97.
const rateSlack = 1.0001

// Choose picks the engine for a task: copy where the source meets the spec as it is, else ffmpeg. The error is an *Error: of
// ValidateSpec, of ValidateSegments, CodeNoVideo, CodeNoAudio, or CodeEncoderMissing when this needs ffmpeg and there is none.
func Choose(t Task) (Engine, error) {
	if err := t.possible(); err != nil {
		return nil, err
	}
	if t.met() {
		return copyEngine{}, nil
	}
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, &Error{
			Code:    CodeEncoderMissing,
			Message: "this output needs ffmpeg, which is not on the server's PATH: install it, or ask for the source as it is",
			Err:     err,
		}
	}
	return ffmpegEngine{program: program}, nil
}

// possible reports whether any engine could make the output.
func (t Task) possible() error {
	if err := ValidateSpec(t.Spec); err != nil {
		return err
	}
	if t.Segments != nil {
		if err := ValidateSegments(t.Source, t.Segments); err != nil {
			return err
		}
	}
	sound := audioOnly(t.Format())
	switch {
	case !sound && t.Source.VideoCodec == "":
		return &Error{Code: CodeNoVideo, Message: "the source has no pictures to make a video of: use m4a or mp3"}
	case sound && t.Source.AudioCodec == "":
		return &Error{Code: CodeNoAudio, Message: "the source has no sound: use mp4 or mov"}
	case sound && videoOnlyMember(t.Spec) != "":
		return &Error{Code: CodeNoVideo, Message: "the source has no pictures: leave out " + videoOnlyMember(t.Spec)}
	default:
		return nil
	}
}

// met reports whether the whole source, as it is, is what the task asks for. What is not known of the source does not meet
// a ceiling.
func (t Task) met() bool {
	s, spec := t.Source, t.Spec
	return t.Segments == nil && s.holds(t.Format()) && s.withinTier(spec.Resolution) &&
		(s.VideoCodec == "" || within(s.VideoBitrate, spec.VideoBitrate)) &&
		(s.AudioCodec == "" || within(s.AudioBitrate, spec.AudioBitrate)) &&
		(spec.FrameRate == nil || s.keepsBelow(*spec.FrameRate))
}

// keepsBelow reports whether the source has at most rate pictures a second, everywhere and not only on average: where they come closest
// by no more than times are rounded by, to the millisecond.
func (s Source) keepsBelow(rate float64) bool {
	return s.FrameRate > 0 && s.FrameRate <= rate*rateSlack && s.PeakRate > 0 && 1/s.PeakRate+0.001 >= 1/rate
}

// holds reports whether the source's container and codecs are the format's. An MP4 with sound alone is an M4A, whatever
// its brand says.
func (s Source) holds(f roughy.Format) bool {
	switch f {
	case roughy.FormatMP4, roughy.FormatMOV:
		return s.Container == string(f) && s.VideoCodec == "h264" && !s.Deep && (s.AudioCodec == "aac" || s.AudioCodec == "")
	case roughy.FormatM4A:
		return (s.Container == "m4a" || s.Container == "mp4") && s.VideoCodec == "" && s.AudioCodec == "aac"
	case roughy.FormatMP3:
		return s.Container == "mp3" && s.VideoCodec == "" && s.AudioCodec == "mp3"
	default:
		return false
	}
}

func (s Source) withinTier(r roughy.Resolution) bool {
	edge := min(s.Width, s.Height)
	return r == "" || edge > 0 && edge <= tiers[r]
}

func within(have int, ceiling *int) bool { return ceiling == nil || have > 0 && have <= *ceiling }
