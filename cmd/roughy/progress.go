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

// progress tells how far a render is. On a terminal that is one line, drawn again and again: state, time elapsed, attempts, and why
// there has to be another one. Elsewhere it is one line for each change of the state. What is written to it comes above the line.
type progress struct {
	w       io.Writer
	live    bool
	started time.Time
	stopped chan struct{}
	drawn   sync.WaitGroup

	mu       sync.Mutex
	state    roughy.State // "" before the first answer
	attempts int          // that have ended
	problem  string       // of the last attempt; "" if there was none
	due      time.Time    // of the next attempt, if there was a problem
}

func newProgress(w io.Writer, live bool) *progress {
	return &progress{w: w, live: live, stopped: make(chan struct{})}
}

// start draws the first line.
func (p *progress) start() {
	p.started = time.Now()
	if p.live {
		p.drawn.Go(p.keepDrawing)
	}
}

// read counts an attempt.
func (p *progress) read() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.attempts++
	p.problem = ""
}

// again takes why another attempt is made, and when.
func (p *progress) again(status int, pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problem, p.due = "no answer", time.Now().Add(pause)
	if status != 0 {
		p.problem = fmt.Sprint(status)
	}
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

// Write implements io.Writer for whole lines.
func (p *progress) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.live {
		return p.w.Write(line)
	}
	fmt.Fprint(p.w, "\r\x1b[K")
	n, err := p.w.Write(line)
	p.draw()
	return n, err
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

// draw cuts the line to the terminal's width of the moment: one that wraps could not be drawn over.
func (p *progress) draw() {
	line := p.line()
	if width := widthOf(p.w); width > 0 && len(line) >= width {
		line = line[:width-1]
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", line)
}

func (p *progress) line() string {
	state := "asking"
	if p.state != "" {
		state = report.Printable(string(p.state))
	}
	line := state + "  " + brief(time.Since(p.started))
	switch p.attempts {
	case 0: // the first is under way
	case 1:
		line += "  1 attempt"
	default:
		line += fmt.Sprintf("  %d attempts", p.attempts)
	}
	if p.problem != "" {
		line += fmt.Sprintf("  %s, again in %s", p.problem, brief(max(time.Until(p.due), 0)))
	}
	return line
}

// brief is a time as a line has it that is drawn again and again: 0.4s, 12.0s, 1m2s.
func brief(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1fs", d.Truncate(time.Second/10).Seconds())
	}
	return d.Truncate(time.Second).String()
}
