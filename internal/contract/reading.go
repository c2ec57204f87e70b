package contract

import (
	"slices"
	"strings"
)

// readings are the values that a text can stand for where a state is, the most likely first. It is read as OpenAPI's simple style
// writes it. A place that takes every type takes it as text, and, where conditions may say otherwise, as anything else.
func (s *state) readings(text string, explode bool) (out []any) {
	if !s.namesTypes() {
		if out = append(out, text); !s.unsure() {
			return out
		}
	}
	takes := func(k kind) bool { return !s.rules[k].refused }
	if takes(kindNumber) && isNumber(text) {
		out = append(out, nearest(text))
	}
	if takes(kindBoolean) && (text == "true" || text == "false") {
		out = append(out, text == "true")
	}
	if takes(kindArray) {
		for _, r := range s.rules[kindArray].ways() {
			out = append(out, r.list(text))
		}
	}
	if takes(kindObject) {
		for _, r := range s.rules[kindObject].ways() {
			if object, ok := r.pairs(text, explode); ok {
				out = append(out, object)
			}
		}
	}
	return append(out, text)
}

// namesTypes tells a place that does not take every type.
func (s *state) namesTypes() bool {
	return slices.ContainsFunc(s.rules[:], func(r *rule) bool { return r.refused })
}

func (s *state) unsure() bool {
	return slices.ContainsFunc(s.rules[:], func(r *rule) bool { return r.unsure })
}

// ways are a rule's alternatives, or the rule itself.
func (r *rule) ways() []*rule {
	if r.alternatives != nil {
		return r.alternatives
	}
	return []*rule{r}
}

// reading is the first that all schemas of the state hold for, or else the first.
func (s *state) reading(text string) any {
	all := s.readings(text, false)
	for _, v := range all {
		if s.holds(v) {
			return v
		}
	}
	return all[0]
}

func (s *state) holds(v any) bool {
	for _, one := range s.schemas {
		if one.Validate(v) != nil {
			return false
		}
	}
	return true
}

func (r *rule) list(text string) []any {
	list := []any{}
	if text == "" {
		return list
	}
	for part := range strings.SplitSeq(text, ",") {
		list = append(list, readPart(r.item(len(list)), part))
	}
	return list
}

// readPart reads an item or a member's value. Where no state is known, it is text.
func readPart(s *state, part string) any {
	part = strings.TrimSpace(part)
	if s == nil {
		return part
	}
	return s.reading(part)
}

// pairs reads name,value,name,value, or name=value,name=value where the header explodes. A name without a value is no object.
func (r *rule) pairs(text string, explode bool) (object map[string]any, ok bool) {
	object = map[string]any{}
	parts := strings.Split(text, ",")
	for len(parts) > 0 {
		var name, value string
		switch {
		case explode:
			name, value, ok = strings.Cut(parts[0], "=")
			parts = parts[1:]
		case len(parts) > 1:
			name, value, ok = parts[0], parts[1], true
			parts = parts[2:]
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
		name = strings.TrimSpace(name)
		object[name] = readPart(r.named(name), value)
	}
	return object, true
}
