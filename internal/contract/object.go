package contract

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// mostPatterns is how many patterns an object's rule may have: what holds for a name depends on each of them.
const mostPatterns = 4

// object makes the table of an object's members.
func (m *states) object(r *rule, set []*jsonschema.Schema) {
	r.patterns = patternsOf(set)
	if r.unsure = len(r.patterns) > mostPatterns || !m.seesAll(set); r.unsure {
		return
	}
	for _, p := range r.patterns {
		r.steps += patternSteps(p)
	}
	if namesMembers(set) {
		f := m.stranger(set)
		r.stranger = &f
	}
	fields := map[string]*field{}
	for _, s := range set {
		for _, name := range slices.Concat(slices.Collect(maps.Keys(s.Properties)), s.Required) {
			if fields[name] == nil {
				st, named := m.memberState(set, forName(name))
				fields[name] = &field{st, name, len(fields), named}
			}
		}
	}
	r.members = newTable(fields)
	r.required = make([]uint64, (len(fields)+63)/64)
	for _, s := range set {
		for _, name := range s.Required {
			i := fields[name].index
			r.required[i/64] |= 1 << (i % 64)
		}
	}
	for matched := range 1 << len(r.patterns) {
		st, _ := m.memberState(set, forPatterns(func(p jsonschema.Regexp) bool {
			return matched>>slices.Index(r.patterns, p)&1 == 1
		}))
		r.rest = append(r.rest, st)
	}
}

// memberState is the state of a member, given the schemas that a schema has for its name. It is nil where some schema
// forbids it.
func (m *states) memberState(set []*jsonschema.Schema, own func(*jsonschema.Schema) []*jsonschema.Schema) (st *state, named bool) {
	for _, s := range set {
		if s.AdditionalProperties == false && len(own(s)) == 0 {
			return nil, false
		}
	}
	list, named := memberSchemas(set, own)
	return m.of(list), named
}

func patternsOf(set []*jsonschema.Schema) (out []jsonschema.Regexp) {
	for _, s := range set {
		out = slices.AppendSeq(out, maps.Keys(s.PatternProperties))
	}
	return out
}

// seesAll tells whether each schema that speaks of unevaluated members sees all that the set says of members: what stands
// around it does not count as evaluated.
func (m *states) seesAll(set []*jsonschema.Schema) bool {
	for _, s := range set {
		if s.UnevaluatedProperties == nil {
			continue
		}
		inner := expansion{states: m, k: kindObject}
		if inner.follow(nil, one(s)); inner.beyond || len(inner.sets) != 1 {
			return false
		}
		for _, other := range set {
			speaks := len(other.Properties)+len(other.PatternProperties) > 0 || other.AdditionalProperties != nil || other.UnevaluatedProperties != nil
			if speaks && !slices.Contains(inner.sets[0], other) {
				return false
			}
		}
	}
	return true
}

// named is the state of a member; nil where the rule does not know, or forbids it.
func (r *rule) named(name string) *state {
	if f := r.members.find(name); f != nil {
		return f.state
	}
	if r.rest == nil {
		return nil
	}
	st, _ := r.other(name)
	return st
}
