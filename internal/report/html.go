package report

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"
)

//go:embed html.tmpl
var htmlTemplate string

//go:embed html.css
var htmlStyle string

//go:embed html.js
var htmlScript string

// HTML writes, at Close, one page that needs nothing beside it: for people who open it from a CI artifact, on a laptop or a
// phone. It asks for nothing over the network, and shows all but the filters without JavaScript.
//
// However many checks are added, what is held is bounded, and so is the page: counts are of all exchanges; single exchanges,
// findings and renders are listed up to a number, those with trouble first, and the page tells what it leaves out.
func HTML(w io.Writer) Writer {
	return &htmlWriter{w: w, times: trend{next: wider}, numbers: trend{next: rounder}}
}

type htmlWriter struct {
	w               io.Writer
	totals          Totals
	found, accepted groups
	filters         filters
	times, numbers  trend // the same exchanges by the time they started, and by number
	untimed         map[int]int
	latency         latency
	timelines       timelines
	rows            rows
	first, last     time.Time
}

func (h *htmlWriter) Add(c Check) error {
	h.totals.Add(c)
	h.accepted.accept(c)
	found := h.found.add(c)
	picked := h.filters.of(c, found)
	set := h.filters.set(picked)
	h.when(c, set)
	if !c.Outside {
		h.latency.add(c.Elapsed)
	}
	h.timelines.add(c)
	h.rows.add(c, found, picked)
	return nil
}

// when puts a check on both axes.
func (h *htmlWriter) when(c Check, set int) {
	number := int64(c.Number)
	if number == 0 {
		number = int64(h.totals.Checks)
	}
	h.numbers.add(number-1, set)
	if c.Started.IsZero() {
		if h.untimed == nil {
			h.untimed = map[int]int{}
		}
		h.untimed[set]++
		return
	}
	h.times.add(c.Started.UnixMilli(), set)
	if h.first.IsZero() || c.Started.Before(h.first) {
		h.first = c.Started
	}
	if c.Started.After(h.last) {
		h.last = c.Started
	}
}

func (h *htmlWriter) Close(s Summary) error {
	t, err := template.New("page").Funcs(template.FuncMap{"n": thousands}).Parse(htmlTemplate)
	if err != nil {
		return fmt.Errorf("report as HTML: %w", err)
	}
	out := bufio.NewWriter(h.w)
	if err := t.Execute(out, h.page(s)); err != nil {
		return fmt.Errorf("report as HTML: %w", err)
	}
	return out.Flush()
}
