package contract

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"
)

// parse reads the document twice: as nodes, which know their lines, and as kin-openapi's model, which decides what the
// document says. Its errors name the file and, where known, the line.
func parse(name string, data []byte) (t tree, doc *openapi3.T, err error) {
	// Whatever a hostile document makes of the two parsers is this document's error.
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%s: not a document that can be read", name)
		}
	}()
	t = tree{name: name, root: &yaml.Node{}}
	if err := yaml.Unmarshal(data, t.root); err != nil {
		return t, nil, fmt.Errorf("%s: not YAML or JSON: %s", yamlPlace(name, err), clean(err))
	}
	if err := t.version(); err != nil {
		return t, nil, err
	}
	if _, paths := member(unalias(t.root), "paths"); paths == nil {
		return t, nil, fmt.Errorf("%s: no paths key: the document describes no operation", t.position(""))
	}
	loader := openapi3.NewLoader()
	doc, err = loader.LoadFromDataWithPath(bytes.Clone(data), &url.URL{Path: name})
	if err != nil {
		return t, nil, t.refused(err)
	}
	return t, doc, nil
}

var supported = regexp.MustCompile(`^3\.[01]\.[0-9]+(-.+)?$`)

// version refuses what is not OpenAPI 3.0 or 3.1 before a parser guesses at it.
func (t tree) version() error {
	root := unalias(t.root)
	if root.Kind != yaml.MappingNode {
		return fmt.Errorf("%s: not an OpenAPI document: the top level is no object", t.place(root))
	}
	key, value := member(root, "openapi")
	if value == nil {
		if key, value = member(root, "swagger"); value != nil {
			return fmt.Errorf("%s: Swagger %.10q is not supported: convert the document to OpenAPI 3.0 or 3.1", t.place(key), value.Value)
		}
		return fmt.Errorf("%s: not an OpenAPI document: no openapi key", t.position(""))
	}
	if !supported.MatchString(value.Value) {
		return fmt.Errorf("%s: OpenAPI %.20q is not supported: want 3.0.x or 3.1.x", t.place(key), value.Value)
	}
	return nil
}

// is30 tells the dialect of schemas before JSON Schema 2020-12.
func (t tree) is30() bool {
	_, v := member(unalias(t.root), "openapi")
	return v != nil && strings.HasPrefix(v.Value, "3.0.")
}

// refused turns kin-openapi's error into one that names a place: of the reference that leads nowhere, if that is why.
func (t tree) refused(err error) error {
	var outside *openapi3.DisallowedExternalRefError
	if errors.As(err, &outside) {
		return fmt.Errorf("%s: reference %q leaves the document: only references inside it are followed",
			t.place(t.reference(func(ref string) bool { return ref == outside.Ref })), outside.Ref)
	}
	dangling := t.reference(func(ref string) bool {
		pointer, ok := fragment(ref)
		if !ok {
			return false
		}
		_, _, found := t.at(pointer)
		return !found
	})
	if dangling != t.root {
		return fmt.Errorf("%s: reference %q leads nowhere", t.place(dangling), dangling.Value)
	}
	return fmt.Errorf("%s: not a valid OpenAPI document: %s", yamlPlace(t.name, err), clean(err))
}

// reference finds the first $ref that a test picks, or the root if there is none.
func (t tree) reference(pick func(ref string) bool) *yaml.Node {
	var find func(n *yaml.Node) *yaml.Node
	find = func(n *yaml.Node) *yaml.Node {
		for i, c := range n.Content {
			isRef := n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == "$ref"
			if isRef && c.Kind == yaml.ScalarNode && pick(c.Value) {
				return c
			}
			if found := find(c); found != nil {
				return found
			}
		}
		return nil
	}
	if found := find(t.root); found != nil {
		return found
	}
	return t.root
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// yamlPlace is file:line if the parser's text has a line, else the file.
func yamlPlace(name string, err error) string {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		return name + ":" + m[1]
	}
	return name
}

// clean is a parser's text on one line and of bearable length.
func clean(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > 300 {
		text = text[:300] + "…"
	}
	return text
}
