package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// mostAside is how many writes wait for whoever reads them.
const mostAside = 10_000

// aside writes in its own time, so that nobody who writes waits for who reads: a terminal that is paused, a pipe that is full. What
// waits is bounded; then it fails for good.
type aside struct {
	texts  chan []byte
	failed chan error // of the writer beneath; closed when all is written
}

func newAside(w io.Writer) *aside {
	a := &aside{texts: make(chan []byte, mostAside), failed: make(chan error, 1)}
	go func() {
		defer close(a.failed)
		for text := range a.texts {
			if _, err := w.Write(text); err != nil {
				a.failed <- fmt.Errorf("stdout: %w", err)
				return
			}
		}
	}()
	return a
}

var errUnread = errors.New("stdout: nobody reads it")

// Write implements io.Writer. It never waits.
func (a *aside) Write(p []byte) (int, error) {
	select {
	case a.texts <- bytes.Clone(p):
		return len(p), nil
	default:
		return 0, errUnread
	}
}

// close gives what waits a moment to be written. Nothing is written after it.
func (a *aside) close() error {
	close(a.texts)
	select {
	case err := <-a.failed:
		return err
	case <-time.After(stopTime):
		return errUnread
	}
}
