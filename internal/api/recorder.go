package api

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"
)

// call is what is known of a request on its way in. It is in the request's context, once for all, since each copy of a request
// costs as much as half of the contract's check.
type call struct {
	id      string
	started time.Time
	owner   string // whose key it was; "" before that is known
}

type callKey struct{}

// callOf is the call of a request's context; an empty one if that did not come by way of New.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// RequestID is the id of a request in a handler that Config.Around made, as the log and the client have it; "" elsewhere.
func RequestID(ctx context.Context) string { return callOf(ctx).id }

// fixed are the headers of every answer that has none of its own: nobody keeps it, and a browser makes nothing of it but JSON.
func fixed() http.Header {
	return http.Header{
		"Cache-Control":           {"no-store"},
		"Content-Security-Policy": {"default-src 'none'; frame-ancestors 'none'"},
		"Referrer-Policy":         {"no-referrer"},
		"X-Content-Type-Options":  {"nosniff"},
	}
}

// traced gives each request its id and each answer the fixed headers, and tells of both when it is over. What the client sent
// as a body is never read: its connection ends with the answer, so that nobody takes it for another request.
func traced(next http.Handler, l logger) http.Handler {
	fixed := fixed()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{id: rand.Text(), started: time.Now()}
		r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
		rec := &recorder{ResponseWriter: w, late: func(h http.Header) {
			for name, value := range fixed {
				if h[name] == nil {
					h[name] = value
				}
			}
			h["X-Request-Id"] = []string{c.id}
			if r.ContentLength != 0 {
				h["Connection"] = []string{"close"}
			}
		}}
		l.came()
		defer func() { l.answered(r, rec) }()
		defer func() { l.rescue(rec, r, recover()) }()
		next.ServeHTTP(rec, r)
		if !begun(rec) {
			rec.WriteHeader(http.StatusOK) // as net/http would, without the headers
		}
		if r.ContentLength != 0 { // net/http reads on to where the body should end, and would wait long for what never comes
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
		}
	})
}

// recovered answers 500 for a panic, or breaks the connection off where an answer has begun.
func recovered(next http.Handler, l logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		defer func() { l.rescue(rec, r, recover()) }()
		next.ServeHTTP(rec, r)
	})
}

// rescue does that with what a panic left, nil if there was none.
func (l logger) rescue(rec *recorder, r *http.Request, p any) {
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler || begun(rec) {
		rec.broken = true
		panic(http.ErrAbortHandler) // net/http's way to break a connection off
	}
	l.fail(rec, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
}

// recorder remembers the status that was sent; 0 while none was.
type recorder struct {
	http.ResponseWriter
	status int
	sent   int64             // bytes of the body
	broken bool              // the answer does not reach the client whole
	late   func(http.Header) // adds to the headers when they are sent; whoever stands below copies them until then
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader notes the first final status; 1xx are not final.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
		if w.late != nil {
			w.late(w.Header())
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	n, err := w.ResponseWriter.Write(b)
	w.wrote(int64(n), err)
	return n, err
}

// ReadFrom implements io.ReaderFrom, so that files are still sent by the kernel.
func (w *recorder) ReadFrom(from io.Reader) (int64, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	n, err := io.Copy(w.ResponseWriter, from)
	w.wrote(n, err)
	return n, err
}

func (w *recorder) wrote(n int64, err error) {
	w.sent += n
	w.broken = w.broken || err != nil
}

// lost reports whether the client did not get the answer. One who has left may have got the whole of it before.
func (w *recorder) lost(ctx context.Context) bool {
	return w.broken || ctx.Err() != nil && strconv.FormatInt(w.sent, 10) != w.Header().Get("Content-Length")
}

// begun reports whether an answer is on its way already.
func begun(w http.ResponseWriter) bool {
	rec, ok := w.(*recorder)
	return ok && rec.status != 0
}
