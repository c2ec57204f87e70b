package report

import "strings"

const (
	mostFindings = 250 // rows of a table of findings
	mostRanked   = 24  // bars of a kind
)

// pageFinding is a group of findings in a table.
type pageFinding struct {
	Outcome                             outcome
	Rule, About, Place, Expected, Got   string
	Operation, Position, First, Subject string
	Count                               int
	Bar                                 string // its share of the most frequent, of 100
	RuleFilter, FieldFilter             int
}

// pageFindings is the table, and two rankings of the same.
type pageFindings struct {
	Rows          []pageFinding
	More, Left    int
	Rules, Fields pageRanking
}

type pageRanking struct {
	Items []pageRanked
	More  int
}

type pageRanked struct {
	Value   string
	Filter  int
	Count   int
	Bar     string // of 100
	Outcome outcome
}

func (h *htmlWriter) pageFindings() pageFindings {
	out := findingRows(&h.found)
	for i, g := range h.found.worst()[:len(out.Rows)] {
		out.Rows[i].RuleFilter = h.filters.show(h.filters.rule(g))
		out.Rows[i].FieldFilter = h.filters.show(h.filters.field(g))
	}
	out.Rules, out.Fields = h.ranking("rule"), h.ranking("field")
	return out
}

// findingRows is the table alone.
func findingRows(found *groups) pageFindings {
	all := found.worst()
	out := pageFindings{More: max(len(all)-mostFindings, 0), Left: found.Left}
	most := 1
	for _, g := range all {
		most = max(most, g.Count)
	}
	for _, g := range all[:min(len(all), mostFindings)] {
		one := pageFinding{
			Outcome: verdictOutcome(g.Severity), Rule: shown(g.Rule), About: shown(describe(g.Rule).short),
			Place: clipped(Printable(place(g.Finding))), Expected: shown(g.Expected), Got: shown(g.Got),
			Operation: shown(g.Operation), Position: shown(g.Position), Subject: shown(g.Subject),
			Count: g.Count, Bar: share(g.Count, most),
		}
		if g.First > 0 {
			one.First = "#" + thousands(g.First)
		}
		out.Rows = append(out.Rows, one)
	}
	return out
}

func (h *htmlWriter) ranking(kind string) pageRanking {
	all := h.filters.most(kind)
	out := pageRanking{More: max(len(all)-mostRanked, 0)}
	most := 1
	for _, f := range all {
		most = max(most, f.count)
	}
	for _, f := range all[:min(len(all), mostRanked)] {
		out.Items = append(out.Items, pageRanked{f.value, h.filters.show(f), f.count, share(f.count, most), verdictOutcome(f.worst)})
	}
	return out
}

// share is a part of a whole, of 100, and never so small that it is not seen.
func share(n, whole int) string { return coordinate(max(100*float64(n)/float64(whole), 0.7)) }

// Told is whether About says more than the rule; it does not where no text is known.
func (f pageFinding) Told() bool { return f.About != "" && !strings.EqualFold(f.About, f.Rule) }
