package main

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/traffic"
)

// harFile writes what passes into a HAR file; nil writes nowhere.
type harFile struct {
	file *os.File
	har  *traffic.Writer
	turn sync.Mutex // one at a time: a body may be much longer once it is decoded
}

// newHARFile makes the file. Nobody else may read it: it holds no secrets, but what was asked and answered.
func newHARFile(path string) (*harFile, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	return &harFile{file: f, har: traffic.NewWriter(f, traffic.Creator{Name: "roughy", Version: version()})}, nil
}

func (h *harFile) add(seen intercept.Seen) {
	if h == nil {
		return
	}
	e := traffic.Entry{Exchange: seen.Exchange, Request: seen.Request.Header, Elapsed: seen.Elapsed}
	if seen.Err != nil {
		e.Problem = clean(seen.Err.Error())
	}
	h.turn.Lock()
	defer h.turn.Unlock()
	_ = h.har.Add(e) // close says it again
}

func (h *harFile) close() error {
	if h == nil {
		return nil
	}
	if err := errors.Join(h.har.Close(), h.file.Close()); err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	return nil
}
