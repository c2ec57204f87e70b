package lint

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// unused looks for components that nothing refers to.
func (l *linter) unused() {
	for group, members := range place.Members(l.At("/components")) {
		if strings.HasPrefix(group.Value, "x-") || group.Value == "pathItems" {
			continue
		}
		for key := range place.Members(members) {
			at := place.Join("/components", group.Value, key.Value)
			if !slices.ContainsFunc(l.uses[at], func(from string) bool { return !place.Within(from, at) }) {
				l.say("unused", at, "nothing refers to %s", at)
			}
		}
	}
}

// used is the components that something refers to, and from where: by a reference, by a discriminator's mapping, or as a security scheme.
func (l *linter) used() map[string][]string {
	out, anchors := map[string][]string{}, l.anchors()
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
			use(s.Pointer, anchored(anchors, s.Value.Value))
		}
	}
	return out
}

// anchors is where the schemas are that have an anchor or an id.
func (l *linter) anchors() map[string]string {
	out := map[string]string{}
	for _, p := range l.parts {
		for _, keyword := range []string{"$anchor", "$dynamicAnchor", "$id"} {
			if text, ok := place.Text(p.node, keyword); ok {
				out[text] = p.at
			}
		}
	}
	return out
}

// anchored is the place of the schema whose anchor or id a reference ends with; "" if there is none.
func anchored(anchors map[string]string, ref string) string {
	for name := strings.TrimSuffix(ref, "#"); name != ""; {
		if at, ok := anchors[name]; ok {
			return at
		}
		i := strings.IndexAny(name, "/#")
		if i < 0 {
			break
		}
		name = name[i+1:]
	}
	return ""
}
