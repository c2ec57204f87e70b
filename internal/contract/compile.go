package contract

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// response is one entry of an operation's responses, compiled.
type response struct {
	pointer string
}

// compile makes the tables that Check reads from kin-openapi's document, which is the authority on what it says.
func (c *Contract) compile(doc *openapi3.T) {
	for template, item := range doc.Paths.Map() {
		r := &route{template: template, segments: newSegments(template), operations: map[string]*operation{}}
		pointer := join("/paths", template)
		for method, op := range item.Operations() {
			r.operations[method] = c.operation(method, template, pointer, op)
		}
		for _, s := range documentServers(doc, item) {
			r.servers = append(r.servers, newServer(s))
		}
		c.routes = append(c.routes, r)
	}
	slices.SortFunc(c.routes, compareRoutes)
}

func documentServers(doc *openapi3.T, item *openapi3.PathItem) openapi3.Servers {
	for _, servers := range []openapi3.Servers{item.Servers, doc.Servers} {
		if len(servers) > 0 {
			return servers
		}
	}
	return openapi3.Servers{{URL: "/"}}
}

func (c *Contract) operation(method, template, pointer string, op *openapi3.Operation) *operation {
	return &operation{name: op.OperationID, method: method, pointer: pointer}
}
