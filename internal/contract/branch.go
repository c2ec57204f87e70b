package contract

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// applied is every schema that applies to a value: the given ones and, through references, allOf, the branches that hold,
// the conditions that are met and the subtype that a discriminator names, whatever those lead to.
func (s *schemas) applied(v any, roots []*jsonschema.Schema) []*jsonschema.Schema {
	var out []*jsonschema.Schema
	todo := slices.Clone(roots)
	for len(todo) > 0 {
		one := todo[0]
		todo = todo[1:]
		if one == nil || slices.Contains(out, one) {
			continue
		}
		out = append(out, one)
		todo = append(todo, one.Ref)
		todo = append(todo, one.AllOf...)
		todo = append(todo, holding(v, one.AnyOf)...)
		todo = append(todo, holding(v, one.OneOf)...)
		todo = append(todo, conditional(v, one)...)
		todo = append(todo, s.subtype(v, one))
	}
	return out
}

// subtype is the schema that an object's discriminator names among those that have this one in their allOf.
func (s *schemas) subtype(v any, of *jsonschema.Schema) *jsonschema.Schema {
	d := s.discriminators[s.pointers[of]]
	object, _ := v.(map[string]any)
	name, _ := object[d.property].(string)
	if i, known := d.subtypes[name]; known {
		return s.order[i].root
	}
	return nil
}

func conditional(v any, s *jsonschema.Schema) (out []*jsonschema.Schema) {
	if s.If != nil {
		if s.If.Validate(v) == nil {
			out = append(out, s.If, s.Then)
		} else {
			out = append(out, s.Else)
		}
	}
	if object, ok := v.(map[string]any); ok {
		for _, name := range slices.Sorted(maps.Keys(s.DependentSchemas)) {
			if _, present := object[name]; present {
				out = append(out, s.DependentSchemas[name])
			}
		}
	}
	return out
}

// holding are the branches of an anyOf or oneOf that the value fits. One that alone has the right type and tags is taken
// without a second look, which keeps long lists linear; where none fits, every branch of the right type may have been meant.
func holding(v any, branches []*jsonschema.Schema) []*jsonschema.Schema {
	possible := fitting(v, branches, true)
	switch len(possible) {
	case 0:
		return fitting(v, branches, false)
	case 1:
		return possible
	}
	var out []*jsonschema.Schema
	for _, b := range possible {
		if b.Validate(v) == nil {
			out = append(out, b)
		}
	}
	if len(out) == 0 {
		return possible
	}
	return out
}

func fitting(v any, branches []*jsonschema.Schema, tags bool) (out []*jsonschema.Schema) {
	for _, b := range branches {
		if couldBe(v, b, tags, 8) {
			out = append(out, b)
		}
	}
	return out
}

// couldBe looks no further than a value's type and, with its tags, the words that it or its members have to be, and its
// required members.
func couldBe(v any, s *jsonschema.Schema, tags bool, depth int) bool {
	if s == nil || depth == 0 {
		return true
	}
	if s.Bool != nil {
		return *s.Bool
	}
	if s.Types != nil && !kindsOfTypes(*s.Types).has(kindOf(v)) || !couldBe(v, s.Ref, tags, depth-1) {
		return false
	}
	could := func(part *jsonschema.Schema) bool { return couldBe(v, part, tags, depth-1) }
	for _, part := range s.AllOf {
		if !could(part) {
			return false
		}
	}
	for _, branches := range [][]*jsonschema.Schema{s.AnyOf, s.OneOf} {
		if len(branches) > 0 && !slices.ContainsFunc(branches, could) {
			return false
		}
	}
	return !tags || hasTags(v, s)
}

func hasTags(v any, s *jsonschema.Schema) bool {
	object, _ := v.(map[string]any)
	if object == nil {
		return isOneOf(v, s)
	}
	for _, name := range s.Required {
		if _, ok := object[name]; !ok {
			return false
		}
	}
	for name, property := range s.Properties {
		if value, ok := object[name].(string); ok && !isOneOf(value, property) {
			return false
		}
	}
	return true
}

// isOneOf is false for a string that an enum or const rules out, and leaves every other value to the engine.
func isOneOf(v any, s *jsonschema.Schema) bool {
	text, ok := v.(string)
	if !ok {
		return true
	}
	if s.Const != nil && *s.Const != text {
		if _, comparable := (*s.Const).(string); comparable {
			return false
		}
	}
	return s.Enum == nil || slices.ContainsFunc(s.Enum.Values, func(want any) bool { w, ok := want.(string); return ok && w == text })
}
