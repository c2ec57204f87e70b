package roughytest

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// dialer is how an http.Transport makes a connection.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// transport makes all connections by dial, those of https too, without TLS on them.
func transport(dial dialer) *http.Transport {
	return &http.Transport{DialContext: dial, DialTLSContext: dial}
}

// socketTransport reaches one address alone.
func socketTransport(to net.Addr) *http.Transport {
	return transport(func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, to.Network(), to.String())
	})
}

// memoryTransport reaches h over a pipe for each request. What serves it is started by the request and ends with its answer, so
// that all of it is in the bubble that the request was made in.
func memoryTransport(h http.Handler) *http.Transport {
	t := transport(func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			_ = (&http.Server{Handler: h}).Serve(&single{conn: server}) // ends with net.ErrClosed
		}()
		return client, nil
	})
	t.DisableKeepAlives = true
	return t
}

// single is a listener with one connection.
type single struct {
	once sync.Once
	conn net.Conn
}

// Accept implements net.Listener.
func (s *single) Accept() (net.Conn, error) {
	conn, err := net.Conn(nil), net.ErrClosed
	s.once.Do(func() { conn, err = s.conn, nil })
	return conn, err
}

// Close implements net.Listener. The connection lives on.
func (s *single) Close() error { return nil }

// Addr implements net.Listener.
func (s *single) Addr() net.Addr { return s.conn.LocalAddr() }
