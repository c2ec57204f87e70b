package main

import (
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
	c := report.Check{Subject: id + " link", Method: http.MethodGet, Render: id, Started: time.Now()}
	status, length, err := r.fetchLink(ctx, render.DownloadURL)
	c.Elapsed = time.Since(c.Started)
	switch {
	case err != nil && ctx.Err() != nil && !errors.Is(context.Cause(ctx), errBudget):
		return // what was interrupted was not judged
	case err != nil:
		c.Problem = r.problem(ctx, err)
	default:
		var judged contract.Report
		judged, c.Accepted = r.accepted.apply(lifecycle.Link(r.contract, render.Gen(), status, length))
		c.Report, c.Status, c.State = &judged, status, fmt.Sprintf("%d bytes", length)
	}
	r.add(c)
}

// fetchLink follows a link and counts what comes. The request is made anew, so that it carries no API key, and redirects carry no
// query in a Referer.
func (r *renders) fetchLink(ctx context.Context, link string) (status int, length int64, err error) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return 0, 0, errors.New("the link is no URL")
	}
	client := &http.Client{Transport: http.DefaultTransport, CheckRedirect: func(next *http.Request, before []*http.Request) error {
		next.Header.Del("Referer")
		if len(before) > mostRedirects {
			return fmt.Errorf("the link leads to more than %d redirects", mostRedirects)
		}
		return r.secure(next.URL)
	}}
	if err := r.secure(u); err != nil {
		return 0, 0, err
	}
	req := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{"Accept-Encoding": {"identity"}}}).WithContext(ctx)
	resp, err := client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // its URL is the secret
		}
		return 0, 0, fmt.Errorf("link to %s: %w", clean(u.Host), err)
	}
	defer resp.Body.Close()
	length, err = io.Copy(io.Discard, resp.Body)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // fewer bytes than were announced are what the length tells
	}
	return resp.StatusCode, length, err
}

// secure refuses http links, unless the API itself is on this machine.
func (r *renders) secure(u *url.URL) error {
	ip := net.ParseIP(r.base.Hostname())
	if u.Scheme == "https" || u.Scheme == "http" && (r.base.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return errors.New("the link to " + clean(u.Host) + " is not https, and was not followed")
}
