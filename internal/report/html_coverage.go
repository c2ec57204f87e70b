package report

import (
	"slices"

	"github.com/roughy-go/roughy/internal/contract"
)

const (
	mostNever = 300   // parts that were never seen
	mostParts = 1_500 // parts in all
)

// pageCoverage is what of the document was seen.
type pageCoverage struct {
	Kinds      []pageKind
	Never      []pagePart
	NeverMore  int
	Operations []pageOperation
	More       int // parts that are not listed
}

// pageKind is a kind of parts and how many of it were seen.
type pageKind struct {
	Name      string
	Seen, All int
	Bar       string // of 100
}

type pagePart struct {
	Kind, Name, Position string
	Seen                 int
}

type pageOperation struct {
	Name      string
	Seen, All int
	Parts     []pagePart
}

func coverage(parts []contract.Part) pageCoverage {
	var out pageCoverage
	for _, kind := range kinds() {
		if seen, all := coverageCounts(parts, kind[0]); all > 0 {
			out.Kinds = append(out.Kinds, pageKind{kind[1], seen, all, coordinate(100 * float64(seen) / float64(all))})
		}
	}
	out.never(parts)
	out.operations(parts)
	return out
}

// never is what nobody saw, but for what belongs to a part that nobody saw itself.
func (c *pageCoverage) never(parts []contract.Part) {
	unseen, statuses := unseenOwners(parts)
	for _, p := range parts {
		switch {
		case p.Seen > 0, slices.ContainsFunc(owners(p), func(o owner) bool { return unseen[o] }):
		case len(c.Never) == mostNever:
			c.NeverMore++
		default:
			name := spelled(p, len(statuses) > 1, statuses[p.Operation] > 1)
			c.Never = append(c.Never, pagePart{p.Kind, shown(name), shown(p.Position), 0})
		}
	}
}

func (c *pageCoverage) operations(parts []contract.Part) {
	listed := 0
	for _, p := range parts {
		n := len(c.Operations)
		if n == 0 || c.Operations[n-1].Name != shown(p.Operation) {
			c.Operations = append(c.Operations, pageOperation{Name: shown(p.Operation)})
			n++
		}
		o := &c.Operations[n-1]
		o.All++
		o.Seen += min(p.Seen, 1)
		if listed == mostParts {
			c.More++
			continue
		}
		listed++
		o.Parts = append(o.Parts, pagePart{p.Kind, shown(spelled(p, false, true)), shown(p.Position), p.Seen})
	}
}
