package contract

import (
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// exemption is the members of an object that are for requests only, so that a response is right to leave them out whichever part of
// its schema requires them. What one branch of an anyOf or oneOf has for requests only, the other branches may still require.
type exemption struct{ here, branches []string }

// exempt adds to an exemption what a schema, or a part of it, has for requests only.
func (s *schemas) exempt(n *yaml.Node, pointer string, outer exemption) exemption {
	if !s.writeOnlys {
		return outer
	}
	return exemption{
		here:     s.writeOnlyMembers(n, pointer, outer.here, "allOf", "anyOf", "oneOf"),
		branches: s.writeOnlyMembers(n, pointer, outer.branches, "allOf"),
	}
}

func (s *schemas) writeOnlyMembers(n *yaml.Node, pointer string, known []string, compositions ...string) []string {
	out := slices.Clone(known)
	s.visitParts(n, pointer, compositions, 8, func(properties *yaml.Node, at string) {
		for _, name := range names(properties) {
			if s.isWriteOnly(join(at, name), 8) && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	})
	slices.Sort(out)
	return out
}

// visitParts finds the properties of a schema, of what it refers to, and of what some compositions are made of.
func (s *schemas) visitParts(n *yaml.Node, pointer string, compositions []string, depth int, f func(properties *yaml.Node, at string)) {
	if depth == 0 {
		return
	}
	if _, properties := member(n, "properties"); properties != nil {
		f(unalias(properties), join(pointer, "properties"))
	}
	for _, keyword := range compositions {
		if _, parts := member(n, keyword); parts != nil {
			for i, part := range unalias(parts).Content {
				s.visitParts(unalias(part), join(pointer, keyword, strconv.Itoa(i)), compositions, depth-1, f)
			}
		}
	}
	if to := s.tree.resolve(pointer); to != pointer {
		if part, _, found := s.tree.at(to); found {
			s.visitParts(part, to, compositions, depth-1, f)
		}
	}
}

// isWriteOnly tells whether the schema at a pointer, what it refers to, or a part of its allOf is for requests only.
func (s *schemas) isWriteOnly(pointer string, depth int) bool {
	n, _, found := s.tree.at(pointer)
	if !found || depth == 0 {
		return false
	}
	if _, refers := textOf(n, "$ref"); refers && s.is30 {
		return s.isWriteOnly(s.tree.resolve(pointer), depth-1) // beside a reference it says nothing
	}
	if flagged(n, "writeOnly") {
		return true
	}
	if to := s.tree.resolve(pointer); to != pointer && s.isWriteOnly(to, depth-1) {
		return true
	}
	_, parts := member(n, "allOf")
	if parts == nil {
		return false
	}
	for i := range unalias(parts).Content {
		if s.isWriteOnly(join(pointer, "allOf", strconv.Itoa(i)), depth-1) {
			return true
		}
	}
	return false
}

// require takes exempt members off the required ones.
func (s *schemas) require(out map[string]any, exempt []string) {
	if names, ok := out["required"]; ok {
		out["required"] = s.asked(names, exempt)
	}
	dependent, _ := out["dependentRequired"].(map[string]any)
	for name, names := range dependent {
		dependent[name] = s.asked(names, exempt)
	}
}

// asked is a list of members without the exempt ones. What is no list stays as it is, for mend to find.
func (s *schemas) asked(names any, exempt []string) any {
	list, ok := names.([]any)
	if !ok {
		return names
	}
	return slices.DeleteFunc(list, func(name any) bool {
		text, _ := name.(string)
		s.documented[text] = true
		return slices.Contains(exempt, text)
	})
}
