package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/lifecycle"
	"github.com/roughy-go/roughy/internal/report"
)

// mostRedirects is how many hops a link's host may ask for.
const mostRedirects = 5

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
	resp, err := r.follow(ctx, render.DownloadURL)
	if err != nil {
		return 0, 0, cmp.Or(context.Cause(ctx), err)
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

// follow asks for a link, redirects included. The request is made anew, so that it carries no API key, and redirects carry no query
// in a Referer.
func (r *renders) follow(ctx context.Context, link string) (*http.Response, error) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return nil, errors.New("the link is no URL")
	}
	if err := r.secure(u); err != nil {
		return nil, err
	}
	client := &http.Client{CheckRedirect: func(next *http.Request, before []*http.Request) error {
		next.Header.Del("Referer")
		if len(before) > mostRedirects {
			return fmt.Errorf("the link leads to more than %d redirects", mostRedirects)
		}
		return r.secure(next.URL)
	}}
	req := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{"Accept-Encoding": {"identity"}}}).WithContext(ctx)
	resp, err := client.Do(req)
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // its URL is the secret
	}
	if err != nil {
		return nil, fmt.Errorf("link to %s: %v", clean(u.Host), err) // not %w: what to do about it is another matter than for the API
	}
	return resp, nil
}

// secure refuses http links, unless the API itself is on this machine.
func (r *renders) secure(u *url.URL) error {
	ip := net.ParseIP(r.base.Hostname())
	if u.Scheme == "https" || u.Scheme == "http" && (r.base.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return errors.New("the link to " + clean(u.Host) + " is not https, and was not followed")
}
