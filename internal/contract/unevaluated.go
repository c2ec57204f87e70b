package contract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// explained tells whether what unevaluatedProperties or unevaluatedItems refuses is a member or item that a schema there
// does speak of. To the standard it was not evaluated, because that schema failed; but that it failed is the one defect.
func (e examiner) explained(err *jsonschema.ValidationError) bool {
	location, keyword := cutLast(err.SchemaURL)
	n := len(err.InstanceLocation) - 1
	outer := e.located[location]
	if keyword != "unevaluatedProperties" && keyword != "unevaluatedItems" || n < 0 || outer == nil || e.applied == nil {
		return false
	}
	token := err.InstanceLocation[n]
	switch inside := e.inside(outer, err.InstanceLocation[:n]); e.located[err.SchemaURL] {
	case outer.UnevaluatedProperties:
		return slices.ContainsFunc(inside, func(s *jsonschema.Schema) bool { return speaksOfMember(s, token) })
	case outer.UnevaluatedItems:
		i, _ := strconv.Atoi(token)
		return slices.ContainsFunc(inside, func(s *jsonschema.Schema) bool { return speaksOfItem(s, i) })
	}
	return false
}

// inside is every schema that applies together with one at a place. All members there ask for the same.
func (e examiner) inside(outer *jsonschema.Schema, at []string) []*jsonschema.Schema {
	key := outer.Location + " " + join("", at...)
	if _, known := e.applied[key]; !known {
		bare := *outer
		bare.UnevaluatedProperties, bare.UnevaluatedItems = nil, nil
		e.applied[key] = e.schemas.applied(lookup(e.value, at), []*jsonschema.Schema{&bare})
	}
	return e.applied[key]
}

func speaksOfMember(s *jsonschema.Schema, name string) bool {
	if s.Properties[name] != nil || s.AdditionalProperties != nil || s.UnevaluatedProperties != nil {
		return true
	}
	for pattern := range s.PatternProperties {
		if pattern.MatchString(name) {
			return true
		}
	}
	return false
}

func speaksOfItem(s *jsonschema.Schema, i int) bool {
	return i < len(s.PrefixItems) || s.Items2020 != nil || s.UnevaluatedItems != nil
}

// cutLast splits a location at its last slash.
func cutLast(location string) (front, last string) {
	i := strings.LastIndexByte(location, '/')
	return location[:max(i, 0)], location[i+1:]
}
