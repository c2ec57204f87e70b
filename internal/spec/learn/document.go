package learn

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/overlay"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// document is what the document says at each place.
type document struct {
	*place.Document
	name    string
	base    overlay.Base
	is30    bool
	sourced bool // it says of things where they are documented

	discriminators map[string]bool // pointers of the members' schemas
}

func newDocument(name string, data []byte) (*document, error) {
	parsed, err := place.Parse(name, data)
	if err != nil {
		return nil, err
	}
	digest, err := overlay.Digest(data)
	if err != nil {
		return nil, err
	}
	d := &document{Document: parsed, name: name}
	d.base = overlay.Base{Version: d.text("/info/version"), Digest: digest}
	d.is30 = strings.HasPrefix(d.text("/openapi"), "3.0")
	d.discriminators = d.deciding()
	d.sourced = strings.Contains(string(data), "x-documented")
	return d, nil
}

// text is what is said at a place, if that is a text.
func (d *document) text(pointer string) string {
	if n := d.At(pointer); n != nil && n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return ""
}

// below is where the schema is written for a place in a value that a schema holds for: a reference, if there is one. ok is false if no
// schema names the place.
func (d *document) below(schema string, steps []string) (site string, ok bool) {
	return d.search(schema, steps, 200)
}

func (d *document) search(schema string, steps []string, left int) (site string, ok bool) {
	if len(steps) == 0 {
		return schema, d.At(schema) != nil
	}
	p := d.Resolve(schema)
	n := d.At(p)
	if n == nil || left == 0 {
		return "", false
	}
	_, err := strconv.Atoi(steps[0])
	direct := []string{place.Join(p, "properties", steps[0])}
	if err == nil {
		direct = append(direct, place.Join(p, "prefixItems", steps[0]), place.Join(p, "items"))
	}
	for _, next := range append(direct, place.Join(p, "additionalProperties")) {
		if at := d.At(next); at != nil && at.Kind == yaml.MappingNode {
			return d.search(next, steps[1:], left-1)
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		list := place.Member(n, keyword)
		for i := 0; list != nil && i < len(list.Content); i++ {
			if site, ok := d.search(place.Join(p, keyword, strconv.Itoa(i)), steps, left-1); ok {
				return site, true
			}
		}
	}
	return "", false
}

// types are those that a schema names.
func types(n *yaml.Node) []string {
	t := place.Member(n, "type")
	switch {
	case t == nil:
		return nil
	case t.Kind == yaml.ScalarNode:
		return []string{t.Value}
	}
	var out []string
	for _, item := range t.Content {
		out = append(out, item.Value)
	}
	return out
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// path is a pointer as a JSONPath.
func (d *document) path(pointer string) string {
	var b strings.Builder
	b.WriteByte('$')
	above := ""
	for _, token := range place.Split(pointer) {
		n := d.At(above)
		switch {
		case n != nil && n.Kind == yaml.SequenceNode:
			b.WriteString("[" + token + "]")
		case identifier.MatchString(token):
			b.WriteString("." + token)
		default:
			b.WriteString("[" + overlay.Apostrophed(token) + "]")
		}
		above = place.Join(above, token)
	}
	return b.String()
}

// called is what a person calls a place: RenderOutput.format, the body of an answer, or its pointer.
func (d *document) called(pointer string) string {
	name, ok := strings.CutPrefix(pointer, "/components/schemas/")
	if !ok {
		return d.bodyOf(pointer)
	}
	parts := place.Split("/" + name)
	out := parts[0]
	for i := 1; i < len(parts); i++ {
		switch parts[i] {
		case "properties":
		case "items":
			out += "[]"
		default:
			out += "." + parts[i]
		}
	}
	return out
}

// up is the pointer of what is around a place, and the last part.
func up(pointer string) (above, last string) {
	all := place.Split(pointer)
	if len(all) == 0 {
		return "", ""
	}
	return place.Join("", all[:len(all)-1]...), all[len(all)-1]
}
