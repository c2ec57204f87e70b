package contract

import (
	"cmp"
	"slices"
)

// collector gathers findings and keeps the worst of them within a bound, so that a hostile body costs no more memory than
// a friendly one.
type collector struct {
	limit   int
	found   []Finding
	omitted int
	worst   Verdict
}

// slack is how far the list may grow before it is cut.
const slack = 1000

func (c *collector) add(f Finding) {
	c.worst = max(c.worst, f.Severity)
	c.found = append(c.found, f)
	if len(c.found) > c.limit+slack {
		c.cut()
	}
}

// cut drops repetitions, then the least severe and latest. What is left does not depend on the order of arrival.
func (c *collector) cut() {
	slices.SortFunc(c.found, func(a, b Finding) int {
		return cmp.Or(-cmp.Compare(a.Severity, b.Severity), a.Compare(b))
	})
	c.found = slices.Compact(c.found)
	if over := len(c.found) - c.limit; over > 0 {
		c.omitted += over
		c.found = c.found[:c.limit]
	}
}

func (c *collector) report(operation string) Report {
	c.cut()
	slices.SortFunc(c.found, Finding.Compare)
	return Report{Operation: operation, Verdict: c.worst, Findings: append([]Finding{}, c.found...), Omitted: c.omitted}
}
