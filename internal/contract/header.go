package contract

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// mostText is how many bytes of a header, or of a text that is no JSON, are held to a schema.
const mostText = 256 << 10

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
	case len(text) > mostText:
		j.uncheckedHeader(h, h.schema, "size", "a text of at most 256 KiB")
	case h.json:
		value, err := decode([]byte(text), &j.left, func(f Finding, _ func() jsontext.Pointer) {
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
		j.hushed(text, func() { j.heldTo(h, h.state.readings(text, h.explode)) })
	}
}

// heldTo reports the defects of the most likely reading, unless another has none.
func (j *judge) heldTo(h header, readings []any) {
	value := readings[max(0, slices.IndexFunc(readings, h.state.holds))]
	_, isText := value.(string)
	tell := func(f Finding, at []string) {
		if isText && f.Severity == Violation {
			f.Got = "string"
		}
		f = j.disclose(f, value, []string{h.name}, at)
		f.Pointer = h.name
		j.addHeader(f)
	}
	for _, d := range j.c.schemas.defects(h.root, value) {
		tell(d.finding(), d.at)
	}
	walk := &walker{schemas: j.c.schemas, tell: func(f Finding, at []string) {
		if f.Severity == Unchecked {
			tell(f, at)
		}
	}}
	walk.visit(value, h.root)
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
