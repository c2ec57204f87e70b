package media

import (
	"bytes"
	"strings"
)

// codecs are ffprobe's names for the sample descriptions of MP4 and QuickTime.
var codecs = map[string]string{
	"avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "dvh1": "hevc", "dvhe": "hevc", "av01": "av1", "vp08": "vp8",
	"vp09": "vp9", "mp4v": "mpeg4", "s263": "h263", "jpeg": "mjpeg", "mjpa": "mjpeg", "apco": "prores", "apcs": "prores",
	"apcn": "prores", "apch": "prores", "ap4h": "prores", "ap4x": "prores", "AVdn": "dnxhd", "AVdh": "dnxhd",
	"ac-3": "ac3", "ec-3": "eac3", "Opus": "opus", "fLaC": "flac", "alac": "alac", ".mp3": "mp3", "samr": "amr_nb",
	"sawb": "amr_wb", "sowt": "pcm_s16le", "twos": "pcm_s16be", "in24": "pcm_s24be", "fl32": "pcm_f32be",
	"ulaw": "pcm_mulaw", "alaw": "pcm_alaw",
}

// objects are ffprobe's names for the object types of an MPEG-4 sound description (mp4ra.org).
var objects = map[byte]string{0x40: "aac", 0x66: "aac", 0x67: "aac", 0x68: "aac", 0x69: "mp3", 0x6b: "mp3", 0xa5: "ac3", 0xa6: "eac3"}

// codecOf is a codec's name by the four letters of its sample description; letters that nobody knows are their own name.
func codecOf(letters string) string {
	if name, ok := codecs[letters]; ok {
		return name
	}
	odd := func(r rune) bool { return r < '0' || r > 'z' }
	if letters == "" || strings.ContainsFunc(letters, odd) {
		return "unknown"
	}
	return letters
}

// objectCodec looks into an mp4a sample description for the object type in its elementary stream descriptor (ISO/IEC 14496-1,
// 7.2.6). Without one it is AAC.
func objectCodec(entry []byte) string {
	at := bytes.Index(entry, []byte("esds"))
	if at < 0 {
		return "aac"
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
		return "aac"
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
