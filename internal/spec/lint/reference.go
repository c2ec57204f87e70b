package lint

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// unused looks for components that nothing refers to.
func (l *linter) unused() {
	used := l.used()
	for group, members := range place.Members(l.At("/components")) {
		if strings.HasPrefix(group.Value, "x-") || group.Value == "pathItems" {
			continue
		}
		for key := range place.Members(members) {
			at := place.Join("/components", group.Value, key.Value)
			if !slices.ContainsFunc(used[at], func(from string) bool { return !place.Within(from, at) }) {
				l.say("unused", at, "nothing refers to %s", at)
			}
		}
	}
}

// used is the components that something refers to, and from where: by a reference, by a discriminator's mapping, or as a security scheme.
func (l *linter) used() map[string][]string {
	out := map[string][]string{}
	use := func(from, to string) {
		if parts := place.Split(to); len(parts) > 2 {
			at := place.Join("", parts[:3]...)
			out[at] = append(out[at], from)
		}
	}
	for s := range l.Walk() {
		parts := place.Split(s.Pointer)
		if s.Value.Kind != yaml.ScalarNode {
			if n := len(parts); n > 1 && parts[n-2] != "properties" && slices.Contains(parts, "security") {
				for key := range place.Members(s.Value) {
					use(s.Pointer, place.Join("/components/securitySchemes", key.Value))
				}
			}
			continue
		}
		switch target, inside := strings.CutPrefix(s.Value.Value, "#"); {
		case inside && strings.HasPrefix(target, "/"):
			use(s.Pointer, target)
		case slices.Contains(parts, "mapping"):
			use(s.Pointer, place.Join("/components/schemas", s.Value.Value))
		case strings.HasSuffix(s.Pointer, "/$ref") || strings.HasSuffix(s.Pointer, "/$dynamicRef"):
			use(s.Pointer, l.anchor(s.Value.Value))
		}
	}
	return out
}

// anchor is the place of the schema with an anchor or an id that a reference names; "" if there is none.
func (l *linter) anchor(ref string) string {
	for _, p := range l.parts {
		for _, keyword := range []string{"$anchor", "$dynamicAnchor", "$id"} {
			if text, ok := place.Text(p.node, keyword); ok && strings.HasSuffix(strings.TrimSuffix(ref, "#"), text) {
				return p.at
			}
		}
	}
	return ""
}

// required looks for required members that no schema describes, where nothing but the schema itself could.
func (l *linter) required() {
	for _, p := range l.parts {
		properties := place.Member(p.node, "properties")
		if properties == nil || l.composed(p) {
			continue
		}
		for i, item := range place.Items(place.Member(p.node, "required")) {
			if place.Member(properties, item.Value) == nil {
				l.say("required", place.Join(p.at, "required", strconv.Itoa(i)), "%q is required, and is no property here", item.Value)
			}
		}
	}
}

// composed tells whether a schema's members may be described elsewhere.
func (l *linter) composed(p part) bool {
	for _, keyword := range []string{"allOf", "anyOf", "oneOf", "$ref", "if", "patternProperties", "$dynamicRef", "dependentSchemas"} {
		if place.Member(p.node, keyword) != nil {
			return true
		}
	}
	parts := place.Split(p.at)
	return slices.ContainsFunc([]string{"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"}, func(keyword string) bool {
		return slices.Contains(parts, keyword)
	})
}
