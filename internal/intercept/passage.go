package intercept

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// passage is one answer on its way through.
type passage struct {
	*watch
	seen      Seen // as far as it is known
	announced bool // Content-Length says how many bytes are to come
	copy      copied
}

// passage begins with the headers of an answer, which are copied: whoever gets the answer may change it. A body that is not there,
// as a test's double may have none, is one without bytes.
func (w *watch) passage(req *http.Request, resp *http.Response, started time.Time) *passage {
	x := contract.Exchange{
		Method: req.Method, URL: req.URL, Status: resp.StatusCode, Header: resp.Header.Clone(), Sent: started, Answered: time.Now(),
	}
	if x.Method == "" {
		x.Method = http.MethodGet
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	return &passage{
		watch:     w,
		seen:      Seen{Request: req, Exchange: x},
		announced: resp.ContentLength >= 0 && !resp.Uncompressed,
		copy:      copied{budget: &w.budget, cap: w.Cap, expect: resp.ContentLength},
	}
}

// withholds reports whether an answer is to be withheld, of which OnReport is told then. It is held, or judged by all but its body.
func (p *passage) withholds(resp *http.Response, hold bool) bool {
	if hold {
		return p.hold(resp)
	}
	return p.condemned()
}

// hold reads the body as far as it may be held, judges it, tells of it, and puts the same bytes back. It reports whether they are
// to be withheld. What is held stays in the budget until the body is closed or read to its end.
func (p *passage) hold(resp *http.Response) (withheld bool) {
	held := false
	defer func() {
		if !held { // OnReport panics
			p.copy.free()
			_ = resp.Body.Close()
		}
	}()
	buffer := p.buffers.Get()
	next, readErr := p.copy.fill(resp.Body, buffer)
	next = bytes.Clone(next)
	p.buffers.Put(buffer)
	p.end(readErr)
	p.judge()
	p.seen.Withheld = p.seen.Report.Verdict == contract.Violation
	p.OnReport(p.seen)

	rest := io.Reader(failing{readErr})
	if readErr == nil {
		rest = resp.Body
	}
	resp.Body = &replay{io.MultiReader(bytes.NewReader(p.copy.bytes), bytes.NewReader(next), rest), resp.Body, p.copy.free}
	held = true
	return p.seen.Withheld
}

// condemned judges an answer by all but its body, and tells of it if that breaks the contract.
func (p *passage) condemned() bool {
	p.end(errClosed)
	p.judge()
	p.seen.Withheld = p.seen.Report.Verdict == contract.Violation
	if p.seen.Withheld {
		p.OnReport(p.seen)
	}
	return p.seen.Withheld
}

// end notes how the body ended: in err, or with its last byte.
func (p *passage) end(err error) {
	x := &p.seen.Exchange
	p.seen.Elapsed = time.Since(x.Sent)
	x.Body, x.Unseen = p.copy.bytes, p.copy.unseen
	switch {
	case x.Unseen != "" || err == nil || err == io.EOF:
	case errors.Is(err, errClosed) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		x.Unseen = contract.Closed
	case !p.announced:
		x.Unseen = contract.Cut
	}
}

// judge says what there is to say of the answer as it ended.
func (p *passage) judge() {
	p.seen.Report, p.seen.Body = p.verdict(p.seen.Exchange)
}
