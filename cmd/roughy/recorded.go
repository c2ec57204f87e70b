package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"

	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/traffic"
)

// checkRecorded judges every exchange of a recording, in its order.
func (p *program) checkRecorded(ctx context.Context, stdin io.Reader, o checkOptions) error {
	name, format := o.har, traffic.HAR
	if o.ndjson != "" {
		name, format = o.ndjson, traffic.NDJSON
	}
	base, err := p.givenBase()
	if err != nil {
		return err
	}
	s, err := newSession(o.judgeOptions, base)
	if err != nil {
		return err
	}
	if name == "-" {
		stdin = until(ctx, stdin)
	}
	recording, err := traffic.Open(name, stdin, format)
	if err != nil {
		return err
	}
	defer recording.Close()
	if err := s.open(p, p.stdout, true); err != nil {
		return err
	}
	source := name
	if name == "-" {
		source = "stdin"
	}
	failed := s.judgeRecording(ctx, recording)
	err = s.finish(ctx, report.Summary{Source: clean(source)})
	switch {
	case errors.As(err, new(broken)):
		return err
	case failed != nil && s.totals.Checks > 0:
		return fmt.Errorf("%w; what stands before was judged", failed)
	case failed != nil || err != nil:
		return cmp.Or(failed, err)
	}
	return s.nothingRead("the recording")
}

// until reads from r as long as ctx lasts, also where r gives nothing.
func until(ctx context.Context, r io.Reader) io.Reader {
	out, in := io.Pipe()
	context.AfterFunc(ctx, func() { _ = in.CloseWithError(context.Cause(ctx)) })
	go func() {
		_, err := io.Copy(in, r)
		_ = in.CloseWithError(err)
	}()
	return out
}

// judgeRecording stops at what is no recording, and when ctx ends.
func (s *session) judgeRecording(ctx context.Context, r *traffic.Recording) error {
	known, err := r.Any(s.contract.Serves)
	if err != nil {
		return err
	}
	for e, err := range r.Entries() {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s.add(s.recorded(e, known))
	}
	return nil
}

// recorded judges one entry. If any entry of the recording has a known server, the ones that have not are outside.
func (s *session) recorded(e traffic.Entry, known bool) report.Check {
	switch {
	case known && !s.contract.Serves(e.URL):
		c := unanswered(e, "")
		c.Subject, c.Outside = clean(e.Method+" "+e.URL.Host)+c.Path, true
		return c
	case e.Problem != "":
		return unanswered(e, traffic.NewMask(e).Text(e.Problem))
	case !known:
		e.URL = &url.URL{Path: e.URL.Path, RawPath: e.URL.RawPath}
	}
	r, body, render := s.read(e.Exchange)
	return s.check(e, r, body, render)
}

// nothingRead is an error if not one answer could be read: then nothing was checked that anybody wants to know of.
func (s *session) nothingRead(from string) error {
	t := s.totals
	if read := t.Checks - t.Unread - t.Outside; read > 0 {
		return nil
	}
	if t.Checks == 0 {
		return ended{fmt.Errorf("nothing could be read: %s holds no exchange that was to be judged", from)}
	}
	return ended{fmt.Errorf("nothing could be read: %s holds no answer of success among its %d exchanges", from, t.Checks)}
}
