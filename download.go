package roughy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/lifecycle"
)

const (
	mostRenewals = 3 // fresh links for one download
	mostResumes  = 8 // connections that are cut in one download
)

// DownloadOption changes one Download.
type DownloadOption func(*download)

// WithProgress calls f after each write with the bytes written so far and the length of the output, which is -1 if nobody
// says it. f is called from Download's goroutine. Default: nobody is told.
func WithProgress(f func(written, total int64)) DownloadOption {
	return func(d *download) { d.progress = f }
}

// Download reads a completed render and writes its output to w. It returns how many bytes were written, also with an error.
// Where the link was refused (403, 410) it reads the render again for a fresh one, at most 3 times; where a connection
// was cut after the first byte it goes on from there with Range and If-Range, at most 8 times. The length has to be
// size_bytes: never more bytes are written, and fewer are an error. The API key is not sent to the link's host. A render
// that is not completed, or failed, is an *Error; so is what the link's host refuses. Default: no progress is told.
func (c *Client) Download(ctx context.Context, id uuid.UUID, w io.Writer, opts ...DownloadOption) (int64, error) {
	d := &download{
		client: c, id: id, w: w, total: -1, history: lifecycle.NewHistory(1), progress: func(int64, int64) {},
		pause: backoff.ExponentialBackOff{
			InitialInterval: 200 * time.Millisecond, MaxInterval: 5 * time.Second, Multiplier: 2, RandomizationFactor: 0.2,
		},
	}
	for _, o := range opts {
		o(d)
	}
	if err := d.run(ctx); err != nil {
		return d.written, fmt.Errorf("download render %s: %w", id, err)
	}
	return d.written, nil
}

// download is the state of one Download.
type download struct {
	client   *Client
	id       uuid.UUID
	w        io.Writer
	progress func(written, total int64)
	history  *lifecycle.History
	pause    backoff.ExponentialBackOff

	written   int64
	total     int64  // -1: not promised
	validator string // a strong ETag or a Last-Modified, for If-Range
}

// errRefused is a link that a fresh one may replace.
var errRefused = errors.New("the link's host refuses it")

// cut is a connection that ended before the output did.
type cut struct{ err error }

func (c *cut) Error() string { return c.err.Error() }
func (c *cut) Unwrap() error { return c.err }

func (d *download) run(ctx context.Context) error {
	link, err := d.link(ctx)
	for renewals, resumes := 0, 0; err == nil; {
		err = d.fetch(ctx, link)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errRefused) && renewals < mostRenewals:
			renewals++
			link, err = d.link(ctx)
		case isCut(err) && d.written > 0 && resumes < mostResumes:
			resumes++
			err = sleep(ctx, d.pause.NextBackOff())
		}
	}
	return err
}

func isCut(err error) bool {
	_, ok := errors.AsType[*cut](err)
	return ok
}

// link reads the render for a fresh link. Between two reads the promised length has to stay the same.
func (d *download) link(ctx context.Context) (string, error) {
	r, err := d.client.read(ctx, d.id, d.history)
	if err != nil {
		return "", err
	}
	if err := d.client.completed(r); err != nil {
		return "", err
	}
	if r.SizeBytes != nil {
		if d.total >= 0 && d.total != *r.SizeBytes {
			return "", &Error{Code: codeChanged, Message: "size_bytes is another than before"}
		}
		d.total = *r.SizeBytes
	}
	return r.DownloadURL, nil
}

// fetch makes one request, for what is not written yet, and writes what comes.
func (d *download) fetch(ctx context.Context, link string) error {
	resp, err := d.client.get(ctx, link, d.header())
	if err != nil {
		if _, said := errors.AsType[*Error](err); said {
			return err
		}
		return &cut{err}
	}
	defer resp.Body.Close()
	if err := d.accept(resp); err != nil {
		return err
	}
	return d.copy(resp)
}

// header asks for bytes as they are, and for the missing ones alone.
func (d *download) header() http.Header {
	h := http.Header{"Accept-Encoding": {"identity"}}
	if d.written > 0 {
		h.Set("Range", fmt.Sprintf("bytes=%d-", d.written))
		if d.validator != "" {
			h.Set("If-Range", d.validator)
		}
	}
	return h
}

// accept holds an answer to what was asked for, before any of its bytes is written.
func (d *download) accept(resp *http.Response) error {
	switch s := resp.StatusCode; {
	case s == http.StatusForbidden || s == http.StatusGone:
		return &Error{Status: s, Code: codeExpired, cause: errRefused}
	case s == http.StatusOK && d.written > 0:
		return &Error{Status: s, Code: codeChanged, Message: "the link's host does not go on where the connection was cut"}
	case s == http.StatusPartialContent && d.written > 0:
		if err := d.continues(resp.Header.Get("Content-Range")); err != nil {
			return err
		}
	case s != http.StatusOK:
		return &Error{Status: s, Code: codeLink, Message: strings.ToLower(http.StatusText(s)), RetryAfter: retryAfter(resp.Header)}
	}
	if encoding := resp.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return &Error{Status: resp.StatusCode, Code: codeLink, Message: "the output came encoded, though this was not asked for"}
	}
	if d.written == 0 {
		d.validator = validator(resp.Header)
	}
	return d.length(resp.ContentLength)
}

// length compares what an answer announces with what is missing.
func (d *download) length(announced int64) error {
	switch {
	case announced < 0:
		return nil
	case d.total < 0:
		d.total = d.written + announced
		return nil
	case d.written+announced != d.total:
		return mismatch(d.written+announced, d.total)
	default:
		return nil
	}
}

// continues holds a Content-Range, "bytes FIRST-LAST/LENGTH", to the place where the connection was cut.
func (d *download) continues(contentRange string) error {
	span, length, _ := strings.Cut(strings.TrimPrefix(contentRange, "bytes "), "/")
	first, _, _ := strings.Cut(span, "-")
	if first != strconv.FormatInt(d.written, 10) {
		return &Error{Status: http.StatusPartialContent, Code: codeLink, Message: "other bytes came than those asked for"}
	}
	if n, err := strconv.ParseInt(length, 10, 64); err == nil && d.total >= 0 && n != d.total {
		return mismatch(n, d.total)
	}
	return nil
}

// copy writes the body to w, up to the promised length.
func (d *download) copy(resp *http.Response) error {
	buf := make([]byte, 128<<10)
	for {
		n, err := resp.Body.Read(buf)
		if d.total >= 0 && int64(n) > d.total-d.written {
			return mismatch(-1, d.total)
		}
		if n > 0 {
			if err := d.write(buf[:n]); err != nil {
				return err
			}
		}
		switch {
		case err == nil:
		case d.written == d.total || err == io.EOF && d.total < 0:
			return nil
		case err == io.EOF && resp.ContentLength < 0:
			return &cut{mismatch(d.written, d.total)} // without an announced length, an end looks like a cut
		case err == io.EOF:
			return mismatch(d.written, d.total)
		default:
			return &cut{&Error{Code: codeCut, Message: fmt.Sprintf("after %d bytes", d.written), cause: d.client.wrap("link", err)}}
		}
	}
}

func (d *download) write(p []byte) error {
	n, err := d.w.Write(p)
	d.written += int64(n)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	d.progress(d.written, d.total)
	return nil
}

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
