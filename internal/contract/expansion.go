package contract

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// expansion collects the sets of schemas that may hold together for a value of one type.
type expansion struct {
	*states
	k       kind
	sets    [][]*jsonschema.Schema
	several bool // no oneOf is among the choices, so that more than one may hold
	beyond  bool // too many, or endless
}

// one makes a choice of each schema: one that leaves no choice.
func one(list ...*jsonschema.Schema) (out [][]*jsonschema.Schema) {
	for _, s := range list {
		out = append(out, []*jsonschema.Schema{s})
	}
	return out
}

// follow completes a set with one schema of each choice, and all that these lead to, in the order of applied.
func (e *expansion) follow(set []*jsonschema.Schema, choices [][]*jsonschema.Schema) {
	for len(choices) > 0 {
		choice := choices[0]
		choices = choices[1:]
		if len(choice) > 1 {
			for _, s := range choice {
				e.follow(slices.Clone(set), slices.Concat(one(s), choices))
			}
			return
		}
		if len(choice) == 0 || !e.possible(choice[0]).has(e.k) {
			return // nothing of this type fits the set
		}
		s := choice[0]
		if e.beyond = e.beyond || e.loops(s); e.beyond {
			return
		}
		if slices.Contains(set, s) {
			continue
		}
		set = append(set, s)
		if s.Ref != nil {
			choices = append(choices, one(s.Ref)...)
		}
		choices = append(choices, one(s.AllOf...)...)
		_, loosened := e.loosened[s]
		choices = e.choose(e.choose(choices, s.AnyOf, !loosened), s.OneOf, false)
	}
	e.sets = append(e.sets, set)
	e.beyond = e.beyond || len(e.sets) > mostSets
}

// choose adds the branches of an anyOf or oneOf that fit the type.
func (e *expansion) choose(choices [][]*jsonschema.Schema, branches []*jsonschema.Schema, several bool) [][]*jsonschema.Schema {
	if len(branches) == 0 {
		return choices
	}
	fitting := []*jsonschema.Schema{}
	for _, b := range branches {
		if e.possible(b).has(e.k) {
			fitting = append(fitting, b)
		}
	}
	e.several = e.several && (several || len(fitting) == 1)
	return append(choices, fitting)
}

// possible is every type that a value of the schema may have, judged by its keywords alone.
func (m *states) possible(s *jsonschema.Schema) (out kinds) {
	if known, ok := m.types[s]; ok {
		return known
	}
	m.types[s] = allKinds // to whoever comes back to it while this is not known yet
	defer func() { m.types[s] = out }()
	out = allKinds
	if s.Bool != nil && !*s.Bool {
		return 0
	}
	if s.Types != nil {
		out &= kindsOfTypes(*s.Types)
	}
	if s.Ref != nil {
		out &= m.possible(s.Ref)
	}
	for _, part := range s.AllOf {
		out &= m.possible(part)
	}
	for _, branches := range [][]*jsonschema.Schema{s.AnyOf, s.OneOf} {
		any := kinds(0)
		for _, b := range branches {
			any |= m.possible(b)
		}
		if len(branches) > 0 {
			out &= any
		}
	}
	return out
}

// loops tells whether a schema leads back to itself, or to one that does, without going into the value.
func (m *states) loops(s *jsonschema.Schema) (out bool) {
	if known, ok := m.endless[s]; ok {
		return known
	}
	m.endless[s] = true // to whoever comes back to it
	for _, next := range slices.Concat([]*jsonschema.Schema{s.Ref}, s.AllOf, s.AnyOf, s.OneOf) {
		out = out || next != nil && m.loops(next)
	}
	m.endless[s] = out
	return out
}
