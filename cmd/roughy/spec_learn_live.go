package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/traffic"
)

// live learns from what the arguments, or the lines of stdin, name: each is read once.
func (s *study) live(ctx context.Context, stdin io.Reader, args []string) error {
	if s.o.spec == "" && os.Getenv("ROUGHY_API_KEY") == "" {
		_, err := s.client()
		return err
	}
	o := checkOptions{judgeOptions: judgeOptions{spec: s.o.spec}, timeout: s.o.timeout}
	targets, err := o.targets(stdin, args)
	if err != nil {
		return s.usage(err)
	}
	s.source = "live traffic"
	reader := &live{o: o, base: s.base, http: &http.Client{Transport: s.watched()}}
	asked := 0
	for {
		t, ok := nextTarget(ctx, targets)
		switch {
		case t.err != nil:
			return t.err
		case !ok && ctx.Err() != nil:
			return context.Cause(ctx)
		case !ok && asked == 0:
			return s.usage(errNoTarget)
		case !ok:
			return nil
		}
		asked++
		path := t.text
		if s.o.spec == "" {
			path = "/v1/renders/" + t.text
		}
		if err := reader.get(ctx, path); err != nil {
			s.unread++
			s.say(fmt.Sprintf("%s: %s", t.text, s.unable(err)))
		}
	}
}

// unable is why nothing was read.
func (s *study) unable(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Sprintf("not done within %v, the limit that --timeout sets", s.o.timeout)
	}
	return reason(err)
}

// watched is a transport whose answers are learned from as they come.
func (s *study) watched() http.RoundTripper {
	var mu sync.Mutex
	return intercept.Transport(intercept.NewTransport(), intercept.Options{
		Judge: s.learner, Mode: contract.ReportOnly,
		OnReport: func(seen intercept.Seen) {
			mu.Lock()
			defer mu.Unlock()
			s.add(traffic.Entry{Exchange: seen.Exchange, Request: seen.Request.Header, Elapsed: seen.Elapsed}, true)
		},
	})
}
