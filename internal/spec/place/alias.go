package place

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// mostLevels is how deep a document may be nested. Pointers grow with the depth, so that memory grows with its square.
const mostLevels = 1_000

// mostRepeated is how many values aliases may stand for, all together. A few hundred bytes of aliases of aliases stand for any number.
const mostRepeated = 100_000

// bounded refuses what would take more memory than what is written can be worth.
func (d *Document) bounded() error {
	b := bound{d: d, known: map[*yaml.Node]extent{}}
	_, err := b.measure(d.root, 0)
	return err
}

// extent is how many values a node is with its aliases written out, and on how many levels.
type extent struct{ values, levels int }

// bound measures a document, each anchor once.
type bound struct {
	d        *Document
	known    map[*yaml.Node]extent // of what has an anchor; none while it is measured
	repeated int
}

func (b *bound) measure(n *yaml.Node, level int) (extent, error) {
	if n.Kind == yaml.AliasNode {
		return b.alias(n, level)
	}
	if level > mostLevels {
		return extent{}, b.deep(n)
	}
	out := extent{1, 1}
	for _, child := range n.Content {
		e, err := b.measure(child, level+1)
		if err != nil {
			return e, err
		}
		out = extent{out.values + e.values, max(out.levels, e.levels+1)}
	}
	if n.Anchor != "" {
		b.known[n] = out
	}
	return out, nil
}

func (b *bound) alias(n *yaml.Node, level int) (extent, error) {
	e, is := b.known[n.Alias]
	switch b.repeated += e.values; {
	case !is:
		return e, fmt.Errorf("%s: alias %.40q stands inside of what it stands for", b.d.Mark(n), n.Value)
	case b.repeated > mostRepeated:
		return e, fmt.Errorf("%s: aliases stand for more than %d values: write them out, or use $ref", b.d.Mark(n), mostRepeated)
	case level+e.levels > mostLevels:
		return e, b.deep(n)
	}
	return e, nil
}

func (b *bound) deep(n *yaml.Node) error {
	return fmt.Errorf("%s: nested more than %d levels", b.d.Mark(n), mostLevels)
}
