package lint

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// required looks for required members that no property describes, where nothing but the schema itself could.
func (l *linter) required() {
	for _, p := range l.parts {
		properties, more := place.Member(p.node, "properties"), members(p.node)
		if properties == nil || more == others || composes(p.node) || composed(p.at) {
			continue
		}
		known := map[string]bool{}
		for key := range place.Members(properties) {
			known[key.Value] = true
		}
		for i, item := range place.Items(place.Member(p.node, "required")) {
			if known[item.Value] {
				continue
			}
			severity := contract.Violation
			if more == anything || l.extended(p.at) {
				severity = contract.Warning
			}
			at := place.Join(p.at, "required", strconv.Itoa(i))
			l.add("required", severity, at, l.Position(at), strconv.Quote(item.Value)+" is required, and is no property here")
		}
	}
}

// rest is what a schema says of members that are no properties of it.
type rest int

const (
	nothing  rest = iota // or that there are none
	anything             // they may come
	others               // they may come, and have a schema
)

func members(schema *yaml.Node) rest {
	said := nothing
	for _, keyword := range []string{"additionalProperties", "unevaluatedProperties"} {
		switch n := place.Member(schema, keyword); {
		case n == nil:
		case n.Kind == yaml.MappingNode && len(n.Content) > 0:
			return others
		case n.Kind == yaml.MappingNode || n.Value == "true":
			said = anything
		}
	}
	return said
}

// composes tells whether a schema is made of others, which may describe its members.
func composes(schema *yaml.Node) bool {
	return slices.ContainsFunc([]string{"allOf", "anyOf", "oneOf", "$ref", "if", "patternProperties", "$dynamicRef", "dependentSchemas"},
		func(keyword string) bool { return place.Member(schema, keyword) != nil })
}

// composed tells whether a place is in a part of another schema, which may describe the same members.
func composed(at string) bool {
	parts := place.Split(at)
	return slices.ContainsFunc([]string{"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"},
		func(keyword string) bool { return slices.Contains(parts, keyword) })
}

// extended tells whether the component that a place is in is a part of another schema by a reference.
func (l *linter) extended(at string) bool {
	parts := place.Split(at)
	return slices.ContainsFunc(l.uses[place.Join("", parts[:min(3, len(parts))]...)], func(from string) bool {
		return composed(from) || place.Member(l.At(strings.TrimSuffix(from, "/$ref")), "properties") != nil
	})
}
