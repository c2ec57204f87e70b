package contract

import (
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// header judges one documented header: that it is there if it has to be, and its value by its schema. Its text is read as
// OpenAPI's simple style writes it.
func (j *judge) header(h header) {
	values := j.x.Header[h.key]
	switch {
	case len(values) == 0 && h.required:
		j.badHeader(h, join(h.pointer, "required"), "a header", "nothing")
	case len(values) == 0:
	case h.opaque:
		j.uncheckedHeader(h, h.pointer, "media-type", "a media type that can be decoded")
	case h.uncompiled:
		j.uncheckedHeader(h, h.schema, "schema", "a schema that compiles")
	case h.root == nil:
	case h.key == "Set-Cookie": // the one header whose lines are no list
		for _, text := range values {
			j.headerValue(h, strings.Trim(text, " \t"))
		}
	default:
		j.headerValue(h, strings.Trim(strings.Join(values, ", "), " \t"))
	}
}

func (j *judge) headerValue(h header, text string) {
	switch {
	case h.json:
		value, err := decode([]byte(text), &j.left, func(f Finding) {
			f.Pointer, f.Document = h.name, h.pointer
			j.addHeader(f)
		})
		if err == nil {
			j.heldTo(h, []any{value})
		}
	case !j.c.engineOnly && h.state.admitsText(text):
	default:
		if isNumber(text) && !ordinary(text) {
			j.uncheckedHeader(h, h.schema, "number", "a number of at most 1000 digits")
		}
		j.heldTo(h, readings(text, h.root, h.explode))
	}
}

// heldTo reports the defects of the most likely reading, unless another has none.
func (j *judge) heldTo(h header, readings []any) {
	i := max(0, slices.IndexFunc(readings, func(v any) bool { return h.root.Validate(v) == nil }))
	for _, d := range j.c.schemas.defects(h.root, readings[i]) {
		f := d.finding()
		f.Pointer = h.name
		if _, isText := readings[i].(string); isText {
			f.Got = "string"
		}
		j.addHeader(f)
	}
	for _, note := range j.c.schemas.notes[h.schema] {
		note.Pointer = h.name
		j.addHeader(note)
	}
}

// addHeader adds what was found in a header's value: all that breaks it is one rule.
func (j *judge) addHeader(f Finding) {
	if f.Layer = LayerHeader; f.Severity == Violation {
		f.Rule = "header"
	}
	j.add(f)
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
	if types&typeSet("integer", "number") != 0 && isNumber(text) {
		out = append(out, nearest(text))
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
