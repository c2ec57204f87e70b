package jobs

import (
	"context"
	"log/slog"
	"strings"
)

// warnHandler hands on warnings and errors alone: River tells every step of every job. That a stop interrupts what does not
// end by itself is none to warn of; the worker says what becomes of it.
type warnHandler struct{ slog.Handler }

func (h warnHandler) Handle(ctx context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "Soft stop timeout") {
		return nil
	}
	return h.Handler.Handle(ctx, r)
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
