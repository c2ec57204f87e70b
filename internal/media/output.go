package media

import (
	"fmt"
	"os"
	"time"

	"github.com/roughy-go/roughy"
)

// checkOutput looks at what came out: ffmpeg is content when nothing did, and when the source broke off.
func (t Task) checkOutput(complaint string) error {
	f, err := os.Open(t.Output)
	if err != nil {
		return fmt.Errorf("open output: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("output: %w", err)
	}
	var said error
	if complaint != "" {
		said = fmt.Errorf("ffmpeg: %s", complaint)
	}
	length, there := t.made(f, info.Size())
	switch {
	case !there:
		return &Error{Code: CodeEncodeFailed, Message: "nothing came of encoding the source: check that it plays, and export it again", Err: said}
	case said != nil && length < t.length()/10*9: // without a complaint it was only its other tracks that are longer
		return &Error{Code: CodeSourceTruncated, Message: "the source breaks off before its end: check that it plays to it, and export it again", Err: said}
	default:
		return nil
	}
}

// made is how long the output's pictures last, or its sound where there are none, and whether there is anything of them.
func (t Task) made(f *os.File, size int64) (length time.Duration, there bool) {
	if t.Format() == roughy.FormatMP3 {
		return clock{scale: uint64(mp3Rate(t.audioBitrate())), length: uint64(size) * 8}.duration(), size > 0
	}
	boxes := &walker{from: f, size: size}
	if _, err := boxes.source(); err != nil {
		return 0, false
	}
	for _, made := range boxes.tracks {
		if made.kind == "vide" || !t.pictures() {
			return clock{scale: made.clock.scale, length: made.ticks}.duration(), made.samples > 0
		}
	}
	return 0, false
}
