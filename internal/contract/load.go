package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"
)

// mostBytes keeps what is no document, such as a recording, from taking minutes to be refused.
const mostBytes = 10_000_000

// parse reads the document twice: as nodes, which know their lines, and as kin-openapi's model, which decides what the
// document says. Its errors name the file and, where known, the line.
func parse(name string, data []byte) (refs references, doc *openapi3.T, err error) {
	// Whatever a hostile document makes of the two parsers is this document's error.
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%s: not a document that can be read", name)
		}
	}()
	if len(data) > mostBytes {
		return refs, nil, fmt.Errorf("%s:%d: %d bytes: want a document of at most 10 MB", name, 1+bytes.Count(data[:mostBytes], []byte("\n")), len(data))
	}
	t := tree{name: name, root: &yaml.Node{}, large: map[*yaml.Node]map[string]int{}}
	if err := t.read(data); err != nil {
		return refs, nil, err
	}
	t.index(t.root)
	for _, refused := range []func() error{t.version, t.aliases, t.twice, t.objects} {
		if err := refused(); err != nil {
			return refs, nil, err
		}
	}
	if _, paths := member(unalias(t.root), "paths"); paths == nil {
		return refs, nil, fmt.Errorf("%s: no paths key: the document describes no operation", t.position(""))
	}
	refs = newReferences(t)
	if err := refs.check(); err != nil {
		return refs, nil, err
	}
	doc, err = openapi3.NewLoader().LoadFromDataWithPath(bytes.Clone(data), &url.URL{Path: name})
	if err != nil {
		if doc := outline(t); doc != nil {
			return refs, doc, nil
		}
		return refs, nil, fmt.Errorf("%s: not a valid OpenAPI document: %s", yamlPlace(t.name, err), clean(err))
	}
	return refs, doc, nil
}

// read reads the one YAML or JSON document that there may be.
func (t tree) read(data []byte) error {
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(t.root); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: not YAML or JSON: %s", yamlPlace(t.name, err), clean(err))
	}
	var second yaml.Node
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: a second document begins: want one", tree{name: t.name, root: &second}.position(""))
	}
	return nil
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
			return fmt.Errorf("%s: Swagger %s is not supported: convert the document to OpenAPI 3.0 or 3.1", t.place(key), quoted(value.Value))
		}
		return fmt.Errorf("%s: not an OpenAPI document: no openapi key", t.position(""))
	}
	if !supported.MatchString(value.Value) {
		return fmt.Errorf("%s: OpenAPI %s is not supported: want 3.0.x or 3.1.x", t.place(key), quoted(value.Value))
	}
	return nil
}

// is30 tells the dialect of schemas before JSON Schema 2020-12.
func (t tree) is30() bool {
	_, v := member(unalias(t.root), "openapi")
	return v != nil && strings.HasPrefix(v.Value, "3.0.")
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// yamlPlace is file:line, by the parser's text if that has a line.
func yamlPlace(name string, err error) string {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		return name + ":" + m[1]
	}
	return name + ":1"
}

// clean is a parser's text on one line and of bearable length.
func clean(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > 300 {
		text = text[:300] + "…"
	}
	return text
}
