package contract

import (
	"cmp"
	"slices"
)

// collector gathers findings and keeps the worst of them within a bound, so that a hostile body costs no more memory than
// a friendly one.
type collector struct {
	limit   int
	found   []sighting
	omitted int
	worst   Verdict
	places  [Violation + 1]int // bytes of the places that were added, by severity
}

// mostPlaces is how many bytes all places of one severity may have. Those after it are counted alone.
const mostPlaces = 8 << 20

// full tells whether a finding is only to be counted, and counts it.
func (c *collector) full(severity Verdict) bool {
	if c.places[severity] <= mostPlaces {
		return false
	}
	c.omitted++
	return true
}

// sighting is a finding and its place in the body as it is, which tells findings apart that the mask makes look the same.
// The place may hold secrets, and stays here.
type sighting struct {
	Finding
	place string
}

func (s sighting) compare(t sighting) int {
	return cmp.Or(s.Finding.Compare(t.Finding), cmp.Compare(s.place, t.place))
}

// slack is how far the list may grow before it is cut.
const slack = 1000

func (c *collector) add(f Finding, place string) {
	c.worst = max(c.worst, f.Severity)
	c.places[f.Severity] += len(place)
	c.found = append(c.found, sighting{f, place})
	if len(c.found) > c.limit+slack {
		c.cut()
	}
}

// cut drops repetitions, then the least severe and latest. What is left does not depend on the order of arrival.
func (c *collector) cut() {
	slices.SortFunc(c.found, func(a, b sighting) int {
		return cmp.Or(-cmp.Compare(a.Severity, b.Severity), a.compare(b))
	})
	c.found = slices.Compact(c.found)
	if over := len(c.found) - c.limit; over > 0 {
		c.omitted += over
		c.found = c.found[:c.limit]
	}
}

// reset forgets all that was found, and keeps a list of ordinary size.
func (c *collector) reset() {
	clear(c.found)
	*c = collector{found: c.found[:0]}
	if cap(c.found) > slack {
		c.found = nil
	}
}

func (c *collector) report(operation string) Report {
	c.cut()
	slices.SortFunc(c.found, sighting.compare)
	r := Report{Operation: operation, Verdict: c.worst, Findings: make([]Finding, len(c.found)), Omitted: c.omitted}
	for i, s := range c.found {
		r.Findings[i] = s.Finding
	}
	return r
}
