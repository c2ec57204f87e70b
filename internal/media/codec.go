package media

import (
	"bytes"
	"slices"
	"strings"
)

// codecs are ffprobe's names for the sample descriptions of MP4 and QuickTime.
var codecs = map[string]string{
	"avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "dvh1": "hevc", "dvhe": "hevc", "av01": "av1", "vp08": "vp8",
	"vp09": "vp9", "s263": "h263", "jpeg": "mjpeg", "mjpa": "mjpeg", "apco": "prores", "apcs": "prores",
	"apcn": "prores", "apch": "prores", "ap4h": "prores", "ap4x": "prores", "AVdn": "dnxhd", "AVdh": "dnxhd",
	"ac-3": "ac3", "ec-3": "eac3", "Opus": "opus", "fLaC": "flac", "alac": "alac", ".mp3": "mp3", "samr": "amr_nb",
	"sawb": "amr_wb", "sowt": "pcm_s16le", "twos": "pcm_s16be", "in24": "pcm_s24be", "fl32": "pcm_f32be",
	"ulaw": "pcm_mulaw", "alaw": "pcm_alaw",
}

// objects are ffprobe's names for the object types of an MPEG-4 description (mp4ra.org).
var objects = map[byte]string{
	0x20: "mpeg4", 0x21: "h264", 0x23: "hevc", 0x60: "mpeg2video", 0x61: "mpeg2video", 0x6a: "mpeg1video", 0x6c: "mjpeg",
	0x40: "aac", 0x66: "aac", 0x67: "aac", 0x68: "aac", 0x69: "mp3", 0x6b: "mp3", 0xa5: "ac3", 0xa6: "eac3",
}

// codecOf names the codec of a sample description, by the four letters of its kind or, for MPEG-4's own kinds, by what it holds.
// Letters that nobody knows are their own name.
func codecOf(entry []byte) string {
	if len(entry) < 8 {
		return "unknown"
	}
	odd := func(r rune) bool { return r < '0' || r > 'z' }
	switch letters := strings.TrimSpace(string(entry[4:8])); {
	case letters == "mp4a":
		return objectCodec(entry, "aac")
	case letters == "mp4v":
		return objectCodec(entry, "mpeg4")
	case codecs[letters] != "":
		return codecs[letters]
	case letters == "" || strings.ContainsFunc(letters, odd):
		return "unknown"
	default:
		return letters
	}
}

// objectCodec looks for the object type in the elementary stream descriptor of a sample description (ISO/IEC 14496-1, 7.2.6).
func objectCodec(entry []byte, usual string) string {
	at := bytes.Index(entry, []byte("esds"))
	if at < 0 {
		return usual
	}
	p := descriptor(entry[min(at+8, len(entry)):], 3)
	flags, skip := field(p, 2, 1), 3
	if flags&0x80 != 0 {
		skip += 2
	}
	if flags&0x40 != 0 {
		skip += 1 + int(field(p, skip, 1))
	}
	if flags&0x20 != 0 {
		skip += 2
	}
	config := descriptor(p[min(skip, len(p)):], 4)
	if len(config) == 0 {
		return usual
	}
	if name, ok := objects[config[0]]; ok {
		return name
	}
	return "unknown"
}

// descriptor returns what follows the head of a descriptor with this tag, nil where another one stands.
func descriptor(p []byte, tag byte) []byte {
	if len(p) == 0 || p[0] != tag {
		return nil
	}
	for i, b := range p[1:] {
		if b&0x80 == 0 { // the last byte of its length
			return p[i+2:]
		}
	}
	return nil
}

// brandContainer is our name for a major brand; files without one are QuickTime's.
func brandContainer(brand string) string {
	switch {
	case brand == "" || brand == "qt  ":
		return "mov"
	case brand == "M4A " || brand == "M4B " || brand == "M4P ":
		return "m4a"
	case strings.HasPrefix(brand, "3g"):
		return "3gp"
	default:
		return "mp4"
	}
}

// deep reports whether an H.264 sample description is of a profile beyond High: High 10, 4:2:2, 4:4:4 or their intra kind.
func deep(entry []byte) bool {
	at := bytes.Index(entry, []byte("avcC"))
	return at >= 0 && slices.Contains([]uint64{44, 110, 122, 244}, field(entry, at+5, 1))
}
