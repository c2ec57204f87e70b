package main

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/roughy-go/roughy"
)

// grace is how long a download may take to let go of the disk, or of a pipe that nobody reads, once it is to end.
const grace = time.Second

// transfer is one download, and tells how it goes: on a terminal by a bar, elsewhere by a line where it goes on from an earlier
// one.
type transfer struct {
	w       io.Writer // takes whole lines
	bar     *bar      // nil where there is no terminal
	render  *roughy.Render
	stream  bool // what was written cannot be taken back
	begun   bool
	written atomic.Int64
}

func (p *program) newTransfer() *transfer {
	if !onTerminal(p.stderr) {
		return &transfer{w: p.stderr}
	}
	b := &bar{terminal: p.stderr}
	return &transfer{w: b, bar: b}
}

// total is the length of the output; -1 if the render does not say.
func (t *transfer) total() int64 {
	if t.render.SizeBytes == nil {
		return -1
	}
	return *t.render.SizeBytes
}

// fetched takes what a link's host answered to being asked for the bytes after from.
func (t *transfer) fetched(status int, from int64) {
	switch {
	case status == http.StatusPartialContent && from > 0 && !t.begun:
		t.begin(from, "going on from "+share(from, t.total()))
	case status == http.StatusOK && from > 0 && !t.stream:
		t.begin(0, "starting over: the link's host does not go on from "+share(from, t.total()))
	case status == http.StatusOK:
		t.begin(0, "")
	}
}

func (t *transfer) begin(from int64, line string) {
	t.begun = true
	if t.bar != nil {
		t.bar.begin(from)
	}
	if line != "" && (t.bar == nil || from == 0) { // a bar shows itself where it begins
		sayTo(t.w, line)
	}
}

// progress is what roughy.WithProgress calls.
func (t *transfer) progress(written, total int64) {
	t.written.Store(written)
	if t.bar != nil {
		t.bar.show(written, total)
	}
}

// outcome is how a download ended: how many bytes there are, and why no more.
type outcome struct {
	bytes int64
	err   error
}

// run does the download. It does not wait long for one that ctx cannot end, such as a write to a pipe that nobody reads.
func (t *transfer) run(ctx context.Context, do func() (int64, error)) outcome {
	if t.bar != nil {
		defer t.bar.stop()
	}
	done := make(chan outcome, 1)
	go func() {
		n, err := do()
		done <- outcome{n, err}
	}()
	select {
	case o := <-done:
		return o
	case <-ctx.Done():
	}
	select {
	case o := <-done:
		return o
	case <-time.After(grace):
		return outcome{t.written.Load(), ctx.Err()}
	}
}
