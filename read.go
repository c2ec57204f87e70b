package roughy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/decode"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/lifecycle"
)

// answer is what came back for one read, and what was said of it.
type answer struct {
	status int
	header http.Header
	body   []byte // as it came at first, then the bytes that were judged; at most one over the cap
	report *Report
}

// noteKey is the context's key for the *answer whose report is to be noted.
type noteKey struct{}

// note puts the report on an answer where the read that asked for it finds it, and the bytes that were judged.
func note(seen intercept.Seen) {
	if a, ok := seen.Request.Context().Value(noteKey{}).(*answer); ok {
		a.report, a.body = &seen.Report, seen.Body
	}
}

// read reads a render, again and again if need be, and judges it together with the reads before it if there is a history. It says
// how long the answer asks to wait before the next read.
func (c *Client) read(ctx context.Context, id uuid.UUID, h *lifecycle.History) (*Render, time.Duration, error) {
	for tries := c.attempts(); ; {
		started := time.Now()
		r, a, err := c.attempt(ctx, id, h)
		c.logAnswer(ctx, id, a, time.Since(started), err)
		if err == nil {
			return r, retryAfter(a.header), nil
		}
		if err = tries.again(ctx, err); err != nil {
			return nil, 0, err
		}
	}
}

// attempt makes one attempt to read a render.
func (c *Client) attempt(ctx context.Context, id uuid.UUID, h *lifecycle.History) (*Render, *answer, error) {
	a, err := c.ask(ctx, id)
	switch {
	case err != nil && (a.status == 0 || a.status == http.StatusOK):
		if a.report != nil {
			c.reports(*a.report)
		}
		err = c.wrap(reading(id), err)
		if scheme := otherScheme(err); scheme != "" {
			err = fmt.Errorf("%w (try %s:// in the base URL)", err, scheme)
		}
		return nil, a, err
	case a.status != http.StatusOK:
		return nil, a, c.refused(reading(id), a, err)
	}
	r, err := c.accept(id, a, h)
	if err != nil {
		err = fmt.Errorf("%s: %w", reading(id), err)
	}
	return r, a, err
}

// reading is what was being done when an error came up.
func reading(id uuid.UUID) string { return "read render " + id.String() }

// ask makes the request and reads the whole answer.
func (c *Client) ask(ctx context.Context, id uuid.UUID) (*answer, error) {
	a := &answer{}
	ctx = context.WithValue(ctx, noteKey{}, a)
	if c.httpClient.Timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, c.httpClient.Timeout, c.late)
		defer cancel()
		ctx = limited
	}
	resp, err := c.api.ReadRender(ctx, id)
	if err != nil {
		return a, err
	}
	a.status, a.header = resp.StatusCode, resp.Header
	raw, err := io.ReadAll(io.LimitReader(resp.Body, contract.DefaultCap+1))
	_ = resp.Body.Close() // what matters was read
	switch {
	case len(raw) > contract.DefaultCap:
		a.body = raw
	case a.body == nil: // nobody judged it
		a.body, _ = contract.Plain(resp.Header, raw) // what cannot be undone, the report says or decoding will
	}
	c.hush(a.report)
	return a, err
}

// hush takes the key out of a report, which the contract does not know, and which a name in the answer may hold.
func (c *Client) hush(r *Report) {
	if r == nil {
		return
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Pointer, f.Got = c.clean(f.Pointer), c.clean(f.Got)
	}
}

// render decodes the answer; ok is false if it is no JSON object.
func (a *answer) render() (g gen.Render, misfits []Finding, ok bool) {
	if a.report != nil && a.report.Verdict < contract.Violation && a.body != nil {
		g, misfits = decode.Render(a.body)
		return g, misfits, true
	}
	return decode.Salvage(a.body)
}

// accept judges and decodes a 200.
func (c *Client) accept(id uuid.UUID, a *answer, h *lifecycle.History) (*Render, error) {
	g, misfits, ok := a.render()
	if a.report != nil {
		r := lifecycle.Judge{Contract: c.document, History: h}.Complete(*a.report, lifecycle.Read{Asked: id, Render: g, Misfits: misfits})
		a.report = &r
		c.reports(r)
		if c.mode == Enforce && r.Verdict >= contract.Unchecked {
			return nil, &ContractError{Report: r}
		}
	}
	switch {
	case a.report == nil && len(misfits) > 0:
		return nil, &ContractError{Report: Report{}.With(misfits...)}
	case len(a.body) > contract.DefaultCap:
		return nil, &Error{Status: a.status, Code: codeTooLong, Message: "more than 10 MiB", RequestID: c.requestID(a.header), api: true}
	case !ok:
		return nil, &Error{
			Status: a.status, Code: codeAnswer, Message: "the body is not a JSON object", RequestID: c.requestID(a.header),
			api: true, cause: a.broken(),
		}
	}
	r := fromGen(g)
	return &r, nil
}

// refused is the error for an answer that is not 200, of which cut says why there is no more, if there should have been.
func (c *Client) refused(doing string, a *answer, cut error) error {
	e := &Error{doing: doing, Status: a.status, RetryAfter: retryAfter(a.header), RequestID: c.requestID(a.header), api: true}
	if a.report != nil {
		c.reports(*a.report)
	}
	detail := decode.Problem(a.body)
	if detail.Code != "" {
		e.FromServer, e.Code, e.Message = true, c.clean(detail.Code), c.clean(detail.Message)
		if detail.Fields != nil {
			for _, f := range *detail.Fields {
				e.Fields = append(e.Fields, gen.FieldError{Field: c.clean(f.Field), Message: c.clean(f.Message)})
			}
		}
	} else {
		e.Code, e.Message = codeAnswer, strings.ToLower(http.StatusText(a.status))
		if to, err := url.Parse(a.header.Get("Location")); err == nil && to.String() != "" && a.status/100 == 3 {
			e.Code, e.Message = codeRedirect, c.clean("to "+(&url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}).String())
		}
	}
	switch {
	case cut != nil:
		e.cause = c.wrap("its body", cut)
	case c.mode == Enforce:
		e.cause = a.broken()
	}
	return e
}

// broken is the report as an error, if it is worse than a warning.
func (a *answer) broken() error {
	if a.report == nil || a.report.Verdict < contract.Unchecked {
		return nil
	}
	return &ContractError{Report: *a.report}
}

// quoted is what net/http repeats of an answer that is no HTTP: anything at all.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// speaksHTTP reports whether a server answered TLS by HTTP.
func speaksHTTP(err error) bool {
	wrong, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok && string(wrong.RecordHeader[:]) == "HTTP/"
}

// errAlert is an alert of TLS, as net/http quotes it, where an answer should be.
var errAlert = errors.New("a server of https")

// wrap says what was being done when err came up, in words without secrets. A *url.Error is left out, since its URL is one.
func (c *Client) wrap(doing string, err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	switch {
	case err == io.EOF:
		err = fmt.Errorf("connection closed without an answer: %w", err)
	case speaksHTTP(err):
		err = http.ErrSchemeMismatch
	case strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`):
		err = fmt.Errorf("%w: %w", errAlert, err)
	}
	if text := c.clean(quoted.ReplaceAllString(err.Error(), `"…"`)); text != err.Error() {
		err = &cleaned{text, err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
