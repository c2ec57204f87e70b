package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/secret"
)

// logger writes to standard error, in the form that --format asks for.
func logger(cmd *cobra.Command, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: readable}
	if flag(cmd, "format") == "json" {
		return slog.New(masked{slog.NewJSONHandler(cmd.ErrOrStderr(), options)})
	}
	return slog.New(masked{slog.NewTextHandler(cmd.ErrOrStderr(), options)})
}

// readable writes a duration with its unit, which JSON would have in nanoseconds, and with three digits.
func readable(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindDuration {
		return a
	}
	d, unit := a.Value.Duration(), time.Nanosecond
	for d.Abs()/unit >= 1000 && unit < time.Second {
		unit *= 10
	}
	return slog.String(a.Key, d.Round(unit).String())
}

// masked hides secrets in whatever is told: the error of a library may quote anything, and a flag hold it.
type masked struct{ slog.Handler }

func (h masked) Handle(ctx context.Context, r slog.Record) error {
	if harmless(r) {
		return h.Handler.Handle(ctx, r)
	}
	clean := slog.NewRecord(r.Time, r.Level, secret.Log(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(cleaned(a))
		return true
	})
	return h.Handler.Handle(ctx, clean)
}

func (h masked) WithAttrs(attrs []slog.Attr) slog.Handler {
	return masked{h.Handler.WithAttrs(cleanedAll(attrs))}
}

func (h masked) WithGroup(name string) slog.Handler { return masked{h.Handler.WithGroup(name)} }

// harmless reports whether a record has no secrets, as nearly every one: it then needs no copy.
func harmless(r slog.Record) bool {
	clean := secret.Log(r.Message) == r.Message
	r.Attrs(func(a slog.Attr) bool {
		switch a.Value.Kind() {
		case slog.KindString:
			clean = clean && secret.Log(a.Value.String()) == a.Value.String()
		case slog.KindAny, slog.KindGroup, slog.KindLogValuer:
			clean = false
		}
		return clean
	})
	return clean
}

func cleaned(a slog.Attr) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, secret.Log(v.String()))
	case slog.KindGroup:
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(cleanedAll(v.Group())...)}
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			return slog.String(a.Key, secret.Log(err.Error()))
		}
	}
	return a
}

func cleanedAll(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, 0, len(attrs))
	for _, a := range attrs {
		clean = append(clean, cleaned(a))
	}
	return clean
}
