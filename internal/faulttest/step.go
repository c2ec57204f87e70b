package faulttest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"
)

var errOver = errors.New("connection over")

// Text writes a text.
func Text(text string) Step {
	return func(_ context.Context, c net.Conn) error {
		_, err := io.WriteString(c, text)
		return err
	}
}

// Head writes a status line, headers (each a whole line without its end) and the empty line.
func Head(status string, headers ...string) Step {
	return Text("HTTP/1.1 " + status + "\r\n" + strings.Join(slices.Concat(headers, []string{"", ""}), "\r\n"))
}

// Drip writes a text in packets of one byte.
func Drip(text string) Step {
	return func(_ context.Context, c net.Conn) error {
		for i := range len(text) {
			if _, err := c.Write([]byte{text[i]}); err != nil {
				return err
			}
		}
		return nil
	}
}

// Pace writes a text byte by byte, with a pause before each.
func Pace(pause time.Duration, text string) Step {
	return func(ctx context.Context, c net.Conn) error {
		for i := range len(text) {
			if err := Delay(pause)(ctx, c); err != nil {
				return err
			}
			if _, err := c.Write([]byte{text[i]}); err != nil {
				return err
			}
		}
		return nil
	}
}

// Chunks writes each part as one chunk, without the end of the chunks, which is Text("0\r\n\r\n").
func Chunks(parts ...string) Step {
	var out strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&out, "%x\r\n%s\r\n", len(part), part)
	}
	return Text(out.String())
}

// Endless writes a text again and again, until the other side has gone or the test is over.
func Endless(text string) Step {
	return func(_ context.Context, c net.Conn) error {
		for {
			if _, err := io.WriteString(c, text); err != nil {
				return err
			}
		}
	}
}

// Repeat does a step n times.
func Repeat(n int, step Step) Step {
	return func(ctx context.Context, c net.Conn) error {
		for range n {
			if err := step(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}
}

// Bomb writes an answer of JSON in gzip, which is n spaces once that is undone, and a thousandth of them before.
func Bomb(n int64) Step {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped) // into memory, which takes all
	_, _ = io.CopyN(z, spaces{}, n)
	_ = z.Close()
	head := Head("200 OK", "Content-Type: application/json", "Content-Encoding: gzip", fmt.Sprintf("Content-Length: %d", zipped.Len()))
	return func(ctx context.Context, c net.Conn) error {
		if err := head(ctx, c); err != nil {
			return err
		}
		_, err := c.Write(zipped.Bytes())
		return err
	}
}

type spaces struct{}

// Read implements io.Reader.
func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// Wait does nothing until the gate is closed, or has something to receive.
func Wait(gate <-chan struct{}) Step {
	return func(ctx context.Context, _ net.Conn) error {
		select {
		case <-gate:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Delay does nothing for a while.
func Delay(d time.Duration) Step {
	return func(ctx context.Context, _ net.Conn) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Cut closes the connection, after what was written has been sent.
func Cut() Step {
	return func(_ context.Context, c net.Conn) error {
		_ = c.Close()
		return errOver
	}
}

// Reset ends the connection by a TCP reset. What was written before may be lost on its way.
func Reset() Step {
	return func(_ context.Context, c net.Conn) error {
		if socket, ok := c.(*net.TCPConn); ok {
			_ = socket.SetLinger(0)
		}
		_ = c.Close()
		return errOver
	}
}
