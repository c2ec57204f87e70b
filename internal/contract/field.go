package contract

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// walker goes through a value with every schema that applies to each part of it, and finds what validity does not tell:
// members that no schema names, members that belong to requests, and schemas that could not be judged.
type walker struct {
	*judge
	at []string
}

func (w *walker) visit(v any, roots ...*jsonschema.Schema) {
	schemas := applied(v, roots)
	for _, s := range schemas {
		w.notes(v, s)
	}
	switch v := v.(type) {
	case map[string]any:
		w.object(v, schemas)
	case []any:
		for i, item := range v {
			w.into(strconv.Itoa(i), item, itemSchemas(schemas, i))
		}
	}
}

func (w *walker) into(token string, v any, schemas []*jsonschema.Schema) {
	if len(schemas) == 0 {
		return
	}
	w.at = append(w.at, token)
	w.visit(v, schemas...)
	w.at = w.at[:len(w.at)-1]
}

func (w *walker) object(object map[string]any, applied []*jsonschema.Schema) {
	closed := namesMembers(applied)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		schemas, named := memberSchemas(applied, name)
		if !named && closed {
			w.addAt(Finding{Rule: "undocumented-field", Severity: Warning, Layer: LayerBody,
				Document: join(w.c.schemas.pointers[naming(applied)], "properties"), Expected: "documented members only",
				Got: typeName(object[name])}, append(w.at, name))
		}
		w.into(name, object[name], schemas)
	}
}

// notes reports what is known of a schema before any value is seen.
func (w *walker) notes(v any, s *jsonschema.Schema) {
	pointer := w.c.schemas.pointers[s]
	if s.WriteOnly && len(w.at) > 0 {
		w.addAt(Finding{Rule: "write-only", Severity: Warning, Layer: LayerBody,
			Document: join(pointer, "writeOnly"), Expected: "no member that is for requests only", Got: typeName(v)}, w.at)
	}
	for _, f := range w.c.schemas.notes[pointer] {
		if touches(f.Rule, v) {
			w.addAt(f, w.at)
		}
	}
}

// touches tells whether what was not judged could have said something about the value.
func touches(rule string, v any) bool {
	switch v.(type) {
	case string:
		return true
	case json.Number:
		return rule != "unchecked.pattern"
	case map[string]any:
		return rule != "unchecked.format"
	}
	return rule == "unchecked.schema"
}

// namesMembers tells whether a member that no schema names is undocumented: some schema names members, and none says what
// becomes of the others.
func namesMembers(applied []*jsonschema.Schema) bool {
	for _, s := range applied {
		if s.AdditionalProperties != nil || s.UnevaluatedProperties != nil {
			return false
		}
	}
	return naming(applied) != nil
}

// naming is the first schema that names members.
func naming(applied []*jsonschema.Schema) *jsonschema.Schema {
	i := slices.IndexFunc(applied, func(s *jsonschema.Schema) bool { return len(s.Properties)+len(s.PatternProperties) > 0 })
	if i < 0 {
		return nil
	}
	return applied[i]
}

// memberSchemas are the schemas for a member's value, and whether its name is documented.
func memberSchemas(applied []*jsonschema.Schema, name string) (out []*jsonschema.Schema, named bool) {
	for _, s := range applied {
		mine := false
		if p := s.Properties[name]; p != nil {
			out, mine = append(out, p), true
		}
		for _, pattern := range slices.SortedFunc(maps.Keys(s.PatternProperties), byText) {
			if pattern.MatchString(name) {
				out, mine = append(out, s.PatternProperties[pattern]), true
			}
		}
		if p, ok := s.AdditionalProperties.(*jsonschema.Schema); ok && !mine {
			out = append(out, p)
		}
		named = named || mine
	}
	for _, s := range applied {
		if len(out) == 0 && s.UnevaluatedProperties != nil {
			out = append(out, s.UnevaluatedProperties)
		}
	}
	return out, named
}

func byText(a, b jsonschema.Regexp) int { return cmp.Compare(a.String(), b.String()) }

func itemSchemas(applied []*jsonschema.Schema, i int) (out []*jsonschema.Schema) {
	for _, s := range applied {
		switch {
		case i < len(s.PrefixItems):
			out = append(out, s.PrefixItems[i])
		case s.Items2020 != nil:
			out = append(out, s.Items2020)
		}
	}
	for _, s := range applied {
		if len(out) == 0 && s.UnevaluatedItems != nil {
			out = append(out, s.UnevaluatedItems)
		}
	}
	return out
}
