package media

import (
	"fmt"
	"math"
	"time"
)

// Bounds of what is believed.
const (
	mostEdge    = 1 << 15
	mostSeconds = 1 << 31 // 68 years
)

// turn applies a rotation by clockwise degrees, to the nearest quarter.
func (s *Source) turn(degrees float64) {
	quarters := int(math.Round(degrees/90)) % 4
	s.Rotation = (quarters + 4) % 4 * 90
	if s.Rotation%180 == 90 {
		s.Width, s.Height = s.Height, s.Width
	}
}

// check reports whether there is anything in the source that one could see or hear.
func (s Source) check() error {
	switch {
	case s.VideoCodec == "" && s.AudioCodec == "":
		return fmt.Errorf("%w: neither pictures nor sound", errNoClip)
	case s.VideoCodec != "" && (min(s.Width, s.Height) < 1 || max(s.Width, s.Height) > mostEdge):
		return fmt.Errorf("%w: pictures of %dx%d", errNoClip, s.Width, s.Height)
	default:
		return nil
	}
}

// clock is how a file counts a duration.
type clock struct{ scale, length uint64 }

// timing reads a movie or media header, which counts in 32 or 64 bits. All bits set stands for an unknown length.
func timing(p []byte) clock {
	c := clock{field(p, 12, 4), field(p, 16, 4)}
	unknown := uint64(math.MaxUint32)
	if field(p, 0, 1) == 1 {
		c, unknown = clock{field(p, 20, 4), field(p, 24, 8)}, math.MaxUint64
	}
	if c.length == unknown {
		c.length = 0
	}
	return c
}

func (c clock) duration() time.Duration {
	if c.scale == 0 {
		return 0
	}
	return duration(float64(c.length) / float64(c.scale))
}

// bitrate is that of so many bytes, 0 over an unknown length.
func (c clock) bitrate(bytes uint64) int {
	length := c.duration().Seconds()
	if length == 0 {
		return 0
	}
	return int(min(float64(bytes)*8/length, math.MaxInt32))
}

// duration is seconds to the microsecond, 0 for what is none.
func duration(seconds float64) time.Duration {
	if math.IsNaN(seconds) || seconds < 0 || seconds > mostSeconds {
		return 0
	}
	return time.Duration(math.Round(seconds*1e6)) * time.Microsecond
}
