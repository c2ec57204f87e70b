// Package faulttest is a server that misbehaves as it is told, byte for byte, for tests of whoever has to stand that.
//
// Serve answers each request by a list of steps, which are written to the connection as they are: net/http has no part in it, and
// mends nothing. A list that is done leaves the connection open for the next request; Cut and Reset end it.
//
//	url := faulttest.Serve(t, faulttest.Head("200 OK", "Content-Length: 9"), faulttest.Text("half"), faulttest.Reset())
package faulttest

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Step is one thing that the server does in an answer. After an error nothing more is done on the connection. The context is the
// test's.
type Step func(ctx context.Context, c *net.TCPConn) error

// Serve listens on a free port of 127.0.0.1 until the test is over, and answers every request, once its body has come, by the
// steps. It returns the server's URL, without a path.
func Serve(t testing.TB, steps ...Step) string {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	s := &server{ctx: t.Context(), steps: steps, open: map[*net.TCPConn]bool{}}
	s.running.Go(func() { s.accept(listener) })
	t.Cleanup(func() {
		_ = listener.Close()
		s.close()
		s.running.Wait()
	})
	return "http://" + listener.Addr().String()
}

type server struct {
	ctx     context.Context // of the test
	steps   []Step
	running sync.WaitGroup

	mu     sync.Mutex
	open   map[*net.TCPConn]bool
	closed bool
}

func (s *server) accept(listener *net.TCPListener) {
	for {
		c, err := listener.AcceptTCP()
		if err != nil {
			return
		}
		s.running.Go(func() { s.serve(c) })
	}
}

func (s *server) serve(c *net.TCPConn) {
	if !s.track(c, true) {
		return
	}
	defer s.track(c, false)
	in := bufio.NewReader(c)
	for {
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return
		}
		for _, step := range s.steps {
			if step(s.ctx, c) != nil {
				return
			}
		}
	}
}

// track keeps the connections that are open, and closes those that are not to be.
func (s *server) track(c *net.TCPConn, open bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if open && !s.closed {
		s.open[c] = true
		return true
	}
	delete(s.open, c)
	_ = c.Close()
	return false
}

func (s *server) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.open {
		_ = c.Close()
	}
}
