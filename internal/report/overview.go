package report

import (
	"bytes"
	"fmt"
	"text/tabwriter"
)

// mostRows is how many findings the overview lists.
const mostRows = 20

// overview writes what is said of all exchanges together: a table of findings, if the lines above do not tell it all, and notes.
func (t *textWriter) overview(out *bytes.Buffer, s Summary) {
	groups, coverage := t.found.worst(), coverageLines(s.Coverage)
	if !t.quiet && len(coverage) > 0 {
		coverage = coverage[:1] // few exchanges show little, and what they do not is no news
	}
	notes := append(coverage, t.totals.notes(s)...)
	table := t.found.Left > 0 || len(groups) > 3
	for _, g := range groups {
		table = table || g.Count > 1
	}
	if table {
		t.paragraph(out)
		t.table(out, groups)
	}
	if table || len(notes) > 0 {
		t.paragraph(out)
	}
	for _, n := range notes {
		fmt.Fprintln(out, n)
	}
}

// paragraph is an empty line, but at the front.
func (t *textWriter) paragraph(out *bytes.Buffer) {
	if t.begun || out.Len() > 0 {
		fmt.Fprintln(out)
	}
}

func (t *textWriter) table(out *bytes.Buffer, groups []*group) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, g := range groups[:min(len(groups), mostRows)] {
		fmt.Fprintln(table, t.row(g.Finding, times(g.Count))+"\tfirst in "+t.name(g.First, g.Subject))
	}
	table.Flush()
	if more := len(groups) - mostRows; more > 0 {
		fmt.Fprintf(out, "and %d more\n", more)
	}
	if t.found.Left > 0 {
		fmt.Fprintf(out, "and %s in no row, because there were too many\n", counted(t.found.Left, "finding"))
	}
}

// notes are a line for each thing that a reader of the counts has to know.
func (t Totals) notes(s Summary) []string {
	var out []string
	note := func(label, text string) { out = append(out, fmt.Sprintf("%-10s  %s", label, text)) }
	count := func(label string, n int, noun, rest string) {
		if n > 0 {
			note(label, counted(n, noun)+" "+rest)
		}
	}
	for _, text := range s.Stale {
		note("stale", Printable(text))
	}
	for _, text := range s.Expired {
		note("expired", Printable(text))
	}
	count("accepted", t.Accepted, "finding", "accepted by the baseline")
	count("outside", t.Outside, "exchange", "with servers that the document does not name")
	count("skipped", s.Skipped, "exchange", "not judged, as asked for")
	count("forgotten", s.Forgotten, "render", "whose earlier reads were forgotten, because there were too many")
	return out
}

// line is the counts of verdicts.
func (t Totals) line() string {
	line := fmt.Sprintf("%d checked: %d ok, %d with warnings, %d unchecked, %d with violations",
		t.Checks, t.OK, t.Warnings, t.Unchecked, t.Violations)
	if t.Unanswered > 0 {
		line += fmt.Sprintf(", %d without an answer", t.Unanswered)
	}
	if t.Outside > 0 {
		line += fmt.Sprintf(", %d outside", t.Outside)
	}
	if t.Unread > 0 {
		line += fmt.Sprintf("; %d not read, counted by answer", t.Unread)
	}
	return line
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// counted is a number of things: 1 finding, 2 findings.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
