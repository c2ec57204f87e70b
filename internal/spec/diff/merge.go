package diff

import (
	"errors"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/flatten/allof"
)

// What the allOf of a document may make: members of all its schemas together, and branches of one anyOf or oneOf.
const (
	mostMerged  = 100_000
	mostChoices = 1_000
)

var errMerged = errors.New("compare: the allOf of a document make more than 100000 members of its schemas: too many to compare")

// merger foresees what the merge of an allOf costs.
type merger struct{ members, choices map[*openapi3.Schema]int }

// merge makes each allOf part of its schema, which keeps the places of what it is made of: oasdiff judges less strictly what is inside
// of an allOf, and takes one that is new for another type. done is false, and the document useless, if the branches contradict each
// other or leave too many choices.
func merge(d *openapi3.T) (done bool, err error) {
	m := merger{map[*openapi3.Schema]int{}, map[*openapi3.Schema]int{}}
	some, total, choices := false, 0, 1
	_ = d.WalkSchemas(func(_ string, s *openapi3.SchemaRef) error { // stops for errors of the function alone
		if s.Value != nil && len(s.Value.AllOf) > 0 {
			some = true
			total += m.membersOf(s.Value)
			choices = max(choices, m.choicesOf(s.Value))
		}
		return nil
	})
	switch {
	case !some:
		return true, nil
	case total > mostMerged:
		return false, errMerged
	case choices > mostChoices:
		return false, nil
	}
	o := origins{map[*openapi3.Schema]openapi3.Schema{}, map[*openapi3.Schema]*openapi3.Origin{}}
	_ = d.WalkSchemas(func(_ string, s *openapi3.SchemaRef) error {
		if s.Value != nil {
			o.before[s.Value] = *s.Value
			o.of(s.Value)
		}
		return nil
	})
	if _, err := allof.MergeSpec(d); err != nil {
		return false, nil
	}
	o.restore()
	return true, nil
}

// membersOf is how many members a schema and its allOf have together, or that there are too many.
func (m merger) membersOf(s *openapi3.Schema) int {
	if known, is := m.members[s]; is {
		return known
	}
	m.members[s] = 0 // to what leads back to it
	n := 1 + len(s.Properties) + len(s.Required) + len(s.Enum)
	for _, branch := range s.AllOf {
		if branch.Value != nil {
			n = min(n+m.membersOf(branch.Value), mostMerged+1)
		}
	}
	m.members[s] = n
	return n
}

// choicesOf is how many schemas the anyOf and oneOf of a schema and of its allOf make together, or that there are too many.
func (m merger) choicesOf(s *openapi3.Schema) int {
	if known, is := m.choices[s]; is {
		return known
	}
	m.choices[s] = 1 // to what leads back to it
	n := min(max(1, len(s.AnyOf))*max(1, len(s.OneOf)), mostChoices+1)
	for _, branch := range s.AllOf {
		if branch.Value != nil {
			n = min(n*m.choicesOf(branch.Value), mostChoices+1)
		}
	}
	m.choices[s] = n
	return n
}
