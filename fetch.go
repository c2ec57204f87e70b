package roughy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/link"
)

var (
	errRefused = errors.New("the link's host refuses it")    // a link that a fresh one may replace
	errCut     = errors.New("the connection ended too soon") // what may go on from there
	errStalled = errors.New("nothing came any more")
	errAnew    = errors.New("the link's host does not go on, so that it has to begin anew")
)

// fetch makes one request, for what is not written yet, and writes what comes. It fails with errCut in its error where another
// request may bring the rest.
func (d *download) fetch(ctx context.Context, address string) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	patience := d.client.retry.Stall
	stall := watchdog{time.AfterFunc(patience, func() { stop(errStalled) }), patience}
	defer stall.Stop()
	resp, err := d.client.links.Get(ctx, address, d.header())
	if err != nil {
		return d.unanswered(ctx, err)
	}
	defer resp.Body.Close()
	d.log(ctx, resp)
	if err := d.accept(resp); err != nil {
		return err
	}
	return d.copy(ctx, resp, stall)
}

// watchdog bites when nothing has come for too long.
type watchdog struct {
	*time.Timer
	patience time.Duration
}

// unanswered is the error of a link that brought no answer.
func (d *download) unanswered(ctx context.Context, err error) error {
	if refusal, ok := errors.AsType[*link.Refusal](err); ok {
		code := codeLink
		if refusal.Insecure {
			code = codeInsecure
		}
		return &Error{Code: code, Message: refusal.Reason}
	}
	failure, _ := errors.AsType[*link.Failure](err)
	cause := failure.Err
	if context.Cause(ctx) == errStalled {
		cause = errStalled
	}
	return &cut{d.client.wrap("link to "+failure.Host, cause)}
}

// cut is what went wrong with a connection, as an errCut.
type cut struct{ error }

func (c *cut) Unwrap() []error { return []error{errCut, c.error} }

// header asks for bytes as they are, and for the missing ones alone.
func (d *download) header() http.Header {
	h := http.Header{"Accept-Encoding": {"identity"}, "User-Agent": {userAgent}}
	if d.written == 0 || !d.named() { // other bytes might follow
		return h
	}
	h.Set("Range", fmt.Sprintf("bytes=%d-", d.written))
	if d.validator != "" {
		h.Set("If-Range", d.validator)
	}
	return h
}

// named reports whether the host said which output it gave, so that the rest can be held to it.
func (d *download) named() bool { return d.validator != "" || d.etag != "" }

// log logs the answer of a link's host.
func (d *download) log(ctx context.Context, resp *http.Response) {
	c := d.client
	c.log.LogAttrs(ctx, slog.LevelDebug, "fetch output", slog.String("render", d.id.String()), slog.String("host", c.clean(resp.Request.URL.Host)),
		slog.Int("status", resp.StatusCode), slog.Int64("from", d.written))
}

// accept holds an answer to what was asked for, before any of its bytes is written.
func (d *download) accept(resp *http.Response) error {
	switch s := resp.StatusCode; {
	case s == http.StatusForbidden || s == http.StatusGone:
		return d.failed(resp, codeExpired, "", errRefused)
	case s == http.StatusPartialContent && d.written > 0:
		return d.continues(resp)
	case s == http.StatusRequestedRangeNotSatisfiable && d.written > 0 && d.total > d.written:
		return d.startOver(mismatch(d.written, d.total))
	case s != http.StatusOK:
		return d.failed(resp, codeLink, strings.ToLower(http.StatusText(s)), nil)
	}
	if err := d.identity(resp); err != nil {
		return err
	}
	if err := d.begin(resp); err != nil {
		return err
	}
	switch n := resp.ContentLength; {
	case n < 0:
	case d.total < 0:
		d.total = n
	case n != d.total:
		return mismatch(n, d.total)
	}
	return nil
}

// failed is what the link's host answered in place of the output.
func (d *download) failed(resp *http.Response, code, message string, cause error) error {
	return &Error{
		Status: resp.StatusCode, Code: code, Message: message, cause: cause,
		RetryAfter: retryAfter(resp.Header), RequestID: d.client.requestID(resp.Header),
	}
}

// begin is the answer of all bytes. If some are there already, they are of another output, or the host cannot go on.
func (d *download) begin(resp *http.Response) error {
	named := validator(resp.Header)
	err := d.to.begin(named, d.written)
	if errors.Is(err, errGone) {
		return d.failed(resp, codeChanged, "the link's host does not go on where the connection was cut", nil)
	}
	d.written, d.validator, d.etag = 0, named, etag(resp.Header)
	return err
}

// contentRange is the header of an answer of some bytes: the first, the last and the length of all.
var contentRange = regexp.MustCompile(`^bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)$`)

