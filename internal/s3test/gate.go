package s3test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// Gate is a way to a server that can be shut: to who goes through it the server is gone then, while it ends what it was asked for
// and forgets nothing, as one does that a network has lost. It is safe for concurrent use.
type Gate struct {
	Endpoint string // http://127.0.0.1:PORT

	server *Server
	passed sync.WaitGroup

	mu    sync.Mutex
	shut  bool
	conns map[net.Conn]bool
}

// Gate makes a gate, which is open until the test ends.
func (s *Server) Gate(t testing.TB) *Gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("make gate: %v", err)
	}
	g := &Gate{Endpoint: "http://" + l.Addr().String(), server: s, conns: map[net.Conn]bool{}}
	t.Cleanup(func() {
		_ = l.Close()
		g.Shut()
		g.passed.Wait()
	})
	g.passed.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			g.passed.Go(func() { g.pass(conn) })
		}
	})
	return g
}

// Bucket makes a new bucket of the server and returns its URL through the gate.
func (g *Gate) Bucket(t testing.TB) string {
	t.Helper()
	return bucketURL(g.server.makeBucket(t), g.Endpoint)
}

// Shut cuts off whoever is on the gate, and whoever comes.
func (g *Gate) Shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = true
	for conn := range g.conns {
		_ = conn.Close()
	}
}

// Open lets everybody through again.
func (g *Gate) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = false
}

// pass hands on what goes either way until one end is gone.
func (g *Gate) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", strings.TrimPrefix(g.server.Endpoint, "http://"))
	if err != nil {
		return
	}
	defer server.Close()
	defer g.leave(client, server)
	if !g.enter(client, server) {
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		defer client.Close()
		_, _ = io.Copy(client, server)
	})
	_, _ = io.Copy(server, client)
	_ = server.Close()
	back.Wait()
}

func (g *Gate) enter(ends ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, conn := range ends {
		g.conns[conn] = true
	}
	return !g.shut
}

func (g *Gate) leave(ends ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, conn := range ends {
		delete(g.conns, conn)
	}
}
