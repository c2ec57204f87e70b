package contract

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
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
	name     string // as the document writes it
	key      string // as http.Header does
	pointer  string
	required bool
	explode  bool
	json     bool // described by content of a JSON type rather than by a schema
	opaque   bool // described by content of a type that nothing here decodes
	subject
}

// subject is something that has a schema.
type subject struct {
	schema     string // the schema's pointer, "" if there is none
	root       *jsonschema.Schema
	state      *state // for admit
	uncompiled bool   // there is a schema, which does not compile
}

// bind looks up what became of the schema when all were compiled.
func (c *Contract) bind(s *subject, m *states) {
	if s.schema != "" {
		s.root = c.schemas.root(s.schema)
		s.uncompiled = s.root == nil
	}
	if s.state = c.anything; s.root != nil {
		s.state = m.of([]*jsonschema.Schema{s.root})
	}
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
			r := c.route(template, method, op)
			c.routes = append(c.routes, r)
			for _, s := range servers(doc, item, op) {
				c.site(s).add(r)
			}
		}
	}
	c.schemas.build()
	m := newStates(c.schemas)
	c.anything = m.of(nil)
	for _, entry := range c.responses {
		for i := range entry.content {
			c.bind(&entry.content[i].subject, m)
		}
		for i := range entry.headers {
			c.bind(&entry.headers[i].subject, m)
		}
	}
	m.finish()
	return nil
}

// site is the one of a server.
func (c *Contract) site(s *openapi3.Server) site {
	i := slices.IndexFunc(c.sites, func(known site) bool { return known.documented == s })
	if i < 0 {
		i = len(c.sites)
		c.sites = append(c.sites, site{s, newServer(s), newJunction()})
	}
	return c.sites[i]
}

func (c *Contract) route(template, method string, op *openapi3.Operation) *route {
	r := &route{
		name: op.OperationID, method: method, template: template, segments: newSegments(template),
		pointer: c.operationPointer(template, method), statuses: map[int]*response{}, ranges: map[int]*response{},
	}
	if r.name == "" {
		r.name = method + " " + template
	}
	for status, ref := range op.Responses.Map() {
		if ref != nil && ref.Value != nil {
			r.put(strings.ToUpper(status), c.response(c.tree.resolve(join(r.pointer, "responses", status)), ref.Value))
		}
	}
	return r
}

// put files a response under its status: 200, 2XX or DEFAULT.
func (r *route) put(status string, entry *response) {
	digits, ranged := strings.CutSuffix(status, "XX")
	n, err := strconv.Atoi(digits)
	switch {
	case status == "DEFAULT":
		r.fallback = entry
	case err == nil && ranged && len(status) == 3:
		r.ranges[n] = entry
	case err == nil && len(status) == 3:
		r.statuses[n] = entry
	}
}

// documented is the response that is filed under a status, as put takes it; nil if there is none.
func (r *route) documented(status string) *response {
	if strings.EqualFold(status, "default") {
		return r.fallback
	}
	digits, ranged := strings.CutSuffix(status, "XX")
	n, err := strconv.Atoi(digits)
	switch {
	case err != nil || len(status) != 3:
		return nil
	case ranged:
		return r.ranges[n]
	}
	return r.statuses[n]
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

// anyServer is whatever host serves the document.
var anyServer = openapi3.Servers{{URL: "/"}}

// servers are the operation's own, else the path's, else the document's, else anyServer.
func servers(doc *openapi3.T, item *openapi3.PathItem, op *openapi3.Operation) openapi3.Servers {
	if op.Servers != nil && len(*op.Servers) > 0 {
		return *op.Servers
	}
	for _, s := range []openapi3.Servers{item.Servers, doc.Servers} {
		if len(s) > 0 {
			return s
		}
	}
	return anyServer
}

func (c *Contract) response(pointer string, r *openapi3.Response) *response {
	out := &response{pointer: pointer}
	c.responses = append(c.responses, out)
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
		m.free = !IsJSON(m.name) && c.free(m.schema)
		out.content = append(out.content, m)
	}
	return out
}

func (c *Contract) header(name, pointer string, h *openapi3.Header) header {
	out := header{name: name, key: http.CanonicalHeaderKey(name), pointer: pointer, required: h.Required, explode: h.Explode != nil && *h.Explode}
	out.schema = c.want(join(pointer, "schema"))
	for key := range h.Content {
		m := newMedia(key, "", "")
		out.json, out.opaque = IsJSON(m.name), !IsJSON(m.name) && m.name != "text/plain"
		out.schema = c.want(join(pointer, "content", key, "schema"))
	}
	return out
}

// want asks for a schema to be compiled, and is its pointer, or "" where none is written.
func (c *Contract) want(pointer string) string {
	if _, _, found := c.tree.at(pointer); !found {
		return ""
	}
	c.schemas.add(pointer, exemption{}, nil)
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
