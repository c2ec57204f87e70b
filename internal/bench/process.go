package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// Whoever does not listen within startTime never will, and whoever does not end within stopTime is killed.
const (
	startTime = 30 * time.Second
	stopTime  = 3 * time.Second
)

// program is what a process is started from.
type program struct {
	path     string
	args     []string
	env      []string // beside our own
	onStderr bool     // says there, not on stdout, where it listens; the other one is not read
	address  string   // where it listens, if it does not say
	log      string   // the file for what it says on stderr; "" is nowhere
}

// command is the program as a process that a signal ends when ctx does.
func (p program) command(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, p.args...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopTime
	return cmd
}

// output runs the program to its end and gives what it wrote to stdout, without the space around it. What it wrote to stderr is
// in the error.
func (p program) output(ctx context.Context) (string, error) {
	out, err := p.command(ctx).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		err = fmt.Errorf("%w: %.300s", err, bytes.TrimSpace(exit.Stderr))
	}
	return string(bytes.TrimSpace(out)), err
}

// server is a process that listens on this machine.
type server struct {
	url   string
	pid   int
	stop  context.CancelFunc
	ended chan struct{}
}

// serve starts the program and waits until it listens. The server ends with ctx at the latest.
func (p program) serve(ctx context.Context) (*server, error) {
	running, stop := context.WithCancel(ctx)
	s := &server{stop: stop, ended: make(chan struct{})}
	said, err := p.start(running, s)
	if err != nil {
		stop()
		return nil, err
	}
	var text string
	select {
	case text = <-said:
	case <-time.After(startTime):
	}
	if s.url = localURL.FindString(text); s.url == "" {
		s.close()
		return nil, errors.Join(fmt.Errorf("%s does not listen: %.300s", filepath.Base(p.path), text), ctx.Err())
	}
	return s, nil
}

// start runs the program until ctx ends. What it gives is a text that holds where the program listens, or does not if the
// program has ended before.
func (p program) start(ctx context.Context, s *server) (<-chan string, error) {
	cmd := p.command(ctx)
	pipe := cmd.StdoutPipe
	if p.onStderr {
		pipe = cmd.StderrPipe
	}
	out, err := pipe()
	if err != nil {
		return nil, err
	}
	if p.log != "" {
		file, err := os.Create(p.log)
		if err != nil {
			return nil, err
		}
		defer file.Close() // the process has it
		cmd.Stderr = file
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s.pid = cmd.Process.Pid
	said := make(chan string, 2)
	if p.address != "" {
		go func() { said <- whenListening(ctx, p.address) }()
	}
	go func() {
		defer close(s.ended)
		said <- untilURL(out)
		_, _ = io.Copy(io.Discard, out) // unread, it would make the process wait
		_ = cmd.Wait()                  // a signal ends it, which Wait takes for an error
	}()
	return said, nil
}

// close returns when the process has ended.
func (s *server) close() {
	s.stop()
	<-s.ended
}

// whenListening is the address as a URL, once anybody listens there; "" when ctx ends before.
func whenListening(ctx context.Context, address string) string {
	for tries := time.NewTicker(20 * time.Millisecond); ; {
		if conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address); err == nil {
			_ = conn.Close() // nothing was sent
			return "http://" + address
		}
		select {
		case <-tries.C:
		case <-ctx.Done():
			return ""
		}
	}
}

// localURL is how a server says where it listens.
var localURL = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// untilURL is all that a server says up to the line with its address, or to its end.
func untilURL(out io.Reader) string {
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if localURL.MatchString(lines.Text()) {
			break
		}
	}
	return said.String()
}
