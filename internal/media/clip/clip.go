// Package clip holds a real clip for the demo and for tests: 2 seconds of colour bars with a white square that moves along
// a wave, and a tone; H.264 at 320x180 and 25 pictures a second, AAC in mono.
package clip

import _ "embed"

// MP4 is the whole file. It must not be changed. ffmpeg 5.1 made it, byte for byte, by
//
//	ffmpeg -f lavfi -i smptebars=size=320x180:rate=25:duration=2 -f lavfi -i sine=frequency=440:sample_rate=44100:duration=2 \
//	  -filter_complex "color=white:size=24x24:rate=25:duration=2[b];[0][b]overlay=x=20+t*128:y=60+30*sin(t*6):shortest=1[v]" \
//	  -map "[v]" -map 1:a -c:v libx264 -preset veryslow -crf 24 -pix_fmt yuv420p -profile:v main -c:a aac -b:a 24k -ac 1 \
//	  -movflags +faststart -fflags +bitexact -flags:v +bitexact -flags:a +bitexact clip.mp4
//
//go:embed clip.mp4
var MP4 []byte
