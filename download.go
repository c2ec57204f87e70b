package roughy

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/lifecycle"
)

// mostRenewals is how many fresh links are taken in a row, of which none brings a byte.
const mostRenewals = 3

// DownloadOption changes one Download or DownloadFile.
type DownloadOption func(*download)

// WithProgress calls f after each write with the bytes that are there so far and the length of the output, which is -1 if nobody
// says it. f is called from the caller's goroutine. A DownloadFile that goes on from an earlier one begins there, and goes back where
// the output turns out to be another. Default: nobody is told.
func WithProgress(f func(written, total int64)) DownloadOption {
	return func(d *download) { d.progress = f }
}

// WithReplace lets DownloadFile replace a file that is there already, once the output is whole; Download ignores it. Default: such
// a file stays, and is an error.
func WithReplace() DownloadOption { return func(d *download) { d.replace = true } }

// Download reads a completed render and writes its output to w. It returns how many bytes were written, also with an error.
// Where the link was refused (403, 410) it reads the render again for a fresh one, at most 3 times in a row. Where the connection
// was cut, or brought nothing for RetryOptions.Stall, it goes on from there with Range and If-Range, as often as more bytes
// come; where none come, WithRetry says how often. The length has to be size_bytes: never more bytes are written, and fewer are an
// error. The API key is not sent to the link's host. A render that is not completed, or failed, is an *Error; so is what the link's
// host refuses. Default: no progress is told.
func (c *Client) Download(ctx context.Context, id uuid.UUID, w io.Writer, opts ...DownloadOption) (int64, error) {
	d := c.newDownload(id, opts)
	d.to = stream{w}
	err := d.wrap(d.run(ctx))
	return d.written, err
}

// download is the state of one Download or DownloadFile.
type download struct {
	client   *Client
	id       uuid.UUID
	progress func(written, total int64)
	replace  bool
	to       sink
	history  *lifecycle.History
	attempts attempts

	written   int64  // bytes of the output that are there
	total     int64  // -1: not promised
	validator string // a strong ETag or a Last-Modified, for If-Range
	etag      string // of any kind, which has to stay the same; "" if none came
}

// sink is where an output goes.
type sink interface {
	io.Writer

	// begin is called before the first byte of an output, with what names this very one. How many bytes were written before, of
	// another, is errGone if they cannot be taken back.
	begin(validator string, written int64) error
}

// errGone is what cannot be taken back.
var errGone = errors.New("written already")

// stream is the sink that is a caller's.
type stream struct{ io.Writer }

func (stream) begin(_ string, written int64) error {
	if written > 0 {
		return errGone
	}
	return nil
}

func (c *Client) newDownload(id uuid.UUID, opts []DownloadOption) *download {
	d := &download{
		client: c, id: id, total: -1, history: lifecycle.NewHistory(1), attempts: c.attempts(),
	}
	for _, o := range opts {
		if o != nil {
			o(d)
		}
	}
	if d.progress == nil {
		d.progress = func(int64, int64) {}
	}
	return d
}

// wrap says what was being done when err came up, if it did.
func (d *download) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("download render %s: %w", d.id, err)
}

// run fetches until all is there, or nothing more is to be had.
func (d *download) run(ctx context.Context) error {
	link, err := d.link(ctx)
	if d.total >= 0 && d.written >= d.total {
		d.written = 0 // what is there is no beginning of it
	}
	for renewals, reached := 0, d.written; err == nil; {
		if err = d.fetch(ctx, link); err == nil {
			return nil
		}
		if d.written > reached {
			renewals, reached = 0, d.written
			d.attempts.anew()
		}
		switch _, unwritten := errors.AsType[*unwritten](err); {
		case unwritten:
			return err
		case ctx.Err() != nil:
			return d.attempts.again(ctx, fmt.Errorf("after %d bytes: %w", d.written, ended(ctx)))
		case errors.Is(err, errRefused) && renewals < mostRenewals:
			renewals++
			link, err = d.link(ctx)
		case errors.Is(err, errCut) || answered(err):
			err = d.attempts.again(ctx, err)
		}
	}
	return err
}

// answered reports whether the link's host said what is wrong.
func answered(err error) bool {
	said, ok := errors.AsType[*Error](err)
	return ok && said.Status != 0
}

// link reads the render for a fresh link. Between two reads the promised length has to stay the same.
func (d *download) link(ctx context.Context) (string, error) {
	r, _, err := d.client.read(ctx, d.id, d.history)
	if err != nil {
		return "", err
	}
	if err := d.client.completed(r); err != nil {
		return "", err
	}
	switch size := r.SizeBytes; {
	case size == nil:
	case *size < 0:
		return "", &Error{Code: codeLength, Message: fmt.Sprintf("the render promises %d bytes", *size)}
	case d.total >= 0 && d.total != *size:
		return "", &Error{Code: codeChanged, Message: "size_bytes is another than before"}
	default:
		d.total = *size
	}
	return r.DownloadURL, nil
}

// completed is nil for a render whose output can be fetched.
func (c *Client) completed(r *Render) error {
	switch {
	case r.State == StateFailed:
		e := &Error{Code: codeFailed, Message: "no reason was given"}
		if r.Failure != nil && r.Failure.Code != "" {
			e.Message = c.clean(r.Failure.Code + ": " + r.Failure.Message)
		}
		return e
	case r.State != StateCompleted:
		return &Error{Code: codeNotCompleted, Message: "its state is " + c.clean(string(r.State))}
	case r.DownloadURL == "":
		return &Error{Code: codeNoLink, Message: "it is completed, but has no link"}
	default:
		return nil
	}
}
