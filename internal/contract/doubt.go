package contract

import (
	"cmp"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// doubt is something in a schema that cannot be judged, where a value of some types meets it. What cannot be judged is compiled
// to what accepts everything.
type doubt struct {
	Finding
	of kinds
}

// note adds a doubt to the schema at a pointer.
func (s *schemas) note(pointer, keyword, rule, expected string, of kinds) {
	s.addDoubt(pointer, doubt{Finding{Rule: rule, Severity: Unchecked, Layer: LayerBody, Document: keyword,
		Position: s.tree.position(keyword), Expected: expected}, of})
}

func (s *schemas) addDoubt(pointer string, d doubt) {
	if !slices.Contains(s.doubts[pointer], d) {
		s.doubts[pointer] = append(s.doubts[pointer], d)
	}
}

// weaken takes away the keywords that would turn a doubt below them into a violation: to accept more there is to refuse more
// here. They become doubts themselves.
func (s *schemas) weaken() {
	if len(s.doubts) == 0 {
		return
	}
	all := s.inOrder()
	for _, c := range all {
		s.weakenOne(c)
	}
	for _, c := range all {
		if c.UnevaluatedProperties != nil || c.UnevaluatedItems != nil {
			s.weakenUnevaluated(c)
		}
	}
}

// inOrder is every compiled schema, in an order that stays the same.
func (s *schemas) inOrder() []*jsonschema.Schema {
	var out []*jsonschema.Schema
	for _, c := range s.located {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *jsonschema.Schema) int { return cmp.Compare(a.Location, b.Location) })
	return out
}

func (s *schemas) weakenOne(c *jsonschema.Schema) {
	if s.passOn(c, allKinds, c.Not) {
		c.Not = nil
	}
	if s.passOn(c, allKinds, c.If) {
		c.If, c.Then, c.Else = nil, nil, nil
	}
	if s.passOn(c, kindsOf(kindArray), c.Contains) {
		c.Contains, c.MinContains, c.MaxContains = nil, nil, nil
	}
	c.Extensions = slices.DeleteFunc(c.Extensions, func(e jsonschema.SchemaExt) bool {
		return s.passOn(c, kindsOf(kindObject), e.(propertyNames).Schema)
	})
	d, found := s.doubtBelow(c.OneOf...)
	if !found {
		return
	}
	if c.AnyOf == nil {
		c.AnyOf, c.OneOf = c.OneOf, nil
		s.loosened[c] = doubt{d.Finding, allKinds}
	} else if s.passOn(c, allKinds, c.OneOf...) {
		c.OneOf = nil
	}
}

// passOn makes a doubt below some schemas one of the schema that holds them.
func (s *schemas) passOn(to *jsonschema.Schema, of kinds, below ...*jsonschema.Schema) (found bool) {
	d, found := s.doubtBelow(below...)
	if found {
		s.addDoubt(s.pointers[to], doubt{d.Finding, of})
	}
	return found
}

// doubtBelow is the first doubt, in the document's order of pointers, of some schemas and all that they lead to.
func (s *schemas) doubtBelow(roots ...*jsonschema.Schema) (first doubt, found bool) {
	seen := map[*jsonschema.Schema]bool{nil: true}
	todo := slices.Clone(roots)
	for len(todo) > 0 {
		c := todo[0]
		todo = todo[1:]
		if seen[c] {
			continue
		}
		seen[c] = true
		for _, d := range s.doubts[s.pointers[c]] {
			if !found || d.Document < first.Document {
				first, found = d, true
			}
		}
		todo = append(todo, children(c)...)
	}
	return first, found
}

// weakenUnevaluated gives up what a schema says of the rest, where it is in doubt what the rest is.
func (s *schemas) weakenUnevaluated(c *jsonschema.Schema) {
	seen := map[*jsonschema.Schema]bool{nil: true}
	todo := []*jsonschema.Schema{c}
	for len(todo) > 0 {
		part := todo[0]
		todo = todo[1:]
		if seen[part] {
			continue
		}
		seen[part] = true
		if list := s.doubts[s.pointers[part]]; len(list) > 0 {
			s.addDoubt(s.pointers[c], doubt{list[0].Finding, kindsOf(kindArray, kindObject)})
			c.UnevaluatedProperties, c.UnevaluatedItems = nil, nil
			return
		}
		todo = slices.Concat(todo, []*jsonschema.Schema{part.Ref, part.If, part.Then, part.Else}, part.AllOf, part.AnyOf, part.OneOf)
		for _, dependent := range part.DependentSchemas {
			todo = append(todo, dependent)
		}
	}
}

// isLoose tells whether several branches hold of what was a oneOf before it was weakened: too many, if all there is to know were
// known.
func (s *schemas) isLoose(v any, of *jsonschema.Schema) (d doubt, loose bool) {
	d, weakened := s.loosened[of]
	if !weakened {
		return d, false
	}
	holding := 0
	for _, b := range of.AnyOf {
		if b.Validate(v) == nil {
			holding++
		}
	}
	return d, holding > 1
}

// hidesNames tells whether a member that no schema names may be one that a schema in doubt names.
func (s *schemas) hidesNames(applied []*jsonschema.Schema) bool {
	return slices.ContainsFunc(applied, func(c *jsonschema.Schema) bool {
		return slices.ContainsFunc(s.doubts[s.pointers[c]], func(d doubt) bool { return d.of.has(kindObject) })
	})
}
