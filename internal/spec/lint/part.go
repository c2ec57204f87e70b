package lint

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// kind is what a part of a document is.
type kind string

const (
	info      kind = "info"
	server    kind = "server"
	tag       kind = "tag"
	path      kind = "path"
	operation kind = "operation"
	parameter kind = "parameter"
	body      kind = "request body"
	response  kind = "response"
	header    kind = "header"
	media     kind = "media type"
	scheme    kind = "security scheme"
	schema    kind = "schema"
	property  kind = "property"
	inline    kind = "inline schema" // one without a name
)

// part is an object of the document that has keywords.
type part struct {
	kind
	name    string // that it is known by
	at      string
	node    *yaml.Node
	request bool // it is sent, not received
}

// reference tells whether the part is said elsewhere.
func (p part) reference() bool { return place.Member(p.node, "$ref") != nil }

// collector walks over a document as OpenAPI has it. References are not followed: what they lead to is a part of its own.
type collector struct {
	doc     *place.Document
	found   []part
	request bool
}

func parts(doc *place.Document) []part {
	c := &collector{doc: doc}
	c.add(info, "", "/info")
	c.servers("")
	c.list("/tags", func(at string) { c.add(tag, c.text(at, "name"), at) })
	c.entries("/paths", c.path)
	c.each("/webhooks", c.path)
	c.each("/components/pathItems", c.path)
	c.each("/components/schemas", func(name, at string) { c.schema(schema, name, at) })
	c.each("/components/responses", c.response)
	c.each("/components/headers", c.header)
	c.each("/components/parameters", func(_, at string) { c.parameter(at) })
	c.each("/components/requestBodies", c.body)
	c.each("/components/securitySchemes", func(name, at string) { c.add(scheme, name, at) })
	return c.found
}

// add notes a part; it is false where there is none.
func (c *collector) add(k kind, name, at string) bool {
	node := c.doc.At(at)
	if node == nil || node.Kind != yaml.MappingNode {
		return false
	}
	c.found = append(c.found, part{k, name, at, node, c.request})
	return true
}

func (c *collector) text(at, member string) string {
	text, _ := place.Text(c.doc.At(at), member)
	return text
}

// each goes over the members of the object at a pointer.
func (c *collector) each(at string, f func(name, at string)) {
	for key := range place.Members(c.doc.At(at)) {
		f(key.Value, place.Join(at, key.Value))
	}
}

// entries are the members but for extensions, which a header's or a property's name only looks like.
func (c *collector) entries(at string, f func(name, at string)) {
	c.each(at, func(name, at string) {
		if !strings.HasPrefix(name, "x-") {
			f(name, at)
		}
	})
}

func (c *collector) list(at string, f func(at string)) {
	for i := range place.Items(c.doc.At(at)) {
		f(place.Join(at, strconv.Itoa(i)))
	}
}

func (c *collector) servers(in string) {
	c.list(in+"/servers", func(at string) { c.add(server, c.text(at, "url"), at) })
}

func (c *collector) path(name, at string) {
	if !c.add(path, name, at) {
		return
	}
	c.servers(at)
	c.list(at+"/parameters", c.parameter)
	for _, method := range []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"} {
		c.operation(strings.ToUpper(method)+" "+name, place.Join(at, method))
	}
}

func (c *collector) operation(name, at string) {
	if !c.add(operation, name, at) {
		return
	}
	c.servers(at)
	c.list(at+"/parameters", c.parameter)
	c.body("", at+"/requestBody")
	c.entries(at+"/responses", c.response)
	c.each(at+"/callbacks", func(_, at string) { c.entries(at, c.path) })
}

func (c *collector) parameter(at string) {
	if c.add(parameter, c.text(at, "name"), at) {
		c.sent(func() { c.schema(inline, "", at+"/schema"); c.content(at) })
	}
}

func (c *collector) body(name, at string) {
	if c.add(body, name, at) {
		c.sent(func() { c.content(at) })
	}
}

func (c *collector) response(status, at string) {
	if c.add(response, status, at) {
		c.each(at+"/headers", c.header)
		c.content(at)
	}
}

func (c *collector) header(name, at string) {
	if c.add(header, name, at) {
		c.schema(inline, "", at+"/schema")
		c.content(at)
	}
}

func (c *collector) content(in string) {
	c.each(in+"/content", func(name, at string) {
		if c.add(media, name, at) {
			c.schema(inline, "", at+"/schema")
		}
	})
}

// sent marks what f collects as sent by clients.
func (c *collector) sent(f func()) {
	outer := c.request
	c.request = true
	f()
	c.request = outer
}

func (c *collector) schema(k kind, name, at string) {
	if !c.add(k, name, at) {
		return
	}
	c.each(at+"/properties", func(name, at string) { c.schema(property, name, at) })
	for _, keyword := range []string{"patternProperties", "$defs", "dependentSchemas"} {
		c.each(place.Join(at, keyword), func(_, at string) { c.schema(inline, "", at) })
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf", "prefixItems"} {
		c.list(place.Join(at, keyword), func(at string) { c.schema(inline, "", at) })
	}
	for _, keyword := range []string{"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
		"unevaluatedItems", "unevaluatedProperties", "contentSchema"} {
		c.schema(inline, "", place.Join(at, keyword))
	}
}
