package lint

import (
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// isSchema tells whether a part is a schema, whatever it is the schema of.
func (p part) isSchema() bool { return p.kind == schema || p.kind == property || p.kind == inline }

// twice looks for values that an enum has twice.
func (l *linter) twice() {
	for _, p := range l.parts {
		seen := map[string]bool{}
		for i, item := range place.Items(place.Member(p.node, "enum")) {
			if text := item.ShortTag() + item.Value; item.Kind != yaml.ScalarNode || !seen[text] {
				seen[text] = true
			} else {
				l.say("enum-twice", place.Join(p.at, "enum", strconv.Itoa(i)), "value %.60q comes twice", item.Value)
			}
		}
	}
}

// types refuses the name of a type that there is not.
func (l *linter) types() {
	all := []string{"null", "boolean", "object", "array", "number", "integer", "string"}
	check := func(n *yaml.Node, at string) {
		if !slices.Contains(all, n.Value) {
			l.say("type", at, "%.60q is no type: want one of %v", n.Value, all)
		}
	}
	for _, p := range l.parts {
		at := place.Join(p.at, "type")
		words := place.Member(p.node, "type")
		if !p.isSchema() || words == nil {
			continue
		}
		for i, word := range place.Items(words) {
			check(word, place.Join(at, strconv.Itoa(i)))
		}
		if words.Kind != yaml.SequenceNode {
			check(words, at)
		}
	}
}
