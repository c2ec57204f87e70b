package jobs

import (
	"context"
	"log/slog"
	"strings"
)

// warnHandler hands on warnings and errors alone, as warnings: River tells every step of every job, and it goes on after whatever
// it takes for an error, even one that it says to give up at. That a stop interrupts what does not end by itself is none to warn
// of; the worker says what becomes of it.
type warnHandler struct{ slog.Handler }

func (h warnHandler) Handle(ctx context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "Soft stop timeout") {
		return nil
	}
	ours := slog.NewRecord(r.Time, slog.LevelWarn, "queue library had trouble, and goes on by itself", r.PC)
	ours.AddAttrs(slog.String("source", "river"), slog.String("said", r.Message))
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "err" {
			a.Key = "error" // as everywhere else
		}
		ours.AddAttrs(a)
		return true
	})
	return h.Handler.Handle(ctx, ours)
}

func (h warnHandler) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

func (h warnHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnHandler{h.Handler.WithAttrs(attrs)}
}

func (h warnHandler) WithGroup(name string) slog.Handler {
	return warnHandler{h.Handler.WithGroup(name)}
}
