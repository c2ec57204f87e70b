package overlay

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// merger merges an update into a document's text.
type merger struct{ *editor }

func (m merger) merge(to, by *yaml.Node, at way) error {
	switch {
	case to.Kind == yaml.AliasNode:
		return m.refuse(to, "%s is an alias: edit it by hand, where its anchor is", at)
	case to.Kind != by.Kind:
		return m.refuse(to, "%s is %s, and the overlay has %s for it: an update keeps the kind, so remove it first", at, kinds[to.Kind], kinds[by.Kind])
	case to.Kind == yaml.MappingNode:
		return m.members(to, by, at)
	case to.Kind == yaml.SequenceNode:
		return m.items(to, by)
	case same(to, by):
		return nil
	}
	return m.replace(to, clone(by))
}

var kinds = map[yaml.Kind]string{yaml.MappingNode: "an object", yaml.SequenceNode: "a list", yaml.ScalarNode: "a value", yaml.AliasNode: "an alias"}

func (m merger) members(to, by *yaml.Node, at way) error {
	var added []*yaml.Node
	for i := 0; i+1 < len(by.Content); i += 2 {
		name, v := by.Content[i], by.Content[i+1]
		if own := member(to, name.Value); own == nil {
			added = append(added, clone(name), clone(v))
		} else if err := m.merge(own, v, append(slices.Clone(at), name.Value)); err != nil {
			return err
		}
	}
	if len(added) == 0 {
		return nil
	}
	return m.add(to, added)
}

func (m merger) items(to, by *yaml.Node) error {
	var added []*yaml.Node
	for _, item := range by.Content {
		is := func(n *yaml.Node) bool { return same(n, item) }
		if !slices.ContainsFunc(to.Content, is) && !slices.ContainsFunc(added, is) {
			added = append(added, clone(item))
		}
	}
	if len(added) == 0 {
		return nil
	}
	return m.extend(to, added)
}

// merged is merge for values.
func merged(to, by any) any {
	switch by := by.(type) {
	case map[string]any:
		into, ok := to.(map[string]any)
		if !ok {
			return by
		}
		out := maps.Clone(into)
		for name, v := range by {
			if own, known := into[name]; known {
				out[name] = merged(own, v)
			} else {
				out[name] = v
			}
		}
		return out
	case []any:
		list, ok := to.([]any)
		if !ok {
			return by
		}
		out := slices.Clone(list)
		for _, item := range by {
			if !slices.ContainsFunc(out, func(v any) bool { return equal(v, item) }) {
				out = append(out, item)
			}
		}
		return out
	}
	return by
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// with is a value in which another stands at a place.
func with(v any, at way, to func(any) any) any {
	if len(at) == 0 {
		return to(v)
	}
	switch v := v.(type) {
	case map[string]any:
		out := maps.Clone(v)
		out[at[0]] = with(v[at[0]], at[1:], to)
		return out
	case []any:
		out := slices.Clone(v)
		if i, err := strconv.Atoi(at[0]); err == nil && i >= 0 && i < len(out) {
			out[i] = with(out[i], at[1:], to)
		}
		return out
	}
	return v
}

// without is a value without one of its members or items.
func without(v any, part string) any {
	switch v := v.(type) {
	case map[string]any:
		out := maps.Clone(v)
		delete(out, part)
		return out
	case []any:
		if i, err := strconv.Atoi(part); err == nil && i < len(v) {
			return slices.Delete(slices.Clone(v), i, i+1)
		}
	}
	return v
}

// claim is what an action asks for at a place.
type claim struct {
	action int
	of     any // nil: it is to go
}

// claim says that at a place there is to be a value, and refuses what another action has otherwise.
func (r *run) claim(at way, by *yaml.Node, number int) error {
	return r.hold(at.String(), value(by), number)
}

func (r *run) hold(place string, of any, number int) error {
	before, known := r.claims[place]
	if known && before.action != number && !equal(before.of, of) {
		return fmt.Errorf("conflicts with the action at line %d: both are about %s", r.overlay.Actions[before.action].line, place)
	}
	for above := place; !known && above != ""; above = above[:lastSlash(above)] {
		if gone, taken := r.claims[above]; taken && gone.of == nil && gone.action != number {
			return fmt.Errorf("conflicts with the action at line %d, which takes out %s", r.overlay.Actions[gone.action].line, above)
		}
	}
	r.claims[place] = claim{number, of}
	return nil
}

func lastSlash(pointer string) int {
	for i := len(pointer) - 1; i > 0; i-- {
		if pointer[i] == '/' {
			return i
		}
	}
	return 0
}

// claimUpdate claims each value that an update sets; of what is added to a list, that it is in it.
func (r *run) claimUpdate(at way, to, by *yaml.Node, number int) error {
	switch {
	case by.Kind == yaml.MappingNode && (to == nil || to.Kind == yaml.MappingNode):
		for i := 0; i+1 < len(by.Content); i += 2 {
			name := by.Content[i].Value
			var own *yaml.Node
			if to != nil {
				own = member(to, name)
			}
			if err := r.claimUpdate(append(slices.Clone(at), name), own, by.Content[i+1], number); err != nil {
				return err
			}
		}
		return nil
	case by.Kind == yaml.SequenceNode:
		for _, item := range by.Content {
			if err := r.hold(inList(at, item), "in", number); err != nil {
				return err
			}
		}
		return nil
	}
	return r.claim(at, by, number)
}

// claimRemoval claims that something is to go, and refuses it where another action set something there.
func (r *run) claimRemoval(at way, n *yaml.Node, number int) error {
	place := at.String()
	if parent := r.find(at[:len(at)-1]); parent != nil && parent.Kind == yaml.SequenceNode {
		return r.hold(inList(at[:len(at)-1], n), nil, number)
	}
	for other, c := range r.claims {
		if c.action != number && c.of != nil && len(other) > len(place) && other[:len(place)+1] == place+"/" {
			return fmt.Errorf("conflicts with the action at line %d, which sets %s", r.overlay.Actions[c.action].line, other)
		}
	}
	return r.hold(place, nil, number)
}

// inList names an item by what it says, since its number may change.
func inList(at way, item *yaml.Node) string { return at.String() + "/=" + fmt.Sprint(value(item)) }
