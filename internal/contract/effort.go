package contract

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Effort is counted in steps: one instruction of a pattern at one byte. To look at a value by a schema takes as long as a
// hundred and more. Without a limit, schemas that choose double it with every level of a body, and bodies of a few megabytes
// take minutes.
const (
	look       = 150
	piece      = 100 // bytes of a text that count as one more value
	mostEffort = 1_000_000 * look
)

// effort counts what it takes the engine, and the walk after it, to judge a value, before they do. Looks of the same schema at
// the same part are counted together, so that counting takes a time that grows with the body alone.
type effort struct {
	left int
}

// tooHard tells whether a value takes more effort than is left for the exchange. It takes it off, too, unless that is next to
// nothing.
func (j *judge) tooHard(roots []*jsonschema.Schema, value any) bool {
	const little = mostEffort / mostSpots
	size, looks := 0, map[*jsonschema.Schema]int{}
	for _, root := range roots {
		size += j.c.schemas.sizes[root]
		looks[root]++
	}
	if size < little && size*volume(value, little/look) < little {
		return false
	}
	e := effort{j.effort}
	e.count(value, looks)
	j.effort = e.left
	return j.effort < 0
}

// volume is of how many values and pieces of text a value is made; no more of it is looked at than enough.
func volume(v any, enough int) int {
	n := 1
	switch v := v.(type) {
	case string:
		n += len(v) / piece
	case map[string]any:
		for name, item := range v {
			if n > enough {
				break
			}
			n += len(name)/piece + volume(item, enough-n)
		}
	case []any:
		for _, item := range v {
			if n > enough {
				break
			}
			n += volume(item, enough-n)
		}
	}
	return n
}

// findSizes finds the effort that each schema takes at most, for one value or piece of one. It is mostEffort where a schema leads
// back to itself, or to one that does.
func (s *schemas) findSizes() {
	var size func(c *jsonschema.Schema) int
	size = func(c *jsonschema.Schema) int {
		if n, known := s.sizes[c]; known {
			return n
		}
		s.sizes[c] = mostEffort // to whoever comes back to it
		n := price(c, extent{piece, 1, piece})
		for _, child := range children(c) {
			n = min(n+size(child), mostEffort)
		}
		s.sizes[c] = n
		return n
	}
	for _, c := range s.inOrder() {
		size(c)
	}
}

// extent is what the price of a look at a value depends on: the bytes of a string, and of an array or object how many parts it
// has and the bytes of their names.
type extent struct{ text, parts, names int }

func extentOf(v any) (out extent) {
	switch v := v.(type) {
	case string:
		out.text = len(v)
	case []any:
		out.parts = len(v)
	case map[string]any:
		out.parts = len(v)
		for name := range v {
			out.names += len(name)
		}
	}
	return out
}

// price is what one look by a schema costs, without those below.
func price(s *jsonschema.Schema, x extent) int {
	const enums, parts = 8, 16 // values of an enum, and parts of a value, that are as much work as a look
	n := look + look*len(enumValues(s.Enum))/enums + look*x.parts/parts + steps(s)*x.text
	for pattern := range s.PatternProperties {
		n += patternSteps(pattern) * x.names
	}
	for _, extension := range s.Extensions {
		for _, part := range append(children(extension.(propertyNames).Schema), extension.(propertyNames).Schema) {
			n += look*x.parts + steps(part)*x.names
		}
	}
	return n
}

// count takes off what it costs that each schema looks at a value so often.
func (e *effort) count(value any, looks map[*jsonschema.Schema]int) {
	here := view{value, extentOf(value), map[*jsonschema.Schema]int{}}
	for s, n := range looks {
		e.inPlace(nil, s, n, here)
	}
	switch v := value.(type) {
	case map[string]any:
		for name, item := range v {
			e.below(item, here, func(s *jsonschema.Schema) []*jsonschema.Schema { return engineMembers(s, name) })
		}
	case []any:
		for i, item := range v {
			e.below(item, here, func(s *jsonschema.Schema) []*jsonschema.Schema { return engineItems(s, i) })
		}
	}
}

// view is a value, and how often each schema looks at it.
type view struct {
	value any
	extent
	looks map[*jsonschema.Schema]int
}

// inPlace adds the looks of a schema, and of all that hold for the same value. Where the type and the words of the value leave a
// choice, the walk after the engine tries once more.
func (e *effort) inPlace(way []*jsonschema.Schema, s *jsonschema.Schema, n int, at view) {
	if s == nil || e.left < 0 || slices.Contains(way, s) {
		return
	}
	e.left -= n * price(s, at.extent)
	at.looks[s] += n
	way = append(way, s)
	for _, part := range slices.Concat([]*jsonschema.Schema{s.Ref, s.Not}, s.AllOf, slices.Collect(maps.Values(s.DependentSchemas))) {
		e.inPlace(way, part, n, at)
	}
	for _, part := range []*jsonschema.Schema{s.If, s.Then, s.Else} {
		e.inPlace(way, part, n+1, at)
	}
	for _, choice := range [][]*jsonschema.Schema{s.AnyOf, s.OneOf} {
		again := n
		if len(likely(at.value, choice)) > 1 {
			again++
		}
		for _, part := range choice {
			e.inPlace(way, part, again, at)
		}
	}
}

func (e *effort) below(part any, above view, of func(*jsonschema.Schema) []*jsonschema.Schema) {
	if e.left < 0 {
		return
	}
	looks := map[*jsonschema.Schema]int{}
	for s, n := range above.looks {
		for _, lower := range of(s) {
			looks[lower] += n
		}
	}
	if len(looks) > 0 {
		e.count(part, looks)
	}
}

// engineMembers are the schemas that one schema holds a member's value to.
func engineMembers(s *jsonschema.Schema, name string) []*jsonschema.Schema {
	out := forName(name)(s)
	if p, ok := s.AdditionalProperties.(*jsonschema.Schema); ok && len(out) == 0 {
		out = append(out, p)
	}
	if s.UnevaluatedProperties != nil {
		out = append(out, s.UnevaluatedProperties)
	}
	return out
}

// engineItems are the schemas that one schema holds an item to.
func engineItems(s *jsonschema.Schema, i int) (out []*jsonschema.Schema) {
	switch {
	case i < len(s.PrefixItems):
		out = append(out, s.PrefixItems[i])
	case s.Items2020 != nil:
		out = append(out, s.Items2020)
	}
	for _, more := range []*jsonschema.Schema{s.Contains, s.UnevaluatedItems} {
		if more != nil {
			out = append(out, more)
		}
	}
	return out
}
