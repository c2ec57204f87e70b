package report

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

const (
	mostFirsts  = 400       // exchanges that are listed because they show a finding first
	mostLines   = 8         // findings of an exchange
	mostListing = 1_800_000 // bytes of the page, nearly, for exchanges
)

// mostKept is how many exchanges are listed beside those that show a finding first.
func mostKept(o outcome) int {
	return [outcomes]int{
		outcomeOutside: 40, outcomeOK: 500, outcomeWarning: 400, outcomeUnchecked: 300, outcomeUnanswered: 300, outcomeViolation: 900,
	}[o]
}

// rows are the exchanges that the page lists: whatever shows a finding first, and of the others a sample of each outcome.
type rows struct {
	random *rand.Rand // of the same seed each time, so that a page can be made again
	added  int
	seen   [outcomes]int // but for firsts
	kept   [outcomes][]*row
	firsts []*row
}

// row is an exchange as it is listed.
type row struct {
	order                                    int
	number                                   int
	started                                  time.Time
	render                                   string
	picked                                   []*filter
	outcome                                  outcome
	subject, status, state, problem, elapsed string
	unread, withheld                         bool
	lines                                    []pageLine
	more                                     int
	accepted                                 int
}

func (r *rows) add(c Check, found []*group, picked []*filter) {
	r.added++
	o := c.outcome()
	isFirst := func(g *group) bool { return g != nil && g.Count == 1 }
	if len(r.firsts) < mostFirsts && slices.ContainsFunc(found, isFirst) {
		r.firsts = append(r.firsts, newRow(r.added, c, picked))
		return
	}
	r.seen[o]++
	if len(r.kept[o]) < mostKept(o) {
		r.kept[o] = append(r.kept[o], newRow(r.added, c, picked))
		return
	}
	if r.random == nil {
		r.random = rand.New(rand.NewPCG(1, 2))
	}
	if i := r.random.IntN(r.seen[o]); i < len(r.kept[o]) {
		r.kept[o][i] = newRow(r.added, c, picked)
	}
}

func newRow(order int, c Check, picked []*filter) *row {
	out := &row{
		order: order, number: cmp.Or(c.Number, order), started: c.Started, render: shown(c.Render), outcome: c.outcome(),
		picked:  slices.Clone(picked[:min(len(picked), mostFilters)]),
		subject: shown(c.Subject), state: shown(c.State), problem: shown(c.Problem),
		unread: c.Problem != "", withheld: c.Withheld, accepted: len(c.Accepted),
	}
	if c.Status != 0 {
		out.status = fmt.Sprint(c.Status)
	}
	if c.Elapsed > 0 {
		out.elapsed = period(c.Elapsed)
	}
	if c.Report == nil {
		return out
	}
	for _, f := range c.Report.Findings[:min(len(c.Report.Findings), mostLines)] {
		out.lines = append(out.lines, pageLine{
			Outcome: verdictOutcome(f.Severity), Rule: shown(f.Rule), Place: clipped(Printable(place(f))), Promise: shown(promise(f)),
		})
	}
	out.more = len(c.Report.Findings) - len(out.lines) + c.Report.Omitted
	return out
}

// size is about how many bytes of the page it takes.
func (r *row) size() int {
	n := 420 + len(r.subject) + len(r.state) + len(r.problem)
	for _, l := range r.lines {
		n += 110 + len(l.Rule) + len(l.Place) + len(l.Promise)
	}
	return n
}

// listed is the rows for the page: the worst outcome first, each in the order they came. Where they would make the page too
// long, the last are left out.
func (r *rows) listed() []*row {
	all := slices.Clone(r.firsts)
	for _, kept := range r.kept {
		all = append(all, kept...)
	}
	slices.SortFunc(all, func(a, b *row) int { return cmp.Or(cmp.Compare(b.outcome, a.outcome), cmp.Compare(a.order, b.order)) })
	size := 0
	for i, one := range all {
		if size += one.size(); size > mostListing {
			return all[:i]
		}
	}
	return all
}

// pageRow is an exchange in the page's table.
type pageRow struct {
	Number                                   int
	Time, Exact                              string
	Subject, Status, State, Problem, Elapsed string
	Render                                   int // the filter of its render
	Outcome                                  outcome
	Unread, Withheld                         bool
	Lines                                    []pageLine
	More, Accepted                           int
	Filters                                  string // ids
	Found                                    string // how many findings, in words
}

// pageLine is one finding of an exchange.
type pageLine struct {
	Outcome              outcome
	Rule, Place, Promise string
}

// pageRows are complete once all filters are shown.
func (h *htmlWriter) pageRows(byTime bool) []pageRow {
	var out []pageRow
	layout := "15:04:05"
	if h.first.UTC().YearDay() != h.last.UTC().YearDay() || h.last.Sub(h.first) > 24*time.Hour {
		layout = "2 Jan 15:04:05"
	}
	for _, r := range h.rows.listed() {
		one := pageRow{
			Number: r.number, Subject: r.subject, Status: r.status, State: r.state, Problem: r.problem, Elapsed: r.elapsed,
			Outcome: r.outcome, Unread: r.unread, Withheld: r.withheld, Lines: r.lines, More: r.more, Accepted: r.accepted,
		}
		if !r.started.IsZero() {
			one.Time, one.Exact = r.started.UTC().Format(layout), r.started.UTC().Format(time.RFC3339Nano)
		}
		render := &filter{}
		if r.render != "" {
			render = h.filters.get("render", r.render)
		}
		one.Render = render.id
		one.Filters = strings.Trim(fmt.Sprint(ids(append(r.picked, h.stretch(r, byTime), render))), "[]")
		if n := len(r.lines) + r.more; n > 0 {
			one.Found = counted(n, "finding")
		}
		out = append(out, one)
	}
	return out
}

// stretch is the filter of the bar that counts a row.
func (h *htmlWriter) stretch(r *row, byTime bool) *filter {
	switch {
	case !byTime:
		return h.stretchFilter(&h.numbers, h.numbers.stretch(int64(r.number-1)), false)
	case r.started.IsZero():
		return &filter{}
	default:
		return h.stretchFilter(&h.times, h.times.stretch(r.started.UnixMilli()), true)
	}
}
