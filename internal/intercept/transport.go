package intercept

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// Transport judges what comes back through base. In Enforce an answer that breaks the contract becomes a *contract.Error,
// and its body is closed. In ReportOnly an answer is judged when its body has been read to the end or is closed. Bytes,
// headers and errors of base are handed on unchanged; a request to something that is not documented is a violation. A
// Content-Encoding that base undoes itself, as net/http does with a gzip that it asked for, is not seen. If base is nil it is
// http.DefaultTransport.
func Transport(base http.RoundTripper, o Options) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	if o.Mode == contract.Off {
		return base
	}
	return &transport{base, o.withDefaults()}
}

type transport struct {
	base http.RoundTripper
	Options
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	started := time.Now()
	resp, err := t.base.RoundTrip(req)
	if err != nil || resp.StatusCode == http.StatusSwitchingProtocols || req.Method == http.MethodConnect {
		return resp, err
	}
	if t.Mode == contract.ReportOnly {
		t.tap(req, resp, started)
		return resp, nil
	}
	return t.hold(req, resp, started)
}

// hold reads the body up to the cap, judges it, and puts the same bytes back.
func (t *transport) hold(req *http.Request, resp *http.Response, started time.Time) (*http.Response, error) {
	body, readErr := io.ReadAll(io.LimitReader(resp.Body, t.Cap+1))
	seen := t.judge(req, resp, body, readErr, started)
	seen.Withheld = seen.Report.Verdict == contract.Violation
	t.OnReport(seen)
	if seen.Withheld {
		_ = resp.Body.Close()
		return nil, &contract.Error{Report: seen.Report}
	}
	rest := io.Reader(resp.Body)
	if readErr != nil {
		rest = failing{readErr}
	}
	resp.Body = readCloser{io.MultiReader(bytes.NewReader(body), rest), resp.Body}
	return resp, nil
}

// tap copies the body up to the cap while it is read.
func (t *transport) tap(req *http.Request, resp *http.Response, started time.Time) {
	head := *resp // the caller may change the response while it reads
	head.Header = resp.Header.Clone()
	resp.Body = &tap{ReadCloser: resp.Body, cap: t.Cap, done: func(body []byte, err error) {
		t.OnReport(t.judge(req, &head, body, err, started))
	}}
}

// judge is what is said of an answer of which body was read, until err if that is not nil.
func (o Options) judge(req *http.Request, resp *http.Response, body []byte, err error, started time.Time) Seen {
	x := contract.Exchange{Method: req.Method, URL: req.URL, Status: resp.StatusCode, Header: resp.Header, Body: body}
	if x.Method == "" {
		x.Method = http.MethodGet
	}
	switch {
	case int64(len(body)) > o.Cap:
		x.Body, x.Unseen = body[:o.Cap], contract.OverCap
	case errors.Is(err, errClosed):
		x.Unseen = contract.Closed
	case errors.Is(err, io.ErrUnexpectedEOF) && resp.ContentLength >= 0 && !resp.Uncompressed: // fewer bytes than Content-Length
	case err != nil:
		x.Unseen = contract.Cut
	}
	seen := Seen{Request: req, Exchange: x, Started: started, Elapsed: time.Since(started)}
	seen.Report, seen.Body = o.Judge.Judge(x)
	return seen
}

// errClosed is what a tap ends with when its reader stops before the end.
var errClosed = errors.New("closed before the end")

// tap copies what is read through it, up to one byte over the cap, and calls done once.
type tap struct {
	io.ReadCloser
	cap   int64
	copy  []byte
	done  func(body []byte, err error)
	ended bool
}

// Read implements io.Reader.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if room := t.cap + 1 - int64(len(t.copy)); room > 0 {
		t.copy = append(t.copy, p[:min(int64(n), room)]...)
	}
	if err == io.EOF {
		t.end(nil)
	} else if err != nil {
		t.end(err)
	}
	return n, err
}

// Close implements io.Closer.
func (t *tap) Close() error {
	if !t.ended {
		t.end(t.rest())
	}
	return t.ReadCloser.Close()
}

// rest tells a body that has no more bytes, but whose reader did not ask, from one that was left half read. Only a body
// that is known to be empty says so without blocking.
func (t *tap) rest() error {
	if t.ReadCloser == http.NoBody {
		return nil
	}
	return errClosed
}

func (t *tap) end(err error) {
	if !t.ended {
		t.ended = true
		t.done(t.copy, err)
		t.copy = nil
	}
}

type readCloser struct {
	io.Reader
	io.Closer
}

// failing is a reader at the place where another one failed.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
