package main

import (
	"io"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bar shows on a terminal how much of a download has come, how fast, and how long the rest will take.
type bar struct {
	container *mpb.Progress
	bar       *mpb.Bar // nil before the first bytes
}

func newBar(terminal io.Writer) *bar {
	return &bar{container: mpb.New(mpb.WithOutput(terminal), mpb.WithAutoRefresh())}
}

// show has the signature that roughy.WithProgress asks for; total is -1 if nobody knows it.
func (b *bar) show(written, total int64) {
	if b.bar == nil {
		b.bar = b.container.AddBar(max(total, 0),
			mpb.PrependDecorators(decor.CountersKibiByte("% .1f / % .1f ")),
			mpb.AppendDecorators(decor.Percentage(decor.WCSyncSpace), decor.AverageSpeed(decor.SizeB1024(0), " % .1f"),
				decor.OnComplete(decor.AverageETA(decor.ET_STYLE_GO, decor.WCSyncSpace), "")),
		)
	}
	b.bar.SetCurrent(written)
}

// stop leaves the bar as it is, complete or not, and the terminal to others.
func (b *bar) stop() {
	if b.bar != nil {
		b.bar.Abort(false) // which a complete one ignores
	}
	b.container.Wait()
}
