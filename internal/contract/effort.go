package contract

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// mostEffort is how often the engine may look at a value, or at a part of it, by a schema. Where schemas that choose lead back to
// themselves, that can double with every level of a body.
const mostEffort = 1_000_000

// effort counts how often the engine will look, before it does. Looks of the same schema at the same part are counted
// together, so that counting takes a time that grows with the body alone.
type effort struct {
	left int
}

// tooHard tells whether it takes the engine more than mostEffort to hold a value to schemas. Those that do not lead back to
// themselves are no harder than their document is long.
func (s *schemas) tooHard(roots []*jsonschema.Schema, value any) bool {
	if !slices.ContainsFunc(roots, func(root *jsonschema.Schema) bool { return s.cyclic[root] }) {
		return false
	}
	looks := map[*jsonschema.Schema]int{}
	for _, root := range roots {
		looks[root]++
	}
	e := effort{mostEffort}
	e.count(value, looks)
	return e.left < 0
}

// findCycles marks every schema that leads back to itself, or to one that does.
func (s *schemas) findCycles() {
	known := map[*jsonschema.Schema]bool{}
	var leads func(c *jsonschema.Schema) bool
	leads = func(c *jsonschema.Schema) bool {
		if known[c] {
			return s.cyclic[c]
		}
		known[c], s.cyclic[c] = true, true // to whoever comes back to it
		s.cyclic[c] = slices.ContainsFunc(children(c), leads)
		return s.cyclic[c]
	}
	for _, c := range s.inOrder() {
		leads(c)
	}
}

// count takes off what it costs that each schema looks at a value so often.
func (e *effort) count(value any, looks map[*jsonschema.Schema]int) {
	all := map[*jsonschema.Schema]int{}
	for s, n := range looks {
		e.inPlace(s, n, all, 50)
	}
	switch v := value.(type) {
	case map[string]any:
		for name, item := range v {
			e.below(item, all, func(s *jsonschema.Schema) []*jsonschema.Schema { return engineMembers(s, name) })
		}
	case []any:
		for i, item := range v {
			e.below(item, all, func(s *jsonschema.Schema) []*jsonschema.Schema { return engineItems(s, i) })
		}
	}
}

// inPlace adds the looks of a schema, and of all that hold for the same value.
func (e *effort) inPlace(s *jsonschema.Schema, n int, all map[*jsonschema.Schema]int, depth int) {
	if e.left -= n; s == nil || e.left < 0 || depth == 0 {
		return
	}
	all[s] += n
	for _, part := range slices.Concat([]*jsonschema.Schema{s.Ref, s.Not, s.If, s.Then, s.Else}, s.AllOf, s.AnyOf, s.OneOf) {
		if part != nil {
			e.inPlace(part, n, all, depth-1)
		}
	}
	for _, dependent := range s.DependentSchemas {
		e.inPlace(dependent, n, all, depth-1)
	}
}

func (e *effort) below(part any, all map[*jsonschema.Schema]int, of func(*jsonschema.Schema) []*jsonschema.Schema) {
	if e.left < 0 {
		return
	}
	looks := map[*jsonschema.Schema]int{}
	for s, n := range all {
		for _, lower := range of(s) {
			looks[lower] += n
		}
	}
	if len(looks) > 0 {
		e.count(part, looks)
	}
}

// engineMembers are the schemas that one schema holds a member's value to.
func engineMembers(s *jsonschema.Schema, name string) []*jsonschema.Schema {
	out := forName(name)(s)
	if p, ok := s.AdditionalProperties.(*jsonschema.Schema); ok && len(out) == 0 {
		out = append(out, p)
	}
	if s.UnevaluatedProperties != nil {
		out = append(out, s.UnevaluatedProperties)
	}
	return out
}

// engineItems are the schemas that one schema holds an item to.
func engineItems(s *jsonschema.Schema, i int) (out []*jsonschema.Schema) {
	switch {
	case i < len(s.PrefixItems):
		out = append(out, s.PrefixItems[i])
	case s.Items2020 != nil:
		out = append(out, s.Items2020)
	}
	for _, more := range []*jsonschema.Schema{s.Contains, s.UnevaluatedItems} {
		if more != nil {
			out = append(out, more)
		}
	}
	return out
}
