package contract

import (
	"maps"
	"reflect"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The engine makes an object for every broken keyword, with the whole way to it, before anybody can count them: seven
// gigabytes for ten megabytes of hostile JSON. So a value over this weight is first asked a question that costs nothing,
// whether it is valid, and only the front of one that is not gets its defects listed.
const maxWeight = 1_000_000

// weight is what a value's defects could cost: so much each, and more the deeper it stands.
func weight(depth int) int { return 10 + depth }

// heavy tells whether a value's weight is over the limit, looking no further than it has to.
func heavy(v any) bool {
	left := maxWeight
	var weigh func(v any, depth int)
	weigh = func(v any, depth int) {
		if left -= weight(depth); left < 0 {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			for _, item := range v {
				weigh(item, depth+1)
			}
		case []any:
			for _, item := range v {
				weigh(item, depth+1)
			}
		}
	}
	weigh(v, 0)
	return left < 0
}

// front is a copy of a value without what goes over the weight: the last items of arrays, the last members of objects.
func front(v any, depth int, left *int) any {
	*left -= weight(depth)
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if *left < 0 {
				break
			}
			out[name] = front(v[name], depth+1, left)
		}
		return out
	case []any:
		out := []any{}
		for _, item := range v {
			if *left < 0 {
				break
			}
			out = append(out, front(item, depth+1, left))
		}
		return out
	}
	return v
}

// largeDefects judges a heavy value: all of it for its verdict, the front of it for the list.
func (s *schemas) largeDefects(root *jsonschema.Schema, value any) []defect {
	if negation(root).Validate(value) != nil { // the engine stops at the first error of what it negates
		return nil
	}
	left := maxWeight
	listed := slices.DeleteFunc(s.listDefects(root, front(value, 0, &left)), func(d defect) bool {
		compared := d.keyword == "const" || d.keyword == "enum"
		return wholes[d.keyword] || compared && (d.got == "array" || d.got == "object")
	})
	document := s.pointers[root]
	if len(listed) == 0 {
		listed = []defect{{keyword: "unlisted", document: document, expected: "a value that the schema accepts", got: typeName(value)}}
	}
	return append(listed, defect{reason: "size", document: document, expected: "a body small enough to list all that is wrong with it"})
}

// negation is the schema of what a schema refuses. It stands at the same place.
func negation(of *jsonschema.Schema) *jsonschema.Schema {
	out := *of
	for field, value := range reflect.ValueOf(&out).Elem().Fields() {
		if field.IsExported() && field.Name != "DraftVersion" && field.Name != "Location" {
			value.SetZero()
		}
	}
	out.Not = of
	return &out
}

// wholes are the keywords that look at a whole array or object, so that they say nothing about one that was cut.
var wholes = map[string]bool{
	"minItems": true, "maxItems": true, "uniqueItems": true, "contains": true, "minContains": true, "maxContains": true,
	"minProperties": true, "maxProperties": true, "required": true, "dependentRequired": true, "not": true, "oneOf": true,
}
