package api

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/secret"
)

// Observer counts what is answered. It is called from many goroutines, and holds the answer up.
type Observer interface {
	// Begin tells that a request has come, and Request that it is over.
	Begin()

	// Request tells the status that was sent, 0 if the client did not get the answer whole, and how long that took.
	Request(status int, took time.Duration)

	// Verdict tells what the contract says of an answer of ours. Answers on paths that are not documented have none.
	Verdict(v contract.Verdict)
}

// logger tells what happens to requests, without secrets.
type logger struct {
	*slog.Logger
	seen Observer // nil: nobody counts
}

// masked is s without its secrets, and not as long as a client may want it.
func masked(s string) string {
	const longest = 4000
	s = secret.Log(s)
	return s[:min(len(s), longest)]
}

// of is what tells one request from others.
func (l logger) of(r *http.Request) (id, method, path slog.Attr) {
	return slog.String("request", callOf(r.Context()).id), slog.String("method", masked(r.Method)), slog.String("path", masked(r.URL.Path))
}

func (l logger) came() {
	if l.seen != nil {
		l.seen.Begin()
	}
}

// answered tells of a request that is over.
func (l logger) answered(r *http.Request, w *recorder) {
	ctx := r.Context()
	c, lost := callOf(ctx), w.lost(ctx)
	took := time.Since(c.started)
	if l.seen != nil {
		status := w.status
		if lost {
			status = 0
		}
		l.seen.Request(status, took)
	}
	if !l.Enabled(ctx, slog.LevelInfo) {
		return
	}
	id, method, path := l.of(r)
	client, _, _ := net.SplitHostPort(r.RemoteAddr)
	more := append(make([]slog.Attr, 0, 8), id, method, path, slog.Int("status", w.status), slog.Duration("took", took), slog.String("client", client))
	if c.owner != "" {
		more = append(more, slog.String("owner", masked(c.owner)))
	}
	if lost {
		more = append(more, slog.Bool("aborted", true))
	}
	l.LogAttrs(ctx, slog.LevelInfo, "request", more...)
}

// internal tells of an error that the client hears nothing of. A client that went away is no error of ours.
func (l logger) internal(r *http.Request, err error) {
	level := slog.LevelError
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		level = slog.LevelInfo
	}
	id, method, path := l.of(r)
	l.LogAttrs(r.Context(), level, "request failed", id, method, path, slog.String("error", masked(err.Error())))
}

// report tells of an answer of ours that is not what the contract says, or could not be judged. Findings hold no values.
func (l logger) report(seen intercept.Seen) {
	r := seen.Report
	if l.seen != nil {
		l.seen.Verdict(r.Verdict)
	}
	level, text := slog.LevelWarn, "answer could not be judged whole" // as where the client went away
	switch {
	case r.Verdict == contract.OK:
		return
	case r.Verdict != contract.Unchecked:
		level, text = slog.LevelError, "answer does not keep the contract"
	}
	id, method, path := l.of(seen.Request)
	l.LogAttrs(seen.Request.Context(), level, text, id, method, path, slog.Any("verdict", r.Verdict), slog.Any("findings", r.Findings))
}
