package contract

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
	errkind "github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// defect is one broken keyword, before it is a finding.
type defect struct {
	keyword  string
	at       []string // place in the instance; of the missing member for required
	document string   // pointer of the keyword
	expected string
	got      string
	types    []string // for type: the ones that were expected
	reason   string   // set if this is no defect, but why something is unchecked
}

func (d defect) finding() Finding {
	f := Finding{Rule: "schema." + d.keyword, Severity: Violation, Layer: LayerBody,
		Document: d.document, Expected: d.expected, Got: d.got}
	if d.reason != "" {
		f.Rule, f.Severity = "unchecked."+d.reason, Unchecked
	}
	return f
}

// examiner turns the engine's tree of causes into defects, one for each broken keyword.
type examiner struct {
	*schemas
	value   any
	applied map[string][]*jsonschema.Schema // what inside found, by schema and place
}

// defects holds a value to a compiled schema.
func (s *schemas) defects(root *jsonschema.Schema, value any) []defect {
	if heavy(value) {
		return s.largeDefects(root, value)
	}
	return s.listDefects(root, value)
}

func (s *schemas) listDefects(root *jsonschema.Schema, value any) []defect {
	err, _ := root.Validate(value).(*jsonschema.ValidationError)
	if err == nil {
		return nil
	}
	out := s.examiner(value).causes(err)
	if len(out) == 0 { // explained away, which is one explanation too many
		out = examiner{schemas: s, value: value}.causes(err)
	}
	return out
}

func (s *schemas) examiner(value any) examiner {
	return examiner{s, value, map[string][]*jsonschema.Schema{}}
}

func (e examiner) causes(err *jsonschema.ValidationError) []defect {
	if e.explained(err) {
		return nil
	}
	switch k := err.ErrorKind.(type) {
	case nil:
		return nil
	case *errkind.Schema, *errkind.Group, *errkind.Reference, *errkind.AllOf:
		var out []defect
		for _, cause := range err.Causes {
			out = append(out, e.causes(cause)...)
		}
		return out
	case *errkind.AnyOf:
		return e.meant(err, "anyOf")
	case *errkind.OneOf:
		if k.Subschemas == nil {
			return e.meant(err, "oneOf")
		}
	}
	return e.leaf(err)
}

// meant picks the branch that a value which fits none was meant for, and hands on that branch's defects: the branch that
// the discriminator names; else, of those whose type fits, the one whose tags fit, then the one whose member names fit, then
// the one with the fewest defects.
func (e examiner) meant(err *jsonschema.ValidationError, keyword string) []defect {
	var branches [][]defect
	for _, cause := range err.Causes {
		branches = append(branches, e.causes(cause))
	}
	if i, ok := e.named(err, keyword); ok && i < len(branches) {
		return branches[i]
	}
	var types []string
	best, bestRank := -1, [3]int{}
	for i, branch := range branches {
		if wanted, missed := typesMissed(branch, err.InstanceLocation); missed {
			types = append(types, wanted...)
			continue
		}
		rank := [...]int{tagsMissed(branch, err.InstanceLocation), namesMissed(branch, err.InstanceLocation), len(branch)}
		if best < 0 || slices.Compare(rank[:], bestRank[:]) < 0 {
			best, bestRank = i, rank
		}
	}
	switch {
	case best >= 0:
		return branches[best]
	case len(types) == 0:
		return branches[0] // each forbids everything
	}
	return []defect{{keyword: "type", at: err.InstanceLocation, document: join(e.pointer(err.SchemaURL), keyword), types: types,
		expected: orTypes(types), got: typeName(lookup(e.value, err.InstanceLocation))}}
}

// typesMissed is what the branch wanted instead, if it wanted another type altogether, or nothing at all.
func typesMissed(branch []defect, at []string) (types []string, missed bool) {
	for _, d := range branch {
		if (d.keyword == "type" || d.keyword == "false") && slices.Equal(d.at, at) {
			return d.types, true
		}
	}
	return nil, false
}

// tagsMissed counts the fixed words, of the value or of its members, that are other words: what tells branches apart.
func tagsMissed(branch []defect, at []string) int {
	n := 0
	for _, d := range branch {
		if (d.keyword == "const" || d.keyword == "enum") && len(d.at) <= len(at)+1 {
			n++
		}
	}
	return n
}

// namesMissed counts the value's members that the branch lacks or does not know.
func namesMissed(branch []defect, at []string) int {
	n := 0
	for _, d := range branch {
		switch d.keyword {
		case "required", "additionalProperties", "unevaluatedProperties":
			if len(d.at) == len(at)+1 {
				n++
			}
		}
	}
	return n
}

// named finds the branch that the words of an object's members leave, or that its discriminator names.
func (e examiner) named(err *jsonschema.ValidationError, keyword string) (branch int, ok bool) {
	schema := e.located[err.SchemaURL]
	if schema == nil {
		return 0, false
	}
	list := schema.AnyOf
	if keyword == "oneOf" {
		list = schema.OneOf
	}
	value := lookup(e.value, err.InstanceLocation)
	if object, isObject := value.(map[string]any); isObject {
		if left := likely(value, list); len(left) == 1 {
			return slices.Index(list, left[0]), true
		}
		return e.discriminated(object, schema, list)
	}
	return 0, false
}
