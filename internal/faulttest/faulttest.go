// Package faulttest is a server that misbehaves as it is told, byte for byte, for tests of whoever has to stand that.
//
// Serve answers each request by a list of steps, which are written to the connection as they are: net/http has no part in it, and
// mends nothing. A list that is done leaves the connection open for the next request; Cut and Reset end it.
//
//	url := faulttest.Serve(t, faulttest.Head("200 OK", "Content-Length: 9"), faulttest.Text("half"), faulttest.Reset())
//
// Play chooses the steps by the request. Dialer is Play without a socket, for the virtual time of testing/synctest.
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
type Step func(ctx context.Context, c net.Conn) error

// Plan is what a server does in answer to a request, whose body has come. It is called from many goroutines if there are many
// connections.
type Plan func(r *http.Request) []Step

// Serve listens on a free port of 127.0.0.1 until the test is over, and answers every request, once its body has come, by the
// steps. It returns the server's URL, without a path.
func Serve(t testing.TB, steps ...Step) string {
	t.Helper()
	return Play(t, func(*http.Request) []Step { return steps })
}

// Play is Serve by a plan.
func Play(t testing.TB, plan Plan) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	s := newServer(t, plan)
	s.running.Go(func() { s.accept(listener) })
	t.Cleanup(func() {
		_ = listener.Close()
		s.close()
	})
	return "http://" + listener.Addr().String()
}

// Dialer returns what connects to a server in memory, until the test is over: for DialContext and, as https without TLS,
// DialTLSContext of an http.Transport. A connection holds no byte that was not read, and knows no reset: Reset is Cut.
func Dialer(t testing.TB, plan Plan) func(ctx context.Context, network, address string) (net.Conn, error) {
	t.Helper()
	s := newServer(t, plan)
	t.Cleanup(s.close)
	return func(context.Context, string, string) (net.Conn, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.closed {
			return nil, net.ErrClosed
		}
		near, far := net.Pipe()
		s.running.Go(func() { s.serve(far) })
		return near, nil
	}
}

type server struct {
	ctx     context.Context // of the test
	plan    Plan
	running sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]bool
	closed bool
}

func newServer(t testing.TB, plan Plan) *server {
	return &server{ctx: t.Context(), plan: plan, open: map[net.Conn]bool{}}
}

func (s *server) accept(listener net.Listener) {
	for {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		s.running.Go(func() { s.serve(c) })
	}
}

func (s *server) serve(c net.Conn) {
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
		for _, step := range s.plan(req) {
			if step(s.ctx, c) != nil {
				return
			}
		}
	}
}

// track keeps the connections that are open, and closes those that are not to be.
func (s *server) track(c net.Conn, open bool) bool {
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

// close ends all connections, and what was done on them.
func (s *server) close() {
	s.mu.Lock()
	s.closed = true
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}
