package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/report"
)

// checkLive reads what the arguments, or the lines of stdin, name.
func (p *program) checkLive(ctx context.Context, stdin io.Reader, args []string, o checkOptions) error {
	l, err := p.newLive(o)
	if err != nil {
		return err
	}
	targets, err := o.targets(stdin, args)
	if err != nil {
		return p.usage(err)
	}
	if err := l.open(p, p.stdout, false); err != nil {
		return err
	}
	unparsed := l.readAll(ctx, targets)
	if unparsed == nil && ctx.Err() == nil && l.totals.Checks == 0 {
		return p.usage(errors.Join(errNoTarget, l.out.closeFiles()))
	}
	err = l.finish(ctx, report.Summary{Source: clean(l.source)})
	switch {
	case errors.As(err, new(broken)):
		return err
	case unparsed != nil:
		return unparsed
	case err != nil && !errors.Is(context.Cause(ctx), errBudget):
		return err
	case l.totals.Unread > 0:
		return fmt.Errorf("%d of %d could not be read", l.totals.Unread, l.totals.Checks)
	}
	return nil
}

// newLive makes what reads renders or, with --spec, URLs.
func (p *program) newLive(o checkOptions) (*live, error) {
	base, err := p.givenBase()
	if err != nil {
		return nil, err
	}
	if o.spec == "" && base == nil {
		base, _ = url.Parse(roughy.DefaultBaseURL)
	}
	s, err := newSession(o.judgeOptions, base)
	if err != nil {
		return nil, err
	}
	l := &live{session: s, o: o, base: base, source: o.spec, http: s.telling(o.timeout)}
	if base != nil {
		l.source = base.String()
	}
	l.read = l.get
	if o.spec == "" {
		client, err := p.client(roughy.WithMode(roughy.ReportOnly), roughy.WithHTTPClient(l.http),
			roughy.WithRetry(roughy.RetryOptions{Attempts: 1})) // an answer is what is checked, not that there is a good one some time
		if err != nil {
			return nil, err
		}
		l.read = (&renders{l, client}).read
	}
	return l, nil
}

// live reads targets over the network, each once or until it is over.
type live struct {
	*session
	o      checkOptions
	base   *url.URL     // where paths are; nil if nobody says
	source string       // for reports
	http   *http.Client // tells the session of all that is answered
	read   func(ctx context.Context, target string) error
}

// sightKey is the context's key for the *sight of one target.
type sightKey struct{}

// sight is what was seen of one target.
type sight struct {
	subject string
	answers int
}

// telling is a client whose answers are told to the session as they come.
func (s *session) telling(timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout, Transport: intercept.Transport(intercept.NewTransport(), intercept.Options{
		Judge: s, Mode: contract.ReportOnly,
		OnReport: func(seen intercept.Seen) {
			at := seen.Request.Context().Value(sightKey{}).(*sight)
			at.answers++
			c := s.seen(seen)
			c.Subject = at.subject
			if strings.Contains(c.Problem, " "+unexpected) {
				c.Problem += " (check --base-url or ROUGHY_BASE_URL: this may not be the API)"
			}
			s.add(c)
		},
	})}
}

// readAll reads the targets, as many at once as was asked for. Those that the time budget leaves unread are told too. It returns
// what is no target.
func (l *live) readAll(ctx context.Context, targets <-chan target) error {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, l.o.concurrency)
	for {
		t, ok := nextTarget(ctx, targets)
		if !ok || t.err != nil {
			return t.err
		}
		slots <- struct{}{}
		running.Go(func() {
			l.one(ctx, t.text)
			<-slots
		})
	}
}

// one reads a target, and tells why nothing came if nothing came. What the user interrupts was not judged, and is not told.
func (l *live) one(ctx context.Context, text string) {
	at := &sight{subject: clean(text)}
	err := context.Cause(ctx)
	if err == nil {
		err = l.read(context.WithValue(ctx, sightKey{}, at), text)
	}
	cause := context.Cause(ctx)
	if err == nil || cause == nil && at.answers > 0 || cause != nil && !errors.Is(cause, errBudget) {
		return
	}
	l.add(report.Check{Subject: at.subject, Problem: l.problem(ctx, err)})
}

// problem is why nothing was read, in words.
func (l *live) problem(ctx context.Context, err error) string {
	switch {
	case errors.Is(context.Cause(ctx), errBudget):
		return "not read: the time budget of " + l.o.budget.String() + " is used up"
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("not done within %v, the limit that --timeout sets", l.o.timeout)
	}
	text := reason(err)
	if _, behind, ok := strings.Cut(text, "read render "); ok && len(behind) > len(uuid.Nil.String()) {
		text = strings.TrimPrefix(behind[len(uuid.Nil.String()):], ": ")
	}
	return clean(text)
}

// get reads a URL, or a path below the base, that --spec documents.
func (l *live) get(ctx context.Context, target string) error {
	u, err := url.Parse(target)
	if err != nil {
		return errors.New("not a URL")
	}
	if u.Host == "" {
		if l.base == nil {
			return errors.New("a path alone: say where the API is with --base-url or ROUGHY_BASE_URL")
		}
		u = l.base.JoinPath(u.EscapedPath()).ResolveReference(&url.URL{RawQuery: u.RawQuery})
	}
	if l.o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.o.timeout)
		defer cancel()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return errors.New("not a URL that can be asked")
	}
	req.Header.Set("Accept-Encoding", "gzip")
	if key := os.Getenv("ROUGHY_API_KEY"); key != "" && l.base != nil && sameOrigin(u, l.base) {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := l.http.Transport.RoundTrip(req) // an http.Client would follow redirects, and put the query into its errors
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return errors.Join(err, resp.Body.Close())
}

// sameOrigin tells whether the key may go where u leads.
func sameOrigin(u, base *url.URL) bool {
	return strings.EqualFold(u.Scheme, base.Scheme) && strings.EqualFold(u.Host, base.Host)
}

// renders reads renders through the client.
type renders struct {
	*live
	client *roughy.Client
}

// read reads a render once, or until its state is final, and its output if that was asked for.
func (r *renders) read(ctx context.Context, target string) (err error) {
	id := uuid.MustParse(target)
	var last *roughy.Render
	if r.o.untilTerminal {
		last, err = r.client.Wait(ctx, id)
	} else {
		last, err = r.client.Render(ctx, id)
	}
	if err == nil && r.o.download && last.DownloadURL != "" {
		r.fetch(ctx, last)
	}
	return err
}
