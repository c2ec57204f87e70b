package store

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// wired makes the connections of a dialer wires.
func wired(dial pgconn.DialFunc) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return wire{conn}, nil
	}
}

// wire is a connection to a Postgres server, whose errors are told from those of other connections by their type.
type wire struct{ net.Conn }

// wireError is what broke on a wire.
type wireError struct{ *net.OpError }

func (e wireError) Unwrap() error { return e.OpError }

// Read takes the connection's end for what it is: a server says before that it will end one.
func (w wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if err == io.EOF {
		err = &net.OpError{Op: "read", Net: w.RemoteAddr().Network(), Source: w.LocalAddr(), Addr: w.RemoteAddr(), Err: io.ErrUnexpectedEOF}
	}
	return n, marked(err)
}

func (w wire) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	return n, marked(err)
}

func marked(err error) error {
	if broken, ok := errors.AsType[*net.OpError](err); ok {
		return wireError{broken}
	}
	return err
}
