package api

import (
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	stepTime  = time.Minute
	stepBytes = 1 << 20
)

// Steady lets an answer of next take as long as it needs, beyond the limits of NewHTTPServer, while it goes on: each mebibyte
// of it, and each piece that next writes, has a minute to leave. It is for links, whose files may be long and whose clients may
// be slow. A file that is sent by io.Copy is still sent by the kernel.
func Steady(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &steady{w, http.NewResponseController(w)}
		if r.ContentLength == 0 { // else a body could come in as slowly as it wants
			_ = s.control.SetReadDeadline(time.Time{}) // net/http takes it for the client's going away
		}
		s.extend()
		next.ServeHTTP(s, r)
		s.extend() // for what is still in net/http's buffer
	})
}

// steady is an answer whose deadline moves with it.
type steady struct {
	http.ResponseWriter
	control *http.ResponseController
}

// Unwrap lets http.ResponseController reach the writer below.
func (s *steady) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// extend has no effect on a connection that has no deadlines, as in a test, or is gone.
func (s *steady) extend() { _ = s.control.SetWriteDeadline(time.Now().Add(stepTime)) }

func (s *steady) Write(b []byte) (int, error) {
	s.extend()
	return s.ResponseWriter.Write(b)
}

// ReadFrom implements io.ReaderFrom. It sends in steps, each of which is a single limited reader: no other gets to the kernel.
func (s *steady) ReadFrom(from io.Reader) (n int64, err error) {
	most, limited := int64(-1), (*io.LimitedReader)(nil)
	if l, ok := from.(*io.LimitedReader); ok {
		from, most, limited = l.R, l.N, l
	}
	for most != 0 {
		step := int64(stepBytes)
		if most > 0 {
			step = min(step, most)
		}
		s.extend()
		sent, err := io.CopyN(s.ResponseWriter, from, step)
		n += sent
		if limited != nil {
			most -= sent
			limited.N = most
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
