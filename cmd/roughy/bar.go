package main

import (
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bar shows on a terminal how much of a download has come, how fast, and how long the rest will take. What is written to it comes
// above the bar.
type bar struct {
	terminal io.Writer

	mu        sync.Mutex
	container *mpb.Progress // nil before the first bytes and at the end
	bar       *mpb.Bar
	from      int64     // what was there before the first bytes
	started   time.Time // when those were about to come
	stopped   bool
}

// begin takes where the bytes begin that are about to come.
func (b *bar) begin(from int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end(true)
	b.from, b.started = from, time.Now()
}

// show has the signature that roughy.WithProgress asks for; total is -1 if nobody knows it.
func (b *bar) show(written, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped {
		return
	}
	if b.container == nil {
		b.container = mpb.New(mpb.WithOutput(b.terminal), mpb.WithAutoRefresh())
		b.bar = newBar(b.container, total, pace{b.from, b.started})
	}
	b.bar.SetCurrent(written)
}

func newBar(container *mpb.Progress, total int64, p pace) *mpb.Bar {
	came := decor.Any(func(s decor.Statistics) string { return share(s.Current, total) + " " })
	rate := decor.Any(func(s decor.Statistics) string { return " " + humanize.IBytes(uint64(p.rate(s))) + "/s" })
	if total < 0 {
		return container.New(0, mpb.NopStyle(), mpb.PrependDecorators(came, rate))
	}
	return container.AddBar(total, mpb.PrependDecorators(came),
		mpb.AppendDecorators(decor.Percentage(decor.WCSyncSpace), rate, decor.OnComplete(decor.Any(p.left), "")))
}

// pace is how fast bytes come that begin at from.
type pace struct {
	from    int64
	started time.Time
}

// rate is bytes a second.
func (p pace) rate(s decor.Statistics) float64 {
	return float64(max(s.Current-p.from, 0)) / time.Since(p.started).Seconds()
}

// left is how long the rest will take, as a bar shows it.
func (p pace) left(s decor.Statistics) string {
	seconds := math.Ceil(float64(s.Total-s.Current) / p.rate(s))
	if seconds > 1e6 { // or no bytes have come, or none are left
		return ""
	}
	return " " + (time.Duration(seconds) * time.Second).String()
}

// share is how much is there of how much; total is -1 if nobody knows it.
func share(written, total int64) string {
	if total < 0 {
		return humanize.IBytes(uint64(written))
	}
	return fmt.Sprintf("%s of %s", humanize.IBytes(uint64(written)), humanize.IBytes(uint64(total)))
}

// Write implements io.Writer for whole lines.
func (b *bar) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.container == nil {
		return b.terminal.Write(line)
	}
	return b.container.Write(line)
}

// stop leaves the bar as it is, complete or not, and the terminal to others.
func (b *bar) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end(false)
	b.stopped = true
}

// end takes the bar away, or leaves it as it is.
func (b *bar) end(away bool) {
	if b.container == nil {
		return
	}
	b.bar.Abort(away) // which a complete one ignores
	b.container.Wait()
	b.container = nil
}
