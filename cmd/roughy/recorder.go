package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/traffic"
)

// recorder writes what passes into a HAR file; nil writes nowhere.
type recorder struct {
	file *os.File
	har  *traffic.Writer
}

// newRecorder makes the file. Nobody else may read it: it holds no secrets, but what was asked and answered.
func newRecorder(path string) (*recorder, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	return &recorder{f, traffic.NewWriter(f, traffic.Creator{Name: "roughy", Version: version()})}, nil
}

func (r *recorder) add(seen intercept.Seen) {
	if r == nil {
		return
	}
	e := traffic.Entry{Exchange: seen.Exchange, Request: seen.Request.Header, Elapsed: seen.Elapsed}
	if seen.Err != nil {
		e.Problem = clean(seen.Err.Error())
	}
	_ = r.har.Add(e) // close says it again
}

func (r *recorder) close() error {
	if r == nil {
		return nil
	}
	if err := errors.Join(r.har.Close(), r.file.Close()); err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	return nil
}
