package contract

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// state is a place in a value, for admit. As one state of a finite automaton stands for all the states that another may be in,
// it stands for all the schemas that hold at its place.
type state struct {
	schemas []*jsonschema.Schema // what the full engine is asked where admit cannot say
	rules   [kindCount]*rule
}

// states makes each state that admit may come to, once. It follows references and allOf into the set of schemas that hold for
// a value, and chooses from anyOf and oneOf by the value's type; where more than one branch is left, each makes a set of its
// own.
type states struct {
	*schemas
	made    map[string]*state
	numbers map[*jsonschema.Schema]int
	used    map[*jsonschema.Schema][]keyword
	types   map[*jsonschema.Schema]kinds
	endless map[*jsonschema.Schema]bool
}

// mostSets is how many sets of schemas a value of one type may belong to, before the full engine is asked. mostStates keeps
// a document whose sets multiply from taking all memory.
const (
	mostSets   = 32
	mostStates = 50_000
)

func newStates(s *schemas) *states {
	return &states{
		schemas: s, made: map[string]*state{}, numbers: map[*jsonschema.Schema]int{}, used: map[*jsonschema.Schema][]keyword{},
		types: map[*jsonschema.Schema]kinds{}, endless: map[*jsonschema.Schema]bool{},
	}
}

// of is the state of a place where some schemas hold. Where none does, anything may stand.
func (m *states) of(list []*jsonschema.Schema) *state {
	var name strings.Builder
	for _, s := range list {
		if _, known := m.numbers[s]; !known {
			m.numbers[s] = len(m.numbers)
		}
		fmt.Fprint(&name, m.numbers[s], " ")
	}
	if s, ok := m.made[name.String()]; ok {
		return s
	}
	out := &state{schemas: list}
	m.made[name.String()] = out // before its rules, which may lead back to it
	for k := range kindCount {
		out.rules[k] = m.rule(list, k)
	}
	return out
}

// finish finds out what can be known when all states are made.
func (m *states) finish() {
	for _, s := range m.made {
		r := s.rules[kindObject]
		r.worded = slices.ContainsFunc(r.alternatives, (*rule).hasWords)
	}
}

func (m *states) rule(list []*jsonschema.Schema, k kind) *rule {
	e := expansion{states: m, k: k, several: true}
	e.follow(nil, one(list...))
	switch {
	case e.beyond || len(m.made) > mostStates:
		return &rule{unsure: true}
	case len(e.sets) == 0:
		return &rule{refused: true}
	case len(e.sets) == 1:
		return m.conjunction(e.sets[0], k)
	}
	r := &rule{severalFit: e.several}
	for _, set := range e.sets {
		// What a schema leaves unevaluated depends on all the branches that hold, not on one at a time.
		open := slices.ContainsFunc(set, func(s *jsonschema.Schema) bool { return s.UnevaluatedProperties != nil })
		r.unsure = r.unsure || open && k == kindObject
		r.alternatives = append(r.alternatives, m.conjunction(set, k))
	}
	return r
}

// conjunction is the rule for a value that a whole set of schemas holds for.
func (m *states) conjunction(set []*jsonschema.Schema, k kind) *rule {
	r := &rule{most: -1}
	for _, s := range set {
		for _, word := range m.keywords(s) {
			switch {
			case !word.of.has(k):
			case word.add == nil:
				r.unsure = true
			default:
				word.add(r, s, k)
			}
		}
		if k == kindString {
			r.steps += steps(s)
		}
		r.unsure = r.unsure || k == kindObject && len(m.discriminators[m.pointers[s]].subtypes) > 0
		r.unsure = r.unsure || slices.ContainsFunc(m.doubts[m.pointers[s]], func(d doubt) bool { return d.of.has(k) })
	}
	switch {
	case r.unsure || r.refused:
	case k == kindArray:
		m.array(r, set)
	case k == kindObject:
		m.object(r, set)
	}
	return r
}

// keywords are those that a schema uses, whether admit knows them or not.
func (m *states) keywords(s *jsonschema.Schema) []keyword {
	if list, known := m.used[s]; known {
		return list
	}
	list := []keyword{}
	for field, value := range reflect.ValueOf(s).Elem().Fields() {
		if !field.IsExported() || value.IsZero() || slices.Contains(silent, field.Name) {
			continue
		}
		word, known := keywords[field.Name]
		if !known {
			word.of = allKinds
		}
		list = append(list, word)
	}
	m.used[s] = list
	return list
}

func (m *states) array(r *rule, set []*jsonschema.Schema) {
	n := 0
	for _, s := range set {
		n = max(n, len(s.PrefixItems))
	}
	for i := range n {
		r.prefix = append(r.prefix, m.of(itemSchemas(set, i)))
	}
	r.items = m.of(itemSchemas(set, n))
}

// admitsText tells whether a header's text is surely right, as one of its readings.
func (s *state) admitsText(text string) bool {
	return s.rules[kindString].admits(text) || s.namesTypes() &&
		(isNumber(text) && ordinary(text) && s.rules[kindNumber].admits(text) ||
			(text == "true" || text == "false") && s.rules[kindBoolean].admits(text))
}

// admits tells whether a scalar surely keeps the rule.
func (r *rule) admits(raw string) bool {
	fitting := 0
	for _, way := range r.alternatives {
		if way.unsure {
			return false
		}
		if way.admits(raw) {
			fitting++
		}
	}
	switch {
	case r.refused || r.unsure:
		return false
	case r.alternatives != nil:
		return fitting == 1 || fitting > 1 && r.severalFit
	}
	return r.hold(raw) == admitted
}
