package media

import (
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// Bounds for hostile files: boxes looked at, depth of nesting, and bytes of one sample table.
const (
	mostBoxes = 1 << 17
	mostDepth = 6
	mostTable = 64 << 20
)

// walker reads the boxes of an MP4 or QuickTime file (ISO/IEC 14496-12), never the media data.
type walker struct {
	from     io.ReaderAt
	size     int64
	boxes    int
	brand    string
	duration time.Duration
	tracks   []track
}

// box is one box's kind and where its payload lies.
type box struct {
	kind    string
	at, end int64
}

// each visits the boxes between two places. The file's last box may leave open how long it is.
func (w *walker) each(at, end int64, visit func(box) error) error {
	for end-at >= 8 {
		if w.boxes++; w.boxes > mostBoxes {
			return fmt.Errorf("%w: more than %d boxes", errNeedsProbe, mostBoxes)
		}
		head := w.read(at, min(16, end-at))
		b, size := box{kind: string(head[4:8]), at: at + 8}, field(head, 0, 4)
		switch {
		case size == 0 && end == w.size:
			size = uint64(end - at)
		case size == 1:
			b.at, size = at+16, field(head, 8, 8)
		}
		if size < uint64(b.at-at) || size > math.MaxInt64/2 {
			return fmt.Errorf("%w: box of impossible size", errNoClip)
		}
		b.end = at + int64(size)
		if err := visit(b); err != nil {
			return err
		}
		at = b.end
	}
	return nil
}

// read returns bytes of the file, zeros where it has none.
func (w *walker) read(at, length int64) []byte {
	p := make([]byte, length)
	_, _ = w.from.ReadAt(p, at) // what cannot be read is like what is not there
	return p
}

// field is a big-endian number, 0 where p is too short for it.
func field(p []byte, at, length int) (n uint64) {
	for i := at; i < at+length && at+length <= len(p); i++ {
		n = n<<8 | uint64(p[i])
	}
	return n
}

// whole reports whether the file is made of boxes (else errNoBoxes) and all of it is there (else errTruncated).
func (w *walker) whole() error {
	if !slices.Contains([]string{"ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"}, string(w.read(4, 4))) {
		return errNoBoxes
	}
	seen := map[string]bool{}
	err := w.each(0, w.size, func(b box) error {
		if missing := b.end - w.size; missing > 0 && slices.Contains([]string{"ftyp", "moov", "mdat", "moof"}, b.kind) {
			return fmt.Errorf("%w: %d bytes of a box", errTruncated, missing)
		}
		seen[b.kind] = true
		return nil
	})
	switch {
	case err != nil:
		return err
	case !seen["moov"] && seen["meta"]:
		return fmt.Errorf("%w: a still picture", errNoClip)
	case !seen["moov"] || !seen["mdat"]:
		return fmt.Errorf("%w: a box that every clip has", errTruncated)
	default:
		return nil
	}
}

// source reads what the boxes say of a file that is whole.
func (w *walker) source() (Source, error) {
	if err := w.whole(); err != nil {
		return Source{}, err
	}
	if err := w.each(0, w.size, func(b box) error { return w.visit(b, w.size, 0) }); err != nil {
		return Source{}, err
	}
	s := Source{Container: brandContainer(w.brand), Duration: w.duration}
	for _, t := range w.tracks {
		t.describe(&s)
	}
	if s.Duration == 0 {
		return Source{}, fmt.Errorf("%w: no duration, as where boxes are compressed or come in fragments", errNeedsProbe)
	}
	return s, s.check()
}

func (w *walker) visit(b box, limit int64, depth int) error {
	switch {
	case b.end > limit && depth > 0:
		return fmt.Errorf("%w: box beyond the one around it", errNoClip)
	case b.kind == "ftyp":
		w.brand = string(w.read(b.at, 4))
	case b.kind == "mvhd":
		w.duration = timing(w.read(b.at, 32)).duration()
	case b.kind == "trak":
		w.tracks = append(w.tracks, track{})
	}
	if slices.Contains([]string{"moov", "trak", "mdia", "minf", "stbl"}, b.kind) && depth < mostDepth {
		return w.each(b.at, b.end, func(child box) error { return w.visit(child, b.end, depth+1) })
	}
	if len(w.tracks) == 0 || depth == 0 {
		return nil
	}
	return w.tracks[len(w.tracks)-1].take(w, b)
}
