package contract

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// walker goes through a value with every schema that applies to each part of it, and finds what validity does not tell:
// members that no schema names, members that belong to requests, and schemas that could not be judged.
type walker struct {
	*schemas
	tell func(f Finding, at []string)
	at   []string
}

func (w *walker) visit(v any, roots ...*jsonschema.Schema) {
	schemas := w.applied(v, roots)
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
	closed := namesMembers(applied) && !w.hidesNames(applied)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		schemas, named := memberSchemas(applied, forName(name))
		if !named && closed {
			f := w.stranger(applied)
			f.Got = typeName(object[name])
			w.tell(f, append(w.at, name))
		}
		w.into(name, object[name], schemas)
	}
}

// stranger is the finding on a member that none of the schemas for an object names.
func (s *schemas) stranger(applied []*jsonschema.Schema) Finding {
	document := join(s.pointers[naming(applied)], "properties")
	return Finding{Rule: "undocumented-field", Severity: Warning, Layer: LayerBody, Document: document,
		Position: s.tree.position(document), Expected: "documented members only"}
}

// notes reports what is known of a schema before any value is seen.
func (w *walker) notes(v any, s *jsonschema.Schema) {
	pointer := w.pointers[s]
	if s.WriteOnly && len(w.at) > 0 {
		w.tell(Finding{Rule: "write-only", Severity: Warning, Layer: LayerBody,
			Document: join(pointer, "writeOnly"), Expected: "no member that is for requests only", Got: typeName(v)}, w.at)
	}
	if d, loose := w.isLoose(v, s); loose {
		w.tell(d.Finding, w.at)
	}
	for _, d := range w.doubts[pointer] {
		if d.of.has(kindOf(v)) {
			w.tell(d.Finding, w.at)
		}
	}
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

// memberSchemas are the schemas for a member's value, given those that a schema has for its name, and whether any has one.
func memberSchemas(applied []*jsonschema.Schema, own func(*jsonschema.Schema) []*jsonschema.Schema) (out []*jsonschema.Schema, named bool) {
	evaluated := false
	for _, s := range applied {
		mine := own(s)
		out = append(out, mine...)
		if p, ok := s.AdditionalProperties.(*jsonschema.Schema); ok && len(mine) == 0 {
			out = append(out, p)
		}
		named = named || len(mine) > 0
		evaluated = evaluated || named || s.AdditionalProperties != nil
	}
	for _, s := range applied {
		if !evaluated && s.UnevaluatedProperties != nil {
			out = append(out, s.UnevaluatedProperties)
		}
	}
	return out, named
}

// forName are the schemas that a schema has for members of a name: of properties, and of each pattern that matches.
func forName(name string) func(*jsonschema.Schema) []*jsonschema.Schema {
	matches := func(pattern jsonschema.Regexp) bool { return pattern.MatchString(name) }
	return func(s *jsonschema.Schema) (out []*jsonschema.Schema) {
		out = forPatterns(matches)(s)
		if p := s.Properties[name]; p != nil {
			out = append(out, p)
		}
		return out
	}
}

func forPatterns(matches func(jsonschema.Regexp) bool) func(*jsonschema.Schema) []*jsonschema.Schema {
	return func(s *jsonschema.Schema) (out []*jsonschema.Schema) {
		if len(s.PatternProperties) == 0 {
			return nil
		}
		for _, pattern := range slices.SortedFunc(maps.Keys(s.PatternProperties), byText) {
			if matches(pattern) {
				out = append(out, s.PatternProperties[pattern])
			}
		}
		return out
	}
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
