package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"
)

// response is one entry of an operation's responses, compiled.
type response struct {
	pointer string
	headers []header
	content []media
}

// header is one documented response header.
type header struct {
	name     string
	pointer  string
	schema   string // pointer of its schema, "" if it has none
	required bool
	explode  bool
	json     bool // described by content of a JSON type rather than by a schema
	opaque   bool // described by content of another type
}

// compile makes the tables that Check reads from kin-openapi's document, which is the authority on what it says.
func (c *Contract) compile(doc *openapi3.T) (err error) {
	// Whatever a hostile document makes of the schema engine is this document's error.
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%s: not a document that can be compiled", c.tree.name)
		}
	}()
	for template, item := range doc.Paths.Map() {
		if item == nil {
			continue
		}
		for method, op := range item.Operations() {
			c.routes = append(c.routes, c.route(doc, template, item, method, op))
		}
	}
	slices.SortFunc(c.routes, compareRoutes)
	c.schemas.build()
	return nil
}

func (c *Contract) route(doc *openapi3.T, template string, item *openapi3.PathItem, method string, op *openapi3.Operation) *route {
	r := &route{
		name: op.OperationID, method: method, template: template, segments: newSegments(template),
		pointer: c.operationPointer(template, method), responses: map[string]*response{},
	}
	if r.name == "" {
		r.name = method + " " + template
	}
	for _, s := range servers(doc, item, op) {
		r.servers = append(r.servers, newServer(s))
	}
	for status, ref := range op.Responses.Map() {
		if ref != nil && ref.Value != nil {
			pointer := c.tree.resolve(join(r.pointer, "responses", status))
			r.responses[strings.ToUpper(status)] = c.response(pointer, ref.Value)
		}
	}
	return r
}

// operationPointer looks beside a path item's reference before it follows it, as kin-openapi does.
func (c *Contract) operationPointer(template, method string) string {
	item := join("/paths", template)
	beside := join(item, strings.ToLower(method))
	if _, _, found := c.tree.at(beside); found {
		return beside
	}
	return join(c.tree.resolve(item), strings.ToLower(method))
}

// servers are the operation's own, else the path's, else the document's, else whatever host serves the document.
func servers(doc *openapi3.T, item *openapi3.PathItem, op *openapi3.Operation) openapi3.Servers {
	if op.Servers != nil && len(*op.Servers) > 0 {
		return *op.Servers
	}
	for _, s := range []openapi3.Servers{item.Servers, doc.Servers} {
		if len(s) > 0 {
			return s
		}
	}
	return openapi3.Servers{{URL: "/"}}
}

func (c *Contract) response(pointer string, r *openapi3.Response) *response {
	out := &response{pointer: pointer}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		ref := r.Headers[name]
		if strings.EqualFold(name, "Content-Type") || ref == nil || ref.Value == nil {
			continue // OpenAPI: a header object named Content-Type is ignored
		}
		out.headers = append(out.headers, c.header(name, c.tree.resolve(join(pointer, "headers", name)), ref.Value))
	}
	for _, key := range slices.Sorted(maps.Keys(r.Content)) {
		at := c.tree.resolve(join(pointer, "content", key))
		m := newMedia(key, at, c.want(join(at, "schema")))
		m.free = !m.isJSON() && c.free(m.schema)
		out.content = append(out.content, m)
	}
	return out
}

func (c *Contract) header(name, pointer string, h *openapi3.Header) header {
	out := header{name: name, pointer: pointer, required: h.Required, explode: h.Explode != nil && *h.Explode}
	out.schema = c.want(join(pointer, "schema"))
	for key := range h.Content {
		m := newMedia(key, "", "")
		out.json, out.opaque = m.isJSON(), !m.isJSON()
		out.schema = c.want(join(pointer, "content", key, "schema"))
	}
	return out
}

// want asks for a schema to be compiled, and is its pointer, or "" where none is written.
func (c *Contract) want(pointer string) string {
	if _, _, found := c.tree.at(pointer); !found {
		return ""
	}
	c.schemas.add(pointer)
	return pointer
}

// free tells a schema that any bytes satisfy: one that says nothing, or the binary string of OpenAPI 3.0.
func (c *Contract) free(pointer string) bool {
	n, _, found := c.tree.at(pointer)
	if !found || n.Kind != yaml.MappingNode {
		return found && plain(n) == true
	}
	said := map[string]any{}
	for _, keyword := range names(n) {
		if _, value := member(n, keyword); shapes[keyword] != annotation {
			said[keyword] = plain(value)
		}
	}
	return len(said) == 0 || len(said) == 2 && said["type"] == "string" && said["format"] == "binary"
}