// continues holds an answer of some bytes to the place where the output ended, and to be of that very output.
func (d *download) continues(resp *http.Response) error {
	span := contentRange.FindStringSubmatch(resp.Header.Get("Content-Range"))
	if span == nil || number(span[1]) != d.written || number(span[2]) < d.written {
		return d.failed(resp, codeLink, "other bytes came than those asked for", nil)
	}
	if d.another(resp.Header) {
		return d.startOver(d.failed(resp, codeChanged, "bytes of another output came than before", nil))
	}
	switch length := number(span[3]); {
	case span[3] == "*":
	case d.total < 0:
		d.total = length
	case length != d.total:
		return mismatch(length, d.total)
	}
	return d.identity(resp)
}

// startOver gives up the bytes that are there, so that the next request is for all of them. Where they cannot be taken back, err is
// the end.
func (d *download) startOver(err error) error {
	if d.to.begin("", d.written) != nil {
		return err
	}
	d.written, d.validator, d.etag = 0, "", ""
	return &cut{errAnew}
}

// number is that of digits.
func number(digits string) int64 {
	n, _ := strconv.ParseInt(digits, 10, 64) // which the pattern has looked at
	return n
}

// another reports whether an answer of some bytes is not of the output that was begun. It has to repeat the ETag, and need not
// repeat the Last-Modified (RFC 9110, 15.3.7).
func (d *download) another(h http.Header) bool {
	if d.etag != "" {
		return etag(h) != d.etag
	}
	now := h.Get("Last-Modified")
	return now != "" && now != d.validator
}

// identity refuses bytes that are not the output's own.
func (d *download) identity(resp *http.Response) error {
	if encoding := resp.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return d.failed(resp, codeLink, "the output came encoded, though this was not asked for", nil)
	}
	return nil
}

// copy writes the body, up to the promised length.
func (d *download) copy(ctx context.Context, resp *http.Response, stall watchdog) error {
	stall.Reset(stall.patience)
	buf := make([]byte, 256<<10)
	for {
		n, err := resp.Body.Read(buf)
		if d.total >= 0 && int64(n) > d.total-d.written {
			return mismatch(-1, d.total)
		}
		if n > 0 {
			stall.Stop() // a slow writer is not the host's fault
			if err := d.write(buf[:n]); err != nil {
				return err
			}
			stall.Reset(stall.patience)
		}
		if err == nil {
			err = ctx.Err() // a body may know nothing of it
		}
		if err != nil {
			return d.ended(ctx, resp, err)
		}
	}
}

// ended is what is to be said of a body that ended in err; nil if it is whole.
func (d *download) ended(ctx context.Context, resp *http.Response, err error) error {
	switch {
	case err == io.EOF && d.total < 0 && endless(resp):
		return &Error{Code: codeLength, Message: "nobody says how long it is, so that a cut would go unseen"}
	case d.written == d.total || err == io.EOF && d.total < 0:
		return nil
	case err == io.EOF && resp.StatusCode == http.StatusOK && (resp.ContentLength >= 0 || !d.named()):
		return mismatch(d.written, d.total)
	case err == io.EOF: // an end looks like a cut where no length was announced, and a range may be a part of the one asked for
		return &cut{mismatch(d.written, d.total)}
	case context.Cause(ctx) == errStalled:
		err = errStalled
	}
	return &cut{&Error{Code: codeCut, Message: fmt.Sprintf("after %d bytes", d.written), cause: d.client.wrap("link", err)}}
}

// endless reports whether nothing but the end of its connection ends a body.
func endless(resp *http.Response) bool {
	return resp.ProtoMajor < 2 && resp.ContentLength < 0 && len(resp.TransferEncoding) == 0
}

func (d *download) write(p []byte) error {
	n, err := d.to.Write(p)
	switch {
	case n < 0 || n > len(p):
		return &unwritten{errors.New("the writer says that it wrote what it was not given")}
	case err == nil && n < len(p):
		err = io.ErrShortWrite
	}
	d.written += int64(n)
	if err != nil {
		return &unwritten{err}
	}
	d.progress(d.written, d.total)
	return nil
}

// unwritten is an error of the writer, whatever lies below: nothing that is asked again cures it.
type unwritten struct{ error }

func (u *unwritten) Error() string { return "write output: " + u.error.Error() }
func (u *unwritten) Unwrap() error { return u.error }

// mismatch is an output of another length than promised; got is -1 for more than that.
func mismatch(got, want int64) error {
	came := fmt.Sprintf("%d bytes came", got)
	if got < 0 {
		came = "more bytes came"
	}
	return &Error{Code: codeLength, Message: fmt.Sprintf("%s, the render promises %d", came, want)}
}

// validator is what names this very output: a strong ETag, else the time of its last change, else "".
func validator(h http.Header) string {
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return h.Get("Last-Modified")
}

// etag is the ETag, be it weak, which is no validator but tells outputs apart.
func etag(h http.Header) string { return strings.TrimPrefix(h.Get("ETag"), "W/") }
