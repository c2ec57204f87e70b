package place

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Members goes over the members of a mapping, its own before those that merge keys bring in: the node of each name, and its value.
// What is no mapping has none.
func Members(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		members(n, nil, yield)
	}
}

// members leaves out the names that the mappings around it have, and adds its own to them if it brings in others.
func members(n *yaml.Node, taken map[string]bool, yield func(key, value *yaml.Node) bool) bool {
	if n == nil || n.Kind != yaml.MappingNode {
		return true
	}
	var merged []*yaml.Node
	for pair := range slices.Chunk(n.Content, 2) {
		key, value := pair[0], Plain(pair[1])
		switch {
		case key.ShortTag() == "!!merge":
			merged = append(merged, append(Items(value), value)...)
		case taken[key.Value]:
		case !yield(key, value):
			return false
		}
	}
	if merged == nil && taken == nil {
		return true
	}
	taken = with(taken, n)
	for _, from := range merged {
		if from = Plain(from); !members(from, taken, yield) {
			return false
		}
		taken = with(taken, from)
	}
	return true
}

// with adds the names of a mapping to those that are taken.
func with(taken map[string]bool, n *yaml.Node) map[string]bool {
	if taken == nil {
		taken = map[string]bool{}
	}
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		taken[n.Content[i].Value] = true
	}
	return taken
}

// Member is a member of a mapping by its name; nil if there is none.
func Member(n *yaml.Node, name string) *yaml.Node {
	for key, value := range Members(n) {
		if key.Value == name {
			return value
		}
	}
	return nil
}

// Text is what a member says that is no list and no mapping.
func Text(n *yaml.Node, name string) (text string, ok bool) {
	if v := Member(n, name); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value, true
	}
	return "", false
}

// Items are the items of a list. What is no list has none.
func Items(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// Value is what a node says, as a JSON decoder would have it, with numbers as they are written.
func Value(n *yaml.Node) any {
	n = Plain(n)
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		for key, value := range Members(n) {
			out[key.Value] = Value(value)
		}
		return out
	case yaml.SequenceNode:
		out := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			out = append(out, Value(item))
		}
		return out
	}
	return scalar(n)
}

func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return b
		}
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
		var v any
		if text := ""; n.Decode(&v) == nil {
			if text = fmt.Sprint(v); json.Valid([]byte(text)) {
				return json.Number(text)
			}
		}
	}
	return n.Value
}
