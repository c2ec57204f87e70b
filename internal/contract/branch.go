package contract

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// applied is every schema that applies to a value: the given ones and, through references, allOf, the branches that hold
// and the conditions that are met, whatever those lead to.
func applied(v any, roots []*jsonschema.Schema) []*jsonschema.Schema {
	var out []*jsonschema.Schema
	todo := slices.Clone(roots)
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		if s == nil || slices.Contains(out, s) {
			continue
		}
		out = append(out, s)
		todo = append(todo, s.Ref)
		if s.DynamicRef != nil {
			todo = append(todo, s.DynamicRef.Ref)
		}
		todo = append(todo, s.AllOf...)
		todo = append(todo, holding(v, s.AnyOf)...)
		todo = append(todo, holding(v, s.OneOf)...)
		todo = append(todo, conditional(v, s)...)
	}
	return out
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
// without a second look, which keeps long lists linear; where none fits, every branch of the right kind may have been meant.
func holding(v any, branches []*jsonschema.Schema) []*jsonschema.Schema {
	var possible []*jsonschema.Schema
	for _, b := range branches {
		if couldBe(v, b, 8) {
			possible = append(possible, b)
		}
	}
	switch len(possible) {
	case 0:
		return branches
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

// couldBe looks no further than a value's type, the words that it or its members have to be, and its required members.
func couldBe(v any, s *jsonschema.Schema, depth int) bool {
	if s == nil || depth == 0 {
		return true
	}
	if s.Bool != nil {
		return *s.Bool
	}
	if s.Types != nil && *s.Types&typeBits(v) == 0 || !isOneOf(v, s) || !couldBe(v, s.Ref, depth-1) {
		return false
	}
	for _, part := range s.AllOf {
		if !couldBe(v, part, depth-1) {
			return false
		}
	}
	object, _ := v.(map[string]any)
	if object == nil {
		return true
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

// typeBits is the JSON type of a value as the engine's set of types; a number may be an integer too.
func typeBits(v any) jsonschema.Types {
	var t jsonschema.Types
	t.Add(typeName(v))
	if _, ok := v.(json.Number); ok {
		t.Add("integer")
	}
	return t
}
