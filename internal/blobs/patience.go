package blobs

import (
	"context"
	"errors"
	"net"
	"os"
	"time"
)

// dialer makes connections that break when nothing goes over them for so long. A limit for a whole request would not do: a large
// upload may take hours. Nor would one for an answer: S3 may fall silent while it takes an upload, or within what it gives.
func dialer(patience time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, network, address)
		if late, ok := errors.AsType[*net.OpError](err); ok && late.Timeout() && ctx.Err() == nil {
			late.Err = os.ErrDeadlineExceeded // what net says is to errors.Is the end of a context, and none has ended
		}
		if err != nil {
			return nil, err
		}
		return &conn{c, patience}, nil
	}
}

type conn struct {
	net.Conn
	patience time.Duration
}

func (c *conn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write also gives the reader time anew, who waits for an answer all along.
func (c *conn) Write(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
