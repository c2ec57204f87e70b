package main

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/secret"
)

// logger writes to standard error, in the form that --format asks for.
func logger(cmd *cobra.Command, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if flag(cmd, "format") == "json" {
		return slog.New(masked{slog.NewJSONHandler(cmd.ErrOrStderr(), options)})
	}
	return slog.New(masked{slog.NewTextHandler(cmd.ErrOrStderr(), options)})
}

// masked hides secrets in whatever went wrong: the error of a library may quote anything. Who tells that all is well has
// nothing to hide.
type masked struct{ slog.Handler }

func (h masked) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn {
		return h.Handler.Handle(ctx, r)
	}
	clean := slog.NewRecord(r.Time, r.Level, secret.Mask(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(cleaned(a))
		return true
	})
	return h.Handler.Handle(ctx, clean)
}

func (h masked) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, 0, len(attrs))
	for _, a := range attrs {
		clean = append(clean, cleaned(a))
	}
	return masked{h.Handler.WithAttrs(clean)}
}

func (h masked) WithGroup(name string) slog.Handler { return masked{h.Handler.WithGroup(name)} }

func cleaned(a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		return slog.String(a.Key, secret.Mask(err.Error()))
	}
	if a.Value.Kind() == slog.KindString {
		return slog.String(a.Key, secret.Mask(a.Value.String()))
	}
	return a
}
