package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// journal is what the client of one command logs to. It tells each further attempt as its pause begins, and all the rest with
// --verbose; and it tells live lines and bars what came. The client calls it from one goroutine.
type journal struct {
	w       io.Writer
	verbose bool
	live    bool // again shows further attempts
	most    int  // attempts there may be at one thing
	status  int  // of the last answer; 0 if none came

	read    func()                                // after each attempt to read a render
	again   func(status int, pause time.Duration) // before each pause
	fetched func(status int, from int64)          // when a link's host has answered
}

var _ slog.Handler = (*journal)(nil)

// Enabled implements slog.Handler: everything is heard, though not all of it told.
func (j *journal) Enabled(context.Context, slog.Level) bool { return true }

// WithAttrs implements slog.Handler. The client gives no attributes beforehand.
func (j *journal) WithAttrs([]slog.Attr) slog.Handler { return j }

// WithGroup implements slog.Handler. The client makes no groups.
func (j *journal) WithGroup(string) slog.Handler { return j }

// Handle implements slog.Handler.
func (j *journal) Handle(_ context.Context, r slog.Record) error {
	e := entry{r.Message, map[string]slog.Value{}}
	var told strings.Builder
	r.Attrs(func(a slog.Attr) bool {
		e.values[a.Key] = a.Value
		if a.Key != "error" { // which is told as the reason of the next attempt, or of the end
			fmt.Fprintf(&told, " %s=%s", a.Key, shown(a.Value))
		}
		return true
	})
	switch e.message {
	case "asking again":
		j.pause(e)
		return nil
	case "read render":
		j.status = int(e.number("status"))
		j.read()
	case "fetch output":
		j.status = int(e.number("status"))
		j.fetched(j.status, e.number("from"))
	}
	if j.verbose {
		sayTo(j.w, e.message+told.String())
	}
	return nil
}

// pause tells that another attempt will be made.
func (j *journal) pause(e entry) {
	pause := time.Duration(e.number("pause"))
	j.again(j.status, pause)
	if !j.live || j.verbose {
		sayTo(j.w, fmt.Sprintf("%s; asking again in %s (attempt %d of %d)",
			unhinted(e.values["error"].String()), brief(pause), e.number("attempt")+1, j.most))
	}
}

// entry is a record of the log.
type entry struct {
	message string
	values  map[string]slog.Value
}

// number is 0 for what is missing or is none.
func (e entry) number(name string) int64 {
	switch v := e.values[name]; v.Kind() {
	case slog.KindInt64:
		return v.Int64()
	case slog.KindDuration:
		return int64(v.Duration())
	default:
		return 0
	}
}

// shown is a value as a line has it.
func shown(v slog.Value) string {
	if v.Kind() == slog.KindDuration {
		return v.Duration().Round(time.Millisecond / 10).String()
	}
	if list, ok := v.Any().([]string); ok {
		return strings.Join(list, "; ")
	}
	return v.String()
}

// unhinted leaves out what an error says at its end for whoever is to do something about it: another attempt is under way.
func unhinted(text string) string {
	if hints := strings.LastIndex(text, " ("); hints > 0 && strings.HasSuffix(text, ")") {
		return text[:hints]
	}
	return text
}
