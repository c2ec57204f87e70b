package media

import (
	"bytes"
	"fmt"
	"math"
)

// track is what the boxes of one track say of it.
type track struct {
	kind                  string // "vide", "soun" or another
	entry                 []byte // the sample description
	width, height         int    // before it is turned
	turned                float64
	clock                 clock
	samples, ticks, bytes uint64 // how many samples there are, how long and how large all of them are
	closest               uint64 // how far apart those are that come closest; 0: there are no two
}

// take takes up what one box says.
func (t *track) take(w *walker, b box) error {
	length := b.end - b.at
	switch b.kind {
	case "tkhd":
		t.place(w.read(b.at, min(length, 96)))
	case "mdhd":
		t.clock = timing(w.read(b.at, min(length, 32)))
	case "hdlr":
		if t.kind == "" { // QuickTime has a second one, for where the data is
			t.kind = string(w.read(b.at+8, 4))
		}
	case "stsd":
		t.entry = w.read(b.at+8, min(max(length-8, 0), 4096))
	case "stts", "stsz":
		if length > mostTable {
			return fmt.Errorf("%w: table of %d bytes", errNeedsProbe, length)
		}
		t.count(b.kind, w.read(b.at, min(length, w.size)))
	}
	return nil
}

// place takes up how a track header has the picture shown.
func (t *track) place(p []byte) {
	at := 40 // of the matrix
	if field(p, 0, 1) == 1 {
		at = 52
	}
	t.turned = math.Atan2(float64(int32(field(p, at+4, 4))), float64(int32(field(p, at, 4)))) * 180 / math.Pi
	pixels := func(at int) int { return int(field(p, at, 4)+1<<15) >> 16 }
	t.width, t.height = pixels(at+36), pixels(at+40)
}

// count sums up a table of how long the samples are, or how large.
func (t *track) count(kind string, p []byte) {
	if kind == "stts" {
		for at := 8; at+8 <= len(p); at += 8 {
			count, each := field(p, at, 4), field(p, at+4, 4)
			t.samples += count
			t.ticks += count * each
			if at+16 > len(p) {
				count-- // nothing comes after the very last one
			}
			if each = max(each, 1); count > 0 && (t.closest == 0 || each < t.closest) {
				t.closest = each
			}
		}
		return
	}
	t.bytes = field(p, 4, 4) * field(p, 8, 4)
	for at := 12; at+4 <= len(p) && field(p, 4, 4) == 0; at += 4 {
		t.bytes += field(p, at, 4)
	}
}

// describe adds the track to what is known of the source, if it is its first of its kind.
func (t track) describe(s *Source) {
	rate := t.clock.bitrate(t.bytes)
	switch {
	case t.kind == "vide" && s.VideoCodec == "":
		s.VideoCodec, s.VideoBitrate = codecOf(t.entry), rate
		s.Deep = s.VideoCodec == "h264" && deep(t.entry)
		s.Width, s.Height = t.shown()
		s.turn(t.turned)
		if t.ticks > 0 {
			s.FrameRate = float64(t.samples) * float64(t.clock.scale) / float64(t.ticks)
			s.PeakRate = s.FrameRate
		}
		if t.closest > 0 {
			s.PeakRate = float64(t.clock.scale) / float64(t.closest)
		}
	case t.kind == "soun" && s.AudioCodec == "":
		s.AudioCodec, s.AudioBitrate = codecOf(t.entry), rate
	}
}

// shown is the size of the picture before it is turned. Where the sample description tells the shape of the pixels that counts,
// else the track header.
func (t track) shown() (width, height int) {
	width, height = int(field(t.entry, 32, 2)), int(field(t.entry, 34, 2))
	if at := bytes.Index(t.entry, []byte("pasp")); at >= 0 && field(t.entry, at+8, 4) > 0 {
		shape := float64(field(t.entry, at+4, 4)) / float64(field(t.entry, at+8, 4))
		return int(math.Round(float64(width) * shape)), height
	}
	if t.width > 0 {
		return t.width, t.height
	}
	return width, height
}
