package contract

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// outlook is what a body can show of the document at one place, by the type of the value there.
type outlook struct {
	root    *jsonschema.Schema
	scenes  map[*jsonschema.Schema]*scene
	byKind  [kindCount][]*scene
	unclear kinds // where it depends on the value which of the scenes are meant
}

// outlook surveys a place that a schema holds for. It is nil where there is nothing to see.
func (s *survey) outlook(root *jsonschema.Schema, path string) *outlook {
	if s.left == 0 {
		return nil
	}
	all, _ := s.inPlace(root, allKinds, nil)
	all = slices.DeleteFunc(all, func(one *jsonschema.Schema) bool { return !speaks(one, allKinds) })
	if len(all) == 0 {
		return nil
	}
	o := &outlook{root: root, scenes: map[*jsonschema.Schema]*scene{}}
	fresh := s.scenes(o, all, path)
	for k := range kindCount {
		found, unclear := s.inPlace(root, kindsOf(k), nil)
		for _, one := range found {
			if in := o.scenes[one]; in != nil && speaks(one, kindsOf(k)) {
				o.byKind[k] = append(o.byKind[k], in)
			}
		}
		if unclear {
			o.unclear |= kindsOf(k) & kindsOf(kindArray, kindObject)
		}
	}
	s.way = append(s.way, stage{o, all})
	s.furnish(o, fresh, path)
	s.way = s.way[:len(s.way)-1]
	return o
}

// speaks tells whether a schema says itself what there is to see of values of some types.
func speaks(s *jsonschema.Schema, of kinds) bool {
	_, additional := s.AdditionalProperties.(*jsonschema.Schema)
	members := len(s.Properties)+len(s.PatternProperties) > 0 || additional || s.UnevaluatedProperties != nil
	items := len(s.PrefixItems) > 0 || s.Items2020 != nil || s.UnevaluatedItems != nil
	lists := func(v any) bool { return of.has(kindOf(v)) && kindOf(v) != kindNull }
	return of.has(kindObject) && members || of.has(kindArray) && items ||
		slices.ContainsFunc(enumValues(s.Enum), lists) || slices.ContainsFunc(constValue(s.Const), lists)
}

// inPlace adds the schemas that may hold for a value of some types where one does, and tells whether it depends on the value which
// of those that have something to show do.
func (s *survey) inPlace(one *jsonschema.Schema, of kinds, found []*jsonschema.Schema) (out []*jsonschema.Schema, unclear bool) {
	if one == nil || s.steps < 0 || s.types.possible(one)&of == 0 || slices.Contains(found, one) {
		return found, false
	}
	s.steps -= 1 + len(found)/16
	found = append(found, one)
	follow := func(parts ...*jsonschema.Schema) {
		for _, part := range parts {
			more := false
			found, more = s.inPlace(part, of, found)
			unclear = unclear || more
		}
	}
	follow(one.Ref)
	follow(one.AllOf...)
	for _, choice := range s.choices(one, of) {
		before := len(found)
		follow(choice...)
		s.steps -= (len(found) - before) / 16
		matters := slices.ContainsFunc(found[before:], func(s *jsonschema.Schema) bool { return speaks(s, of) })
		unclear = unclear || len(choice) > 1 && matters
	}
	return found, unclear
}

// choices are the schemas that a value of some types chooses from. What holds on a condition chooses between that and nothing.
func (s *survey) choices(of *jsonschema.Schema, types kinds) [][]*jsonschema.Schema {
	excluded := func(b *jsonschema.Schema) bool { return s.types.possible(b)&types == 0 }
	out := [][]*jsonschema.Schema{
		slices.DeleteFunc(slices.Clone(of.AnyOf), excluded),
		slices.DeleteFunc(slices.Clone(of.OneOf), excluded),
	}
	if of.If != nil {
		out = append(out, []*jsonschema.Schema{of.Then, of.Else})
	}
	for _, name := range slices.Sorted(maps.Keys(of.DependentSchemas)) {
		out = append(out, []*jsonschema.Schema{of.DependentSchemas[name], nil})
	}
	known := s.contract.schemas
	subtypes := known.discriminators[known.pointers[of]].subtypes
	for _, name := range slices.Sorted(maps.Keys(subtypes)) {
		out = append(out, []*jsonschema.Schema{known.order[subtypes[name]].root, nil})
	}
	return out
}
