package contract

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// scene is what one schema has to show at a place. Parts are numbered from the first of their status; -1 is none.
type scene struct {
	texts    map[string]int  // parts, by the string that an enum or const lists
	words    map[string]int  // by the boolean
	numbers  map[decimal]int // by the number
	members  map[string]exhibit
	patterns []patternExhibit
	rest     *exhibit // of the members that this schema does not name
	left     *exhibit // of those that no schema names
	prefix   []*outlook
	items    *outlook
}

// exhibit is a member: its part, and what can be seen below it; nil if nothing can.
type exhibit struct {
	part  int
	below *outlook
}

type patternExhibit struct {
	jsonschema.Regexp
	exhibit
}

// scenes gives each schema its scene in an outlook, and is those whose scenes are new, with nothing in them. Where the schemas lead
// back to themselves, the scenes are those of the place around.
func (s *survey) scenes(in *outlook, all []*jsonschema.Schema, path string) (fresh []*jsonschema.Schema) {
	s.steps -= len(s.way)
	around := slices.IndexFunc(s.way, func(w stage) bool { return slices.Equal(w.all, all) })
	for _, one := range all {
		known := cmp.Or(s.open[one], s.made[spotted{path, one}])
		if around >= 0 {
			known = s.way[around].scenes[one]
		}
		if known == nil {
			known = &scene{texts: map[string]int{}, words: map[string]int{}, numbers: map[decimal]int{}, members: map[string]exhibit{}}
			s.made[spotted{path, one}] = known
			s.steps -= sceneSteps
			s.bytes -= len(path)
			fresh = append(fresh, one)
		}
		in.scenes[one] = known
	}
	return fresh
}

// furnish fills the new scenes of an outlook: with the values of all, then with the members of all.
func (s *survey) furnish(o *outlook, fresh []*jsonschema.Schema, path string) {
	for _, one := range fresh {
		s.values(o.scenes[one], one, path)
	}
	for _, one := range fresh {
		s.open[one] = o.scenes[one]
		s.members(o.scenes[one], one, path)
		s.items(o.scenes[one], one, path)
		delete(s.open, one)
	}
}

func (s *survey) values(in *scene, of *jsonschema.Schema, path string) {
	at := s.contract.schemas.pointers[of]
	for i, v := range enumValues(of.Enum) {
		s.value(in, v, path, join(at, "enum", strconv.Itoa(i)))
	}
	for _, v := range constValue(of.Const) {
		s.value(in, v, path, join(at, "const"))
	}
}

// value adds a value that a property may have, unless the scene has it already.
func (s *survey) value(in *scene, v any, path, document string) {
	if s.left == 0 {
		return
	}
	part := func() int {
		return s.part(Part{Kind: "value", Name: fmt.Sprint(v), Property: path, Document: document})
	}
	switch v := v.(type) {
	case string:
		enlist(in.texts, v, part)
	case bool:
		enlist(in.words, strconv.FormatBool(v), part)
	case json.Number:
		if d := readDecimal(v.String()); !d.long {
			enlist(in.numbers, d, part)
		}
	}
}

func enlist[K comparable](in map[K]int, key K, part func() int) {
	if _, listed := in[key]; !listed {
		in[key] = part()
	}
}

func (s *survey) members(in *scene, of *jsonschema.Schema, path string) {
	at := s.contract.schemas.pointers[of]
	for _, name := range s.contract.tree.namesAt(join(at, "properties")) {
		below, document := of.Properties[name], join(at, "properties", name)
		switch {
		case below == nil:
		case s.contract.schemas.writeOnlys && s.contract.schemas.isWriteOnly(document, 8):
			in.members[name] = exhibit{part: -1}
		default:
			in.members[name] = s.exhibit(below, join(path, name), document)
		}
		if s.left == 0 {
			return
		}
	}
	for _, pattern := range slices.SortedFunc(maps.Keys(of.PatternProperties), byText) {
		below := of.PatternProperties[pattern]
		in.patterns = append(in.patterns, patternExhibit{pattern, s.exhibit(below, join(path, "*"), s.contract.schemas.pointers[below])})
	}
	if below, ok := of.AdditionalProperties.(*jsonschema.Schema); ok {
		e := s.exhibit(below, join(path, "*"), join(at, "additionalProperties"))
		in.rest = &e
	}
	if below := of.UnevaluatedProperties; below != nil && below.Bool == nil {
		e := s.exhibit(below, join(path, "*"), join(at, "unevaluatedProperties"))
		in.left = &e
	}
}

func (s *survey) exhibit(of *jsonschema.Schema, path, document string) exhibit {
	part := s.part(Part{Kind: "property", Name: path, Document: document})
	return exhibit{part, s.outlook(of, path)}
}

func (s *survey) items(in *scene, of *jsonschema.Schema, path string) {
	for i, one := range of.PrefixItems {
		in.prefix = append(in.prefix, s.outlook(one, join(path, strconv.Itoa(i))))
	}
	if one := cmp.Or(of.Items2020, of.UnevaluatedItems); one != nil {
		in.items = s.outlook(one, join(path, "*"))
	}
}
