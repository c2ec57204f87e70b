package contract

import (
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// header judges one documented header: that it is there if it has to be, and its value by its schema. Its text is read as
// OpenAPI's simple style writes it.
func (j *judge) header(h header) {
	values := j.x.Header.Values(h.name)
	if len(values) == 0 {
		if h.required {
			j.badHeader(h, join(h.pointer, "required"), "a header", "nothing")
		}
		return
	}
	if h.opaque {
		j.uncheckedHeader(h, h.pointer, "media-type", "a media type that can be decoded")
		return
	}
	if h.schema == "" {
		return
	}
	if !strings.EqualFold(h.name, "Set-Cookie") { // the one header whose lines are no list
		values = []string{strings.Join(values, ", ")}
	}
	for _, text := range values {
		j.headerValue(h, strings.Trim(text, " \t"))
	}
}

func (j *judge) headerValue(h header, text string) {
	root := j.c.schemas.roots[h.schema]
	if root == nil {
		j.uncheckedHeader(h, h.schema, "schema", "a schema that compiles")
		return
	}
	if h.json {
		value, found, err := decode([]byte(text))
		if err != nil {
			j.badHeader(h, h.pointer, "one JSON value", "string")
			return
		}
		for _, f := range found {
			f.Layer, f.Pointer, f.Document = LayerHeader, h.name, h.pointer
			if f.Severity == Violation {
				f.Rule = "header"
			}
			j.add(f)
		}
		j.heldTo(h, root, []any{value})
		return
	}
	j.heldTo(h, root, readings(text, root, h.explode))
}

// heldTo reports the defects of the most likely reading, unless another has none.
func (j *judge) heldTo(h header, root *jsonschema.Schema, readings []any) {
	i := max(0, slices.IndexFunc(readings, func(v any) bool { return root.Validate(v) == nil }))
	for _, d := range j.c.schemas.defects(root, h.schema, readings[i]) {
		f := d.finding()
		f.Layer, f.Pointer = LayerHeader, h.name
		if f.Severity == Violation {
			f.Rule = "header"
		}
		if _, isText := readings[i].(string); isText {
			f.Got = "string"
		}
		j.add(f)
	}
	for _, note := range j.c.schemas.notes[h.schema] {
		note.Layer, note.Pointer = LayerHeader, h.name
		j.add(note)
	}
}

func (j *judge) badHeader(h header, document, expected, got string) {
	j.add(Finding{Rule: "header", Severity: Violation, Layer: LayerHeader, Pointer: h.name,
		Document: document, Expected: expected, Got: got})
}

func (j *judge) uncheckedHeader(h header, document, reason, expected string) {
	j.add(Finding{Rule: "unchecked." + reason, Severity: Unchecked, Layer: LayerHeader, Pointer: h.name, Document: document,
		Expected: expected})
}

// readings are the values that a header's text can stand for, given the types that its schema names: the most particular
// first, the text itself last.
func readings(text string, s *jsonschema.Schema, explode bool) []any {
	types := typesOf(s, 8)
	var out []any
	if types&typeSet("integer", "number") != 0 && jsonNumber.MatchString(text) {
		out = append(out, (&decoder{}).number(text))
	}
	if types&typeSet("boolean") != 0 && (text == "true" || text == "false") {
		out = append(out, text == "true")
	}
	if types&typeSet("array") != 0 {
		out = append(out, listReading(text, s))
	}
	if types&typeSet("object") != 0 {
		if object, ok := objectReading(text, s, explode); ok {
			out = append(out, object)
		}
	}
	return append(out, text)
}

func listReading(text string, s *jsonschema.Schema) any {
	list := []any{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if s.Items2020 != nil {
			list = append(list, readings(part, s.Items2020, false)[0])
		} else {
			list = append(list, part)
		}
	}
	return list
}

// objectReading reads name,value,name,value, or name=value,name=value where the header explodes. A name without a value is no
// object.
func objectReading(text string, s *jsonschema.Schema, explode bool) (object map[string]any, ok bool) {
	parts := strings.Split(text, ",")
	object = map[string]any{}
	put := func(name, value string) {
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		object[name] = value
		if p := s.Properties[name]; p != nil {
			object[name] = readings(value, p, false)[0]
		}
	}
	if explode {
		for _, part := range parts {
			name, value, ok := strings.Cut(part, "=")
			if !ok {
				return nil, false
			}
			put(name, value)
		}
		return object, true
	}
	if len(parts)%2 != 0 {
		return nil, false
	}
	for i := 0; i < len(parts); i += 2 {
		put(parts[i], parts[i+1])
	}
	return object, true
}

// typesOf is every type that a schema or what it refers to names.
func typesOf(s *jsonschema.Schema, depth int) (t jsonschema.Types) {
	if s == nil || depth == 0 {
		return 0
	}
	if s.Types != nil {
		t |= *s.Types
	}
	for _, v := range enumerated(s) {
		t |= typeBits(v)
	}
	t |= typesOf(s.Ref, depth-1)
	for _, part := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
		t |= typesOf(part, depth-1)
	}
	return t
}

// enumerated are the values that an enum or const lists.
func enumerated(s *jsonschema.Schema) []any {
	var out []any
	if s.Enum != nil {
		out = append(out, s.Enum.Values...)
	}
	if s.Const != nil {
		out = append(out, *s.Const)
	}
	return out
}

func typeSet(names ...string) (t jsonschema.Types) {
	for _, name := range names {
		t.Add(name)
	}
	return t
}
