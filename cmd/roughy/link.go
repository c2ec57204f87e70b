package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/lifecycle"
	"github.com/roughy-go/roughy/internal/link"
	"github.com/roughy-go/roughy/internal/report"
)

// fetch reads the output of a render by its link, once, and holds what came to what the render says.
func (r *renders) fetch(ctx context.Context, render *roughy.Render) {
	id := render.ID.String()
	c := report.Check{Subject: id + " link", Method: http.MethodGet, Started: time.Now()}
	status, length, err := r.fetchLink(ctx, render)
	c.Elapsed = time.Since(c.Started)
	switch {
	case err != nil && ctx.Err() != nil && !errors.Is(context.Cause(ctx), errBudget):
		return // what was interrupted was not judged
	case err != nil:
		c.Problem = r.problem(ctx, err)
	default:
		var judged contract.Report
		judged, c.Accepted = r.accepted.apply(lifecycle.Link(r.contract, render.Gen(), status, length))
		c.Report, c.Status = &judged, status
	}
	r.add(c)
}

// fetchLink follows a link and counts what comes, up to one byte more than the render promises; it gives up where nothing comes for
// as long as --timeout says.
func (r *renders) fetchLink(ctx context.Context, render *roughy.Render) (status int, length int64, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pulse := func() {}
	if r.o.timeout > 0 {
		stall := time.AfterFunc(r.o.timeout, func() { cancel(context.DeadlineExceeded) })
		defer stall.Stop()
		pulse = func() { stall.Reset(r.o.timeout) }
	}
	follower := link.Follower{Transport: http.DefaultTransport, API: r.base, Clean: clean}
	resp, err := follower.Get(ctx, render.DownloadURL, http.Header{"Accept-Encoding": {"identity"}})
	if err != nil {
		return 0, 0, cmp.Or(context.Cause(ctx), errors.New(err.Error())) // what to do about it is another matter than for the API
	}
	defer resp.Body.Close()
	if render.SizeBytes == nil {
		return resp.StatusCode, 0, nil // nobody says where it ends
	}
	length, err = io.Copy(io.Discard, io.LimitReader(pulsing{resp.Body, pulse}, max(*render.SizeBytes, 0)+1))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // fewer bytes than were announced are what the length tells
	}
	if err != nil {
		err = cmp.Or(context.Cause(ctx), err)
	}
	return resp.StatusCode, length, err
}

// pulsing tells of each byte that comes.
type pulsing struct {
	io.Reader
	pulse func()
}

// Read implements io.Reader.
func (p pulsing) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	p.pulse()
	return n, err
}
