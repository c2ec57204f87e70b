package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// stage is where contenders stand that are processes of their own.
type stage struct {
	span     time.Duration // how long each server is loaded in a turn
	progress io.Writer
	folder   string            // for what is built and written; it goes when the stage is closed
	ends     []func()          // of all that was started
	built    map[string]string // our binaries by their names
	notes    []string          // for the reader of the table
}

func newStage(span time.Duration, progress io.Writer) (*stage, error) {
	folder, err := os.MkdirTemp("", "roughy-bench-")
	if err != nil {
		return nil, err
	}
	return &stage{span: span, progress: progress, folder: folder, built: map[string]string{}}, nil
}

// close ends all that was started, the last first, and leaves nothing behind.
func (s *stage) close() error {
	for len(s.ends) > 0 {
		last := len(s.ends) - 1
		s.ends[last]()
		s.ends = s.ends[:last]
	}
	return os.RemoveAll(s.folder)
}

// serve starts a server that ends with the stage.
func (s *stage) serve(ctx context.Context, p program) (*server, error) {
	started, err := p.serve(ctx)
	if err == nil {
		s.ends = append(s.ends, started.close)
	}
	return started, err
}

// serveRole starts the bench once more, in a role that listens.
func (s *stage) serveRole(ctx context.Context, role string, args ...string) (*server, error) {
	p, err := inRole(role, args...)
	if err != nil {
		return nil, err
	}
	return s.serve(ctx, p)
}

// note is for the reader of the table.
func (s *stage) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// build makes one of our binaries, once.
func (s *stage) build(ctx context.Context, name string) (string, error) {
	if path := s.built[name]; path != "" {
		return path, nil
	}
	fmt.Fprintf(s.progress, "getting ready: go build cmd/%s\n", name)
	path := filepath.Join(s.folder, name)
	p := program{path: "go", args: []string{"-C", "../..", "build", "-o", path, "./cmd/" + name}, env: []string{"CGO_ENABLED=0"}}
	if out, err := p.command(ctx).CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("build %s: %w", name, err), errors.New(string(out)))
	}
	s.built[name] = path
	return path, nil
}
