package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/report"
)

// tick is how often a live line is drawn again.
const tick = 200 * time.Millisecond

// progress tells how far a render is. On a terminal that is one line, drawn again and again: state, time elapsed, reads.
// Elsewhere it is one line for each change of the state.
type progress struct {
	w       io.Writer
	live    bool
	started time.Time
	reads   func() int
	stopped chan struct{}
	drawn   sync.WaitGroup

	mu    sync.Mutex
	state roughy.State // "" before the first answer
}

func newProgress(w io.Writer, live bool, reads func() int) *progress {
	p := &progress{w: w, live: live, started: time.Now(), reads: reads, stopped: make(chan struct{})}
	if live {
		p.drawn.Go(p.keepDrawing)
	}
	return p
}

// change takes the state of the latest read.
func (p *progress) change(s roughy.State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := s != p.state
	p.state = s
	switch {
	case p.live:
		p.draw()
	case changed:
		fmt.Fprintln(p.w, p.line())
	}
}

// stop leaves the line for whatever comes next. On a terminal, that is the last state reached.
func (p *progress) stop() {
	close(p.stopped)
	p.drawn.Wait()
	if !p.live {
		return
	}
	p.draw()
	fmt.Fprintln(p.w)
}

func (p *progress) keepDrawing() {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		p.mu.Lock()
		p.draw()
		p.mu.Unlock()
		select {
		case <-ticker.C:
		case <-p.stopped:
			return
		}
	}
}

func (p *progress) draw() { fmt.Fprintf(p.w, "\r\x1b[K%s", p.line()) }

func (p *progress) line() string {
	state := "asking"
	if p.state != "" {
		state = report.Printable(string(p.state))
	}
	reads := "1 read"
	if n := p.reads(); n != 1 {
		reads = fmt.Sprintf("%d reads", n)
	}
	return fmt.Sprintf("%s  %s  %s", state, time.Since(p.started).Truncate(time.Second/10), reads)
}
