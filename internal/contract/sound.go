package contract

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// mostNodes is how many nodes a document may have once its aliases are written out.
const mostNodes = 10_000_000

// aliases refuses a document whose aliases contain themselves, or stand for far more than is written.
func (t tree) aliases() error {
	sizes := map[*yaml.Node]int{}
	var size func(n *yaml.Node) (int, error)
	size = func(n *yaml.Node) (total int, err error) {
		if n.Kind == yaml.AliasNode {
			known, met := sizes[n.Alias]
			if met && known == 0 {
				return 0, fmt.Errorf("%s: alias %q stands inside of what it stands for", t.place(n), n.Value)
			}
			if met {
				return known, nil
			}
			return size(n.Alias)
		}
		if n.Anchor != "" {
			sizes[n] = 0
			defer func() { sizes[n] = total }()
		}
		total = 1
		for _, c := range n.Content {
			more, err := size(c)
			if err != nil {
				return 0, err
			}
			if total += more; total > mostNodes {
				return 0, fmt.Errorf("%s: aliases make more than %d values of the document", t.place(n), mostNodes)
			}
		}
		return total, nil
	}
	_, err := size(t.root)
	return err
}

// twice refuses a document with a key that comes twice in one object: which one is meant, parsers disagree on.
func (t tree) twice() error {
	var check func(n *yaml.Node) error
	check = func(n *yaml.Node) error {
		seen := map[string]bool{}
		for i, c := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 {
				if seen[c.Value] && c.Kind == yaml.ScalarNode && c.ShortTag() != "!!merge" {
					return fmt.Errorf("%s: key %s comes twice", t.place(c), quoted(c.Value))
				}
				seen[c.Value] = true
			}
			if err := check(c); err != nil {
				return err
			}
		}
		return nil
	}
	return check(t.root)
}

// objects refuses a document in which something is no object that has to be one, and of which kin-openapi does not say where.
func (t tree) objects() error {
	return t.visit(func(n *yaml.Node, at string) error {
		_, responses := member(n, "responses")
		if responses == nil {
			return nil
		}
		for _, status := range names(unalias(responses)) {
			key, entry := member(unalias(responses), status)
			if unalias(entry).Kind != yaml.MappingNode && !strings.HasPrefix(status, "x-") {
				return fmt.Errorf("%s: response %s is no object", t.place(key), quoted(status))
			}
		}
		return nil
	})
}
