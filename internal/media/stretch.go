package media

import "time"

// preroll is decoded before a stretch that is sought, so that the decoders are in step when it starts.
const preroll = 5 * time.Second

// mostSought bounds the inputs that are opened only to save decoding what lies between two segments: each holds a decoder, with
// its pictures, from beginning to end.
const mostSought = 8

// stretch is a sequence of segments that one reading of the source passes in their order. Going back in the source takes another
// reading: ffmpeg would else keep in memory, uncompressed, what a later segment needs of an earlier part.
type stretch struct {
	parts   []Segment
	skipped time.Duration // how much of the source is not read before it
	closed  bool          // whether the filters behind it need to be shown where its pictures end
}

// stretches are those of the task's segments.
func (t Task) stretches() (all []stretch) {
	for _, part := range t.Segments {
		last := len(all) - 1
		if last >= 0 && all[last].takes(part, t.indexed() && len(all) < mostSought) {
			all[last].parts = append(all[last].parts, part)
			continue
		}
		s := stretch{parts: []Segment{part}}
		if t.indexed() {
			s.skipped = max(0, part.Start-preroll)
		}
		all = append(all, s)
	}
	return all
}

// indexed reports whether the source can be sought in exactly: only the MP4 family has an index that is good enough.
func (t Task) indexed() bool {
	c := t.Source.Container
	return c == "mp4" || c == "mov" || c == "m4a"
}

// takes reports whether a segment comes after those of the stretch and, when it could also be sought, soon after.
func (s stretch) takes(part Segment, seekable bool) bool {
	end := s.parts[len(s.parts)-1].End
	return part.Start >= end && !(seekable && part.Start-end > 2*preroll)
}

// backsteps counts how often segments go back in their source.
func backsteps(segments []Segment) (n int) {
	for i := 1; i < len(segments); i++ {
		if segments[i].Start < segments[i-1].End {
			n++
		}
	}
	return n
}
