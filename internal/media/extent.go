package media

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// intact reports whether a file that is not made of boxes ends where its head says (else errTruncated): Matroska, WebM, WAV, AVI
// and AIFF tell, unless they were written to a pipe. ffmpeg is content with what is there.
func (w *walker) intact() error {
	head := w.read(0, 128)
	if missing := extent(head) - w.size; missing > 0 {
		return fmt.Errorf("%w: %d bytes", errTruncated, missing)
	}
	return nil
}

// extent is how long a file is by its head, 0 if that does not say.
func extent(head []byte) int64 {
	kind, form := string(head[:4]), string(head[8:12])
	little := binary.LittleEndian.Uint32(head[4:])
	switch {
	case kind == "RIFF" && (form == "WAVE" || form == "AVI ") && little < math.MaxUint32:
		return 8 + int64(little)
	case kind == "FORM" && (form == "AIFF" || form == "AIFC"):
		return 8 + int64(field(head, 4, 4))
	case kind == "\x1a\x45\xdf\xa3":
		return segmentEnd(head)
	default:
		return 0
	}
}

// segmentEnd is where the segment ends that follows the EBML header of a Matroska file (RFC 8794), 0 if that is left open.
func segmentEnd(head []byte) int64 {
	size, width := elementSize(head, 4)
	at := 4 + width + size
	if at < 0 || at > len(head)-12 || string(head[at:at+4]) != "\x18\x53\x80\x67" {
		return 0
	}
	size, width = elementSize(head, at+4)
	if size < 0 {
		return 0
	}
	return int64(at + 4 + width + size)
}

// elementSize reads a size of 1 to 8 bytes: as many zeros as its first byte begins with, so many bytes follow. -1 is a size that is
// left open.
func elementSize(head []byte, at int) (size, width int) {
	width = bits.LeadingZeros8(head[at]) + 1
	unknown := uint64(1)<<(7*min(width, 8)) - 1
	n := field(head, at, min(width, 8)) & unknown
	if width > 8 || n == unknown {
		return -1, width
	}
	return int(n), width
}
