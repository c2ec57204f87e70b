package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/secret"
)

// logger tells what happens to requests, without secrets.
type logger struct{ *slog.Logger }

// masked is s without its secrets, and not as long as a client may want it.
func masked(s string) string {
	const longest = 4000
	s = secret.Mask(s)
	return s[:min(len(s), longest)]
}

// of is the logger of one request.
func (l logger) of(r *http.Request) *slog.Logger {
	id, _ := r.Context().Value(idKey).(string)
	return l.With("request", id, "method", masked(r.Method), "path", masked(r.URL.Path))
}

// internal tells of an error that the client hears nothing of. A client that went away is no error of ours.
func (l logger) internal(r *http.Request, err error) {
	level := slog.LevelError
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		level = slog.LevelInfo
	}
	l.of(r).Log(r.Context(), level, "request failed", "error", masked(err.Error()))
}

// report tells of an answer of ours that is not what the contract says, or could not be judged. Findings hold no values.
func (l logger) report(seen intercept.Seen) {
	r := seen.Report
	level, text := slog.LevelWarn, "answer could not be judged whole" // as where the client went away
	switch {
	case r.Verdict == contract.OK:
		return
	case r.Verdict != contract.Unchecked:
		level, text = slog.LevelError, "answer does not keep the contract"
	}
	l.of(seen.Request).Log(seen.Request.Context(), level, text, "verdict", r.Verdict, "findings", r.Findings)
}
