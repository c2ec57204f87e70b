package media

import (
	"fmt"
	"time"
)

// Bounds of a cut. Each segment costs the encoder a few filters, each step back in the source a decoder of its own.
const (
	mostSegments  = 100
	mostBacksteps = 15
)

// ValidateSegments reports, as an *Error with CodeInvalidCut, segments that cannot be cut out of a source: none at all, more
// than 100, one that is empty or reversed, starts before the source, ends after it or is shorter than one picture. They may
// overlap and be in any order, but go back in the source at most 15 times.
func ValidateSegments(s Source, segments []Segment) error {
	if len(segments) == 0 || len(segments) > mostSegments {
		return &Error{Code: CodeInvalidCut, Message: fmt.Sprintf("a cut has 1 to %d segments, not %d", mostSegments, len(segments))}
	}
	for _, g := range segments {
		if problem := g.problem(s); problem != "" {
			return &Error{Code: CodeInvalidCut, Message: fmt.Sprintf("segment %v to %v %s", g.Start, g.End, problem)}
		}
	}
	if n := backsteps(segments); n > mostBacksteps {
		return &Error{Code: CodeInvalidCut, Message: fmt.Sprintf("the segments go back in the source %d times: let them at most %d times", n, mostBacksteps)}
	}
	return nil
}

func (g Segment) problem(s Source) string {
	picture := s.picture()
	switch {
	case g.Start < 0:
		return "starts before the source: use 0 or more"
	case g.End <= g.Start:
		return "is empty: end it after its start"
	case s.Duration > 0 && g.End > s.Duration:
		return fmt.Sprintf("ends after the source, which is %v long", s.Duration)
	case g.End-g.Start < picture:
		return fmt.Sprintf("is shorter than one picture, which lasts %v", picture)
	default:
		return ""
	}
}

// picture is how long one is shown, 0 where there are none. It is rounded down, so that a segment of exactly one is allowed.
func (s Source) picture() time.Duration {
	if s.VideoCodec == "" || s.FrameRate <= 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / s.FrameRate).Truncate(time.Microsecond)
}
