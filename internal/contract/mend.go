package contract

import (
	"slices"
	"strconv"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// metaSchema is what schemas are held to.
var metaSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile("https://json-schema.org/draft/2020-12/schema")
})

// mend replaces the parts of a schema that are none by one that accepts everything, and notes each: what they touch is
// unchecked, the rest is judged.
func (s *schemas) mend(pointer string, def any) any {
	meta, err := metaSchema()
	if err != nil {
		return s.broken(pointer, pointer)
	}
	for range 10 {
		err, _ := meta.Validate(def).(*jsonschema.ValidationError)
		if err == nil {
			return def
		}
		places := leaves(err)
		slices.SortFunc(places, slices.Compare) // the engine's order is that of a map
		for _, at := range places {
			n := schemaDepth(at)
			note := s.broken(join(pointer, at[:n]...), join(pointer, at...))
			if n == 0 {
				return note
			}
			replace(def, at[:n], note)
		}
	}
	return s.broken(pointer, pointer)
}

// broken notes a schema that does not compile, and stands in for it.
func (s *schemas) broken(pointer, keyword string) any {
	s.note(pointer, keyword, "unchecked.schema", "a schema that compiles", allKinds)
	return true
}

// leaves lists the places of the innermost causes of an error.
func leaves(err *jsonschema.ValidationError) [][]string {
	if len(err.Causes) == 0 {
		return [][]string{err.InstanceLocation}
	}
	var out [][]string
	for _, cause := range err.Causes {
		out = append(out, leaves(cause)...)
	}
	return out
}

// schemaDepth is how many leading parts of a place inside a schema lead to the innermost schema on the way.
func schemaDepth(at []string) int {
	depth := 0
	for i := 0; i < len(at); {
		switch shapes[at[i]] {
		case oneSchema:
			i++
		case listOfSchemas, mapOfSchemas:
			i += 2
		default:
			return depth
		}
		if i <= len(at) {
			depth = i
		}
	}
	return depth
}

// replace puts a value at a place that exists inside maps and lists.
func replace(in any, at []string, value any) {
	for i, token := range at {
		last := i == len(at)-1
		switch v := in.(type) {
		case map[string]any:
			if last {
				v[token] = value
			}
			in = v[token]
		case []any:
			n, err := strconv.Atoi(token)
			if err != nil || n < 0 || n >= len(v) {
				return
			}
			if last {
				v[n] = value
			}
			in = v[n]
		}
	}
}
