package contracttest

import (
	"encoding/json"
	"slices"
)

// modern is the keywords that kin's visitor of OpenAPI 3.0 passes over, and that keep kin's filter from giving it a document
// for its references alone.
var modern = []string{"const", "prefixItems", "contains", "patternProperties", "dependentSchemas", "propertyNames",
	"unevaluatedItems", "unevaluatedProperties", "if", "then", "else", "dependentRequired"}

func isModern(s object) bool {
	return slices.ContainsFunc(modern, func(keyword string) bool { return s[keyword] != nil })
}

// brokenPattern is what a pattern that Go cannot compile makes of all the document: it passes over the modern keywords, and
// over the items that prefixItems speaks of, and nothing matches the pattern.
func brokenPattern(r *reading) {
	if !r.broken {
		return
	}
	each(func(s object) {
		if source, _ := s["pattern"].(string); !compiles(source) {
			s["pattern"] = nothing
		}
		for _, keyword := range modern {
			if items, ok := s[keyword].(list); ok && keyword == "prefixItems" {
				s[keyword] = slices.Repeat(list{true}, len(items))
			} else {
				delete(s, keyword)
			}
		}
	})(r)
}

// notNull refuses null where a schema says nothing of types.
func notNull(r *reading) {
	each(func(s object) {
		if s["type"] == nil && s["$ref"] == nil && !isComposed(s) {
			s["type"] = list{"boolean", "number", "string", "array", "object"}
		}
	})(r)
}

// compositions are the keywords that put schemas together.
var compositions = []string{"allOf", "anyOf", "oneOf"}

func isComposed(s object) bool {
	return slices.ContainsFunc(compositions, func(keyword string) bool { return s[keyword] != nil })
}

// nullByType asks no keyword but type of null where that has it.
func nullByType(r *reading) {
	var with []object
	each(func(s object) {
		if len(s) > 1 && r.takesNull(s, len(names)) {
			with = append(with, s)
		}
	})(r)
	for _, s := range with {
		become(s, func(old object) object { return object{"anyOf": list{object{"enum": list{nil}}, old}} })
	}
}

func (r *reading) takesNull(s object, depth int) bool {
	if target, ok := r.target(s).(object); ok && depth > 0 {
		return r.takesNull(target, depth-1)
	}
	kinds, _ := s["type"].(list)
	return slices.Contains(kinds, any("null"))
}

// nullByPart asks neither type nor enum of null where a composition beside them takes it.
func nullByPart(r *reading) {
	each(func(s object) {
		if !isComposed(s) {
			return
		}
		if kind, ok := s["type"].(string); ok {
			s["type"] = list{kind, "null"}
		}
		if values, ok := s["enum"].(list); ok {
			s["enum"] = append(slices.Clone(values), nil)
		}
	})(r)
}

// hollow takes a schema whose parts all say nothing for one that says nothing.
func hollow(r *reading) {
	each(func(s object) {
		if isHollow(s) {
			clear(s)
		}
	})(r)
}

func isHollow(v any) bool {
	s, ok := v.(object)
	for keyword, value := range s {
		parts, _ := value.(list)
		switch keyword {
		case "not":
			ok = ok && isHollow(value)
		case "allOf", "anyOf", "oneOf":
			ok = ok && !slices.ContainsFunc(parts, func(part any) bool { return !isHollow(part) })
		default:
			return false
		}
	}
	return ok
}

// requestOnly refuses members that are for requests only, unless they are null.
func requestOnly(r *reading) {
	each(func(s object) {
		properties, _ := s["properties"].(object)
		for name, property := range properties {
			if r.isRequestOnly(property, len(names)) {
				properties[name] = object{"allOf": list{property, object{"enum": list{nil}}}}
			}
		}
	})(r)
}

func (r *reading) isRequestOnly(v any, depth int) bool {
	s, _ := v.(object)
	return s["writeOnly"] == true || s["$ref"] != nil && depth > 0 && r.isRequestOnly(r.target(s), depth-1)
}

// ownFlag overlooks that a part of allOf is for requests only.
func ownFlag(r *reading) {
	each(func(s object) {
		parts, _ := s["allOf"].(list)
		for i, part := range parts {
			if r.isRequestOnly(part, len(names)) {
				parts[i] = r.unflagged(part.(object))
			}
		}
	})(r)
}

func (r *reading) unflagged(s object) object {
	target, refers := r.target(s).(object)
	if !refers {
		return without(s, "writeOnly")
	}
	return object{"allOf": list{r.unflagged(target), without(without(s, "$ref"), "writeOnly")}}
}

// discriminated asks for the discriminator's member, and for a string there, of each object.
func discriminated(r *reading) {
	each(func(s object) {
		if name, ok := at(s, "discriminator", "propertyName").(string); ok && (s["anyOf"] != nil || s["oneOf"] != nil) {
			tagged := object{"required": list{name}, "properties": object{name: object{"type": "string"}}}
			and(s, object{"anyOf": list{tagged, object{"not": object{"type": "object"}}}})
		}
	})(r)
}

// integersByFloat asks for an integer format only what a float64 shows: nothing of a number with a fraction or one too large,
// and nothing of the last integer of 64 bits, which is rounded up.
func integersByFloat(r *reading) {
	each(func(s object) {
		if s["format"] == "int64" || s["format"] == "int32" && r.visited && s["type"] != "integer" {
			delete(s, "format")
		}
		if s["format"] != "int32" {
			return
		}
		delete(s, "format")
		bounds := object{"minimum": json.Number("-2147483648"), "maximum": json.Number("2147483647")}
		and(s, object{"anyOf": list{bounds, object{"not": object{"type": "integer"}}, object{"minimum": json.Number("1e309")}}})
	})(r)
}

// multiplesNearby takes a number for a multiple if one is as near as a float64 can tell.
func multiplesNearby(r *reading) {
	each(func(s object) {
		n, stated := s["multipleOf"].(json.Number)
		if f, err := n.Float64(); stated && err == nil {
			delete(s, "multipleOf")
			and(s, object{"anyOf": list{object{"multipleOf": n}, object{"minimum": f * (1 << 50)}}})
		}
	})(r)
}
