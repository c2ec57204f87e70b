package learn

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/overlay"
)

// document is what the document says at each place.
type document struct {
	name    string
	root    *yaml.Node
	base    overlay.Base
	is30    bool
	sourced bool // it says of things where they are documented

	discriminators map[string]bool // pointers of the members' schemas
}

func newDocument(name string, data []byte) (*document, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil || len(root.Content) == 0 {
		return nil, fmt.Errorf("%s: not YAML or JSON", name)
	}
	digest, err := overlay.Digest(data)
	if err != nil {
		return nil, err
	}
	d := &document{name: name, root: root.Content[0]}
	d.base = overlay.Base{Version: d.text("/info/version"), Digest: digest}
	d.is30 = strings.HasPrefix(d.text("/openapi"), "3.0")
	d.discriminators = map[string]bool{}
	d.deciding("", d.root, d.discriminators)
	d.sourced = strings.Contains(string(data), "x-documented")
	return d, nil
}

// at is the node of a JSON pointer; nil if there is none.
func (d *document) at(pointer string) *yaml.Node {
	n := unalias(d.root)
	for _, token := range tokens(pointer) {
		switch n.Kind {
		case yaml.MappingNode:
			n = member(n, token)
		case yaml.SequenceNode:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(n.Content) {
				return nil
			}
			n = n.Content[i]
		default:
			return nil
		}
		if n == nil {
			return nil
		}
		n = unalias(n)
	}
	return n
}

func unalias(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func member(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return unalias(n.Content[i+1])
		}
	}
	return nil
}

func (d *document) text(pointer string) string {
	if n := d.at(pointer); n != nil && n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return ""
}

// resolve follows references.
func (d *document) resolve(pointer string) string {
	for range 100 {
		ref := member(d.at(pointer), "$ref")
		if ref == nil || !strings.HasPrefix(ref.Value, "#/") {
			break
		}
		pointer = ref.Value[1:]
	}
	return pointer
}

// below is where the schema is written for a place in a value that a schema holds for: a reference, if there is one. ok is false if no
// schema names the place.
func (d *document) below(schema string, place []string) (site string, ok bool) {
	return d.search(schema, place, 200)
}

func (d *document) search(schema string, place []string, left int) (site string, ok bool) {
	if len(place) == 0 {
		return schema, d.at(schema) != nil
	}
	p := d.resolve(schema)
	n := d.at(p)
	if n == nil || left == 0 {
		return "", false
	}
	_, err := strconv.Atoi(place[0])
	direct := []string{join(p, "properties", place[0])}
	if err == nil {
		direct = append(direct, join(p, "prefixItems", place[0]), join(p, "items"))
	}
	for _, next := range append(direct, join(p, "additionalProperties")) {
		if at := d.at(next); at != nil && at.Kind == yaml.MappingNode {
			return d.search(next, place[1:], left-1)
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		list := member(n, keyword)
		for i := 0; list != nil && i < len(list.Content); i++ {
			if site, ok := d.search(join(p, keyword, strconv.Itoa(i)), place, left-1); ok {
				return site, true
			}
		}
	}
	return "", false
}

// types are those that a schema names.
func types(n *yaml.Node) []string {
	t := member(n, "type")
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
	for _, token := range tokens(pointer) {
		n := d.at(above)
		switch {
		case n != nil && n.Kind == yaml.SequenceNode:
			b.WriteString("[" + token + "]")
		case identifier.MatchString(token):
			b.WriteString("." + token)
		default:
			b.WriteString("['" + inQuotes.Replace(token) + "']")
		}
		above = join(above, token)
	}
	return b.String()
}

// called is what a person calls a place: RenderOutput.format, the body of an answer, or its pointer.
func (d *document) called(pointer string) string {
	name, ok := strings.CutPrefix(pointer, "/components/schemas/")
	if !ok {
		return d.bodyOf(pointer)
	}
	parts := tokens("/" + name)
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

// tokens splits a JSON pointer into its unescaped parts.
func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(pointer[1:], "/")
	for i, p := range parts {
		parts[i] = unescaper.Replace(p)
	}
	return parts
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
	inQuotes  = strings.NewReplacer(`\`, `\\`, `'`, `\'`)
)

// join appends unescaped parts to a JSON pointer.
func join(pointer string, parts ...string) string {
	for _, p := range parts {
		pointer += "/" + escaper.Replace(p)
	}
	return pointer
}

// up is the pointer of what is around a place, and the last part.
func up(pointer string) (above, last string) {
	all := tokens(pointer)
	if len(all) == 0 {
		return "", ""
	}
	return join("", all[:len(all)-1]...), all[len(all)-1]
}
