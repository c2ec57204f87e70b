package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
)

// page is all that the template shows.
type page struct {
	Policy           string
	Style            template.CSS
	Script           template.JS
	Data             pageData
	Title            string
	Outcome          outcome // of the whole, for its colour
	Headline, Detail string
	Source, Document string
	From, To         string // when; "" if nobody knows
	Lasted           string
	Checked          string
	Tiles            []pageTile
	Trend            pageChart
	Findings         pageFindings
	Latency          pageLatency
	Timelines        pageTimelines
	Coverage         pageCoverage
	Rows             []pageRow
	LeftOut          []string // how many exchanges of each outcome are not listed, in words
	Accepted         pageFindings
	Stale, Expired   []string
	BaselineMore     int
}

// pageTile is a count at the top.
type pageTile struct {
	Name, Class, About, Count string
	Filter                    int // 0 if it picks nothing
}

func (h *htmlWriter) page(s Summary) page {
	out := page{
		Style: template.CSS(htmlStyle), Script: template.JS(htmlScript),
		Policy: "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; " +
			"style-src " + hash(htmlStyle) + "; script-src " + hash(htmlScript),
		Source: shown(s.Source), Document: shown(s.Document), Checked: thousands(h.totals.Checks),
		Tiles: h.tiles(s), Findings: h.pageFindings(), Latency: h.latency.page(), Timelines: h.pageTimelines(),
		Coverage: coverage(s.Coverage), Accepted: findingRows(&h.accepted),
	}
	out.Outcome, out.Headline, out.Detail = h.totals.sentence(len(s.Expired))
	out.Title = cmp.Or(out.Source, "roughy")
	out.baseline(s)
	if !h.first.IsZero() {
		out.From, out.To = h.first.UTC().Format(pageTime), h.last.UTC().Format(pageTime)
		out.Lasted = period(h.last.Sub(h.first))
	}
	var cells [][3]int
	out.Trend, cells = h.chart()
	out.Rows = h.pageRows(out.Trend.ByTime)
	out.LeftOut = h.leftOut(out.Rows)
	out.Data = h.filters.data(cells)
	return out
}

const pageTime = "2 Jan 2006, 15:04:05 UTC"

// hash allows a text in a content security policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// sentence is the verdict of the whole: its colour, a headline, and how it comes about.
func (t Totals) sentence(expired int) (o outcome, headline, detail string) {
	judged := t.Checks - t.Outside
	of := " of " + thousands(judged) + " " + plural(judged, "exchange", "exchanges") + " "
	switch {
	case judged == 0:
		return outcomeOutside, "Nothing was checked", "There is no exchange to say anything about."
	case t.Violations > 0:
		return outcomeViolation, "The contract is broken", thousands(t.Violations) + of + plural(t.Violations, "breaks", "break") + " it."
	case expired > 0:
		return outcomeViolation, "Accepted findings have expired",
			"Nothing new breaks the contract, but the baseline no longer accepts " + counted(expired, "finding") + "."
	case t.Unanswered == judged:
		return outcomeUnanswered, "No answer came", "There was nothing to judge."
	case t.Unchecked > 0:
		return outcomeUnchecked, "Not everything could be judged",
			"Nothing that was judged breaks the contract, but " + thousands(t.Unchecked) + of + "could not be judged whole."
	case t.Unread == judged:
		return outcomeUnanswered, "Nothing could be read", "Every answer that came keeps the contract, but none holds what was asked for."
	case t.Unanswered > 0:
		return outcomeUnanswered, "Not every exchange was answered",
			"Every answer keeps the contract, but " + thousands(t.Unanswered) + of + "had none."
	case t.Warnings > 0:
		return outcomeWarning, "The contract is kept, with warnings",
			thousands(t.Warnings) + of + plural(t.Warnings, "shows", "show") + " something that is not documented or not expected."
	default:
		return outcomeOK, "The contract is kept",
			"Nothing was found in " + thousands(judged) + " " + plural(judged, "exchange", "exchanges") + "."
	}
}

func (h *htmlWriter) tiles(s Summary) []pageTile {
	t := h.totals
	var out []pageTile
	add := func(name, class, about string, n int, f *filter) {
		tile := pageTile{Name: name, Class: class, About: about, Count: thousands(n)}
		if f != nil && n > 0 {
			tile.Filter = h.filters.show(f)
		}
		out = append(out, tile)
	}
	verdict := func(o outcome, name, about string, always bool) {
		if n := o.count(t); n > 0 || always {
			add(name, o.Class(), about, n, h.filters.get("verdict", o.String()))
		}
	}
	optional := func(name, about string, n int, f *filter) {
		if n > 0 {
			add(name, "plain", about, n, f)
		}
	}
	verdict(outcomeViolation, "violations", "break the contract", true)
	verdict(outcomeUnanswered, "unanswered", "no answer came", false)
	verdict(outcomeUnchecked, "unchecked", "could not be judged whole", true)
	verdict(outcomeWarning, "warnings", "undocumented, but harmless", true)
	verdict(outcomeOK, "ok", "without a finding", true)
	verdict(outcomeOutside, "outside", "of servers that the document does not name", false)
	optional("unread", "nothing could be read, whatever the verdict", t.Unread, h.filters.get("read", "no"))
	optional("accepted", "findings that the baseline accepts", t.Accepted, h.filters.get("accepted", "yes"))
	optional("skipped", "not judged, as asked for", s.Skipped, nil)
	optional("forgotten", "renders whose earlier reads were forgotten", s.Forgotten, nil)
	return out
}

// baseline is what is to be told of it.
func (p *page) baseline(s Summary) {
	const most = 200
	for _, list := range []struct {
		from []string
		to   *[]string
	}{{s.Expired, &p.Expired}, {s.Stale, &p.Stale}} {
		for _, text := range list.from[:min(len(list.from), most)] {
			*list.to = append(*list.to, shown(text))
		}
		p.BaselineMore += max(len(list.from)-most, 0)
	}
}

// leftOut is how many exchanges of each outcome the table does not list.
func (h *htmlWriter) leftOut(rows []pageRow) []string {
	var listed [outcomes]int
	for _, r := range rows {
		listed[r.Outcome]++
	}
	var out []string
	for o := outcomes - 1; o >= 0; o-- {
		if n := o.count(h.totals) - listed[o]; n > 0 {
			out = append(out, fmt.Sprintf("%s %s", thousands(n), o))
		}
	}
	return out
}

// plural is the word for that many.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
