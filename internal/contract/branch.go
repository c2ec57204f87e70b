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
		todo = append(todo, s.holding(v, one, one.AnyOf)...)
		todo = append(todo, s.holding(v, one, one.OneOf)...)
		todo = append(todo, conditional(v, one)...)
		todo = append(todo, s.subtype(v, one))
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

// holding are the branches of an anyOf or oneOf that the value fits. One that alone has the right type and words is taken
// without a second look, which keeps long lists linear. Where none fits, the one that a discriminator names was meant, or any of
// the right type.
func (s *schemas) holding(v any, of *jsonschema.Schema, branches []*jsonschema.Schema) []*jsonschema.Schema {
	fitting := likely(v, branches)
	if len(fitting) == 1 {
		return fitting
	}
	var out []*jsonschema.Schema
	for _, b := range fitting {
		if hasRequired(v, b) && b.Validate(v) == nil {
			out = append(out, b)
		}
	}
	if len(out) > 0 {
		return out
	}
	if object, ok := v.(map[string]any); ok {
		if i, named := s.discriminated(object, of, branches); named {
			return branches[i : i+1]
		}
	}
	return slices.DeleteFunc(slices.Clone(branches), func(b *jsonschema.Schema) bool { return !couldBe(v, b, 8) })
}

// likely are the branches of the right type that want no other words of the value's members.
func likely(v any, branches []*jsonschema.Schema) (out []*jsonschema.Schema) {
	for _, b := range branches {
		if couldBe(v, b, 8) && !excludes(v, b, 8) {
			out = append(out, b)
		}
	}
	return out
}

// couldBe looks no further than a value's type.
func couldBe(v any, s *jsonschema.Schema, depth int) bool {
	if s == nil || depth == 0 {
		return true
	}
	if s.Bool != nil {
		return *s.Bool
	}
	if s.Types != nil && !kindsOfTypes(*s.Types).has(kindOf(v)) || !couldBe(v, s.Ref, depth-1) {
		return false
	}
	could := func(part *jsonschema.Schema) bool { return couldBe(v, part, depth-1) }
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
	return true
}

// excludes tells whether a schema wants another word of one of an object's members.
func excludes(v any, s *jsonschema.Schema, depth int) bool {
	object, _ := v.(map[string]any)
	if s == nil || object == nil || depth == 0 {
		return false
	}
	for name, property := range s.Properties {
		if word, ok := object[name].(string); ok && saysOther(word, property, depth) {
			return true
		}
	}
	return inParts(v, s, func(part *jsonschema.Schema) bool { return excludes(v, part, depth-1) })
}

// saysOther tells whether a schema lists strings, and a word is none of them.
func saysOther(word string, s *jsonschema.Schema, depth int) bool {
	if s == nil || depth == 0 {
		return false
	}
	for _, listed := range [][]any{enumValues(s.Enum), constValue(s.Const)} {
		words := 0
		for _, value := range listed {
			if text, ok := value.(string); ok {
				words++
				if text == word {
					words = -len(listed)
				}
			}
		}
		if words > 0 {
			return true
		}
	}
	return inParts(word, s, func(part *jsonschema.Schema) bool { return saysOther(word, part, depth-1) })
}

// inParts tells whether something is so in a part that has to hold: in what the schema refers to, a part of its allOf, or all
// branches of an anyOf or oneOf that have the right type.
func inParts(v any, s *jsonschema.Schema, is func(*jsonschema.Schema) bool) bool {
	if s.Ref != nil && is(s.Ref) || slices.ContainsFunc(s.AllOf, is) {
		return true
	}
	for _, branches := range [][]*jsonschema.Schema{s.AnyOf, s.OneOf} {
		typed := slices.DeleteFunc(slices.Clone(branches), func(b *jsonschema.Schema) bool { return !couldBe(v, b, 8) })
		if len(typed) > 0 && !slices.ContainsFunc(typed, func(b *jsonschema.Schema) bool { return !is(b) }) {
			return true
		}
	}
	return false
}

func enumValues(e *jsonschema.Enum) []any {
	if e == nil {
		return nil
	}
	return e.Values
}

func constValue(c *any) []any {
	if c == nil {
		return nil
	}
	return []any{*c}
}

func hasRequired(v any, s *jsonschema.Schema) bool {
	object, isObject := v.(map[string]any)
	return !isObject || !slices.ContainsFunc(s.Required, func(name string) bool { _, ok := object[name]; return !ok })
}
