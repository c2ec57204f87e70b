package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/roughy-go/roughy/internal/contract"
)

// group is one finding, however many exchanges have it.
type group struct {
	contract.Finding        // of the first exchange, with * for each array index in the pointer
	Operation        string // "" if none answered
	Count            int    // exchanges that have it, at one place or at several
	First            int    // the number of the first one; 0 if it has none
	Subject          string // of the first one

	latest int // the check that was counted last
}

// groups brings findings together that are of one rule, operation, place in the document and place in the answer. However many
// there are, at most mostGroups are kept, of mostGroupBytes, and the others counted. The zero value is empty.
type groups struct {
	Left int // findings that found no place in a group, or that their check leaves out

	byKey  map[groupKey]*group
	bytes  int
	checks int
}

const (
	mostGroups     = 10_000
	mostGroupBytes = 8 << 20
)

type groupKey struct{ rule, operation, document, pointer string }

// add counts the findings of a check. It returns the group of each, in their order; nil where there was no place for it.
func (g *groups) add(c Check) []*group {
	if c.Report == nil {
		return nil
	}
	g.Left += c.Report.Omitted
	return g.count(c, c.Report.Findings)
}

// accept counts what the baseline accepts of a check.
func (g *groups) accept(c Check) { g.count(c, c.Accepted) }

func (g *groups) count(c Check, findings []contract.Finding) []*group {
	if len(findings) == 0 {
		return nil
	}
	g.checks++
	out := make([]*group, len(findings))
	for i, f := range findings {
		if out[i] = g.of(c, f); out[i] == nil {
			g.Left++
		} else if out[i].latest < g.checks {
			out[i].latest = g.checks
			out[i].Count++
		}
	}
	return out
}

// of is the group of a finding; a new one if need be, nil if there is no place for one.
func (g *groups) of(c Check, f contract.Finding) *group {
	f.Pointer = contract.AnyIndex(f.Pointer)
	key := groupKey{f.Rule, c.operation(), f.Document, f.Pointer}
	if known := g.byKey[key]; known != nil {
		return known
	}
	size := len(f.Pointer) + len(f.Document) + len(f.Position) + len(f.Expected) + len(f.Got) + len(c.Subject)
	if len(g.byKey) >= mostGroups || g.bytes+size > mostGroupBytes {
		return nil
	}
	if g.byKey == nil {
		g.byKey = map[groupKey]*group{}
	}
	// A subject may be a part of a text that nobody else needs.
	fresh := &group{Finding: f, Operation: key.operation, First: c.Number, Subject: strings.Clone(c.Subject)}
	g.byKey[key] = fresh
	g.bytes += size
	return fresh
}

// worst is all groups: the most severe first, of these the most frequent.
func (g *groups) worst() []*group {
	out := make([]*group, 0, len(g.byKey))
	for _, one := range g.byKey {
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b *group) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(b.Count, a.Count),
			a.Compare(b.Finding),
			cmp.Compare(a.Operation, b.Operation),
		)
	})
	return out
}

// operation is the documented operation that answered, "" if there is none.
func (c Check) operation() string {
	if c.Report == nil {
		return ""
	}
	return c.Report.Operation
}

// located takes a position apart: file:line:column. Of one that has no line, or of none, it is the file and line 1.
func located(position, document string) (file string, line, column int) {
	front, last, _ := cutLast(position)
	file, middle, ok := cutLast(front)
	line, err := strconv.Atoi(middle)
	column, err2 := strconv.Atoi(last)
	if !ok || err != nil || err2 != nil || line < 1 {
		return cmp.Or(position, document), 1, 1
	}
	return file, line, max(column, 1)
}

// cutLast is s around its last colon: a file may have one in its name.
func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// message is what a group says in one sentence, but for its rule and where it is documented.
func (g *group) message() string {
	text := place(g.Finding)
	if g.Operation != "" {
		text += " of " + g.Operation
	}
	text += ": " + promise(g.Finding) + "; in " + counted(g.Count, "exchange") + ", first "
	if g.First > 0 {
		text += fmt.Sprintf("#%d ", g.First)
	}
	return text + g.Subject
}
