package media_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
)

// at is where a box's payload lies in the clip.
func at(t testing.TB, kind string) int {
	t.Helper()
	i := bytes.Index(clip.MP4, []byte(kind))
	require.Positive(t, i)
	return i + 4
}

// mangled is the clip with bytes of one box overwritten, from an offset into its payload; -8 is the box's size.
func mangled(t testing.TB, kind string, offset int, with ...byte) []byte {
	t.Helper()
	data := bytes.Clone(clip.MP4)
	copy(data[at(t, kind)+offset:], with)
	return data
}

// newBox is a box with a payload.
func newBox(kind string, payload ...byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(8+len(payload)))
	return append(append(head, kind...), payload...)
}

func TestWalkReadsHandMadeChanges(t *testing.T) {
	t.Parallel()
	matrix := func(a, b int32) []byte {
		return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(a)), uint32(b))
	}
	const one = 1 << 16
	with := func(change func(*media.Source)) media.Source {
		s := theClip
		s.SizeBytes = 0
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		data []byte
		want media.Source
	}{
		"nothing":                   {clip.MP4, with(func(*media.Source) {})},
		"the brand of M4A":          {mangled(t, "ftyp", 0, []byte("M4A ")...), with(func(s *media.Source) { s.Container = "m4a" })},
		"the brand of movies":       {mangled(t, "ftyp", 0, []byte("qt  ")...), with(func(s *media.Source) { s.Container = "mov" })},
		"an unknown brand":          {mangled(t, "ftyp", 0, []byte("wxyz")...), with(func(*media.Source) {})},
		"no brand":                  {append(newBox("wide"), clip.MP4[32:]...), with(func(s *media.Source) { s.Container = "mov" })},
		"turned by a quarter":       {mangled(t, "tkhd", 40, matrix(0, one)...), with(func(s *media.Source) { s.Width, s.Height, s.Rotation = 180, 320, 90 })},
		"turned by a half":          {mangled(t, "tkhd", 40, matrix(-one, 0)...), with(func(s *media.Source) { s.Rotation = 180 })},
		"turned back":               {mangled(t, "tkhd", 40, matrix(0, -one)...), with(func(s *media.Source) { s.Width, s.Height, s.Rotation = 180, 320, 270 })},
		"a longer movie":            {mangled(t, "mvhd", 16, 0, 0, 0x27, 0x10), with(func(s *media.Source) { s.Duration = 10 * time.Second })},
		"another codec":             {mangled(t, "stsd", 12, []byte("hvc1")...), with(func(s *media.Source) { s.VideoCodec = "hevc" })},
		"a codec that nobody knows": {mangled(t, "stsd", 12, []byte("abcd")...), with(func(s *media.Source) { s.VideoCodec = "abcd" })},
		"a codec with odd letters":  {mangled(t, "stsd", 12, 0xff, 1, 2, 3), with(func(s *media.Source) { s.VideoCodec = "unknown" })},
		"wide pixels":               {mangled(t, "pasp", 0, 0, 0, 0, 2, 0, 0, 0, 1), with(func(s *media.Source) { s.Width = 640 })},
		"bytes behind the last box": {append(bytes.Clone(clip.MP4), 0, 0, 0), with(func(*media.Source) {})},
		"a box that is not closed":  {append(bytes.Clone(clip.MP4), 0, 0, 1, 0, 'j', 'u', 'n', 'k'), with(func(*media.Source) {})},
		"a last box to the end":     {mangled(t, "mdat", -8, 0, 0, 0, 0), with(func(*media.Source) {})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := media.Walk(c.data)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestWalkRefusesHostileBoxes(t *testing.T) {
	t.Parallel()
	deep := newBox("free")
	for range 100 {
		deep = newBox("moov", deep...)
	}
	whole := func(boxes ...[]byte) []byte {
		return bytes.Join(append([][]byte{newBox("ftyp", []byte("isom")...), newBox("mdat")}, boxes...), nil)
	}
	for name, data := range map[string][]byte{
		"a box smaller than its head":     mangled(t, "mvhd", -8, 0, 0, 0, 7),
		"a box of no size within":         mangled(t, "tkhd", -8, 0, 0, 0, 0),
		"a box beyond the one around it":  mangled(t, "mdia", -8, 0, 0, 0xff, 0xff),
		"a huge box":                      mangled(t, "moov", -8, 0xff, 0xff, 0xff, 0xff),
		"a huge box in 64 bits":           mangled(t, "ftyp", -8, 0, 0, 0, 1, 'f', 't', 'y', 'p', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
		"a box in 64 bits of no size":     mangled(t, "ftyp", -8, 0, 0, 0, 1, 'f', 't', 'y', 'p', 0, 0, 0, 0, 0, 0, 0, 0),
		"boxes nested without end":        whole(deep),
		"an empty index":                  whole(newBox("moov")),
		"a track of nothing":              whole(newBox("moov", newBox("trak")...)),
		"a movie of unknown length":       mangled(t, "mvhd", 16, 0xff, 0xff, 0xff, 0xff),
		"a movie whose clock stands":      mangled(t, "mvhd", 12, 0, 0, 0, 0),
		"neither pictures nor sound":      bytes.ReplaceAll(bytes.ReplaceAll(clip.MP4, []byte("vide"), []byte("text")), []byte("soun"), []byte("text")),
		"a picture of no size":            mangled(t, "stsd", 40, 0, 0, 0, 0),
		"a still picture":                 append(newBox("ftyp", []byte("heic")...), append(newBox("meta"), newBox("mdat")...)...),
		"more boxes than anybody needs":   append(bytes.Repeat(newBox("free"), 200_000), clip.MP4...),
		"an index that is compressed":     whole(newBox("moov", newBox("cmov")...)),
		"a table larger than any":         whole(newBox("moov", newBox("trak", newBox("mdia", newBox("minf", newBox("stbl", newBox("stsz", make([]byte, 65<<20)...)...)...)...)...)...)),
		"no index":                        whole(),
		"an index without media":          append(newBox("ftyp", []byte("isom")...), newBox("moov")...),
		"a head that the file cuts short": {0, 0, 0, 20, 'f', 't', 'y', 'p', 'i', 's'},
		"nothing but the kind of a box":   []byte("\x00\x00\x00\x00ftyp"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := media.Walk(data)
			require.Error(t, err)
		})
	}
}

func TestWalkNeverReadsTheMedia(t *testing.T) {
	t.Parallel()
	media64 := binary.BigEndian.AppendUint64([]byte("\x00\x00\x00\x01mdat"), 1<<40)
	start := at(t, "mdat") - 8
	file := &sparse{head: append(bytes.Clone(clip.MP4[:start]), media64...), size: int64(start) + 1<<40}
	got, err := media.WalkReader(file, file.size)
	require.NoError(t, err)
	require.Equal(t, theClip.Duration, got.Duration)
	require.Less(t, file.read, 8<<10)
}

// sparse is a huge file of which the beginning alone is there.
type sparse struct {
	head []byte
	size int64
	read int
}

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	s.read += len(p)
	return bytes.NewReader(s.head).ReadAt(p, off)
}

func TestWalkOfEveryTruncationAndFlippedByte(t *testing.T) {
	t.Parallel()
	for n := range clip.MP4 {
		_, err := media.Walk(clip.MP4[:n])
		require.Error(t, err, "cut at %d", n)
	}
	index := at(t, "mdat")
	for i := range index {
		data := bytes.Clone(clip.MP4)
		data[i] ^= 0xff
		if s, err := media.Walk(data); err == nil {
			requireSound(t, s)
		}
	}
}

// requireSound holds what a walk makes of anything to what the rest of the package counts on.
func requireSound(t testing.TB, s media.Source) {
	t.Helper()
	require.Positive(t, s.Duration)
	require.NotEmpty(t, s.VideoCodec+s.AudioCodec)
	require.False(t, math.IsNaN(s.FrameRate) || math.IsInf(s.FrameRate, 0) || s.FrameRate < 0)
	require.GreaterOrEqual(t, min(s.Width, s.Height, s.VideoBitrate, s.AudioBitrate, s.Rotation), 0)
	require.Contains(t, []int{0, 90, 180, 270}, s.Rotation)
	require.LessOrEqual(t, max(s.Width, s.Height), 1<<15)
}

func FuzzWalk(f *testing.F) {
	f.Add(clip.MP4)
	f.Add(clip.MP4[:at(f, "mdat")+4])
	f.Add(newBox("ftyp", []byte("qt  ")...))
	f.Add(mangled(f, "tkhd", 40, 0, 0, 0, 0, 0, 1, 0, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := media.Walk(data)
		runtime.ReadMemStats(&after)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64*len(data)+1<<20), "memory follows the file's size")
		if err == nil {
			requireSound(t, s)
		}
	})
}
