// Package contract holds HTTP responses to an OpenAPI document.
package contract

import (
	"cmp"
	"net/url"

	"github.com/getkin/kin-openapi/openapi3"
)

// Contract is a compiled document. It is safe for concurrent use.
type Contract struct {
	tree        tree
	routes      []*route
	anyHost     bool
	maxFindings int
}

// Option changes what Load makes.
type Option func(*Contract)

// AnyHost matches exchanges by path alone, whatever host they went to; the servers' base paths still count. Without it
// the host has to be a documented one.
func AnyHost() Option { return func(c *Contract) { c.anyHost = true } }

// MaxFindings is how many findings a report lists; the rest are counted in Omitted. 100 unless set.
func MaxFindings(n int) Option { return func(c *Contract) { c.maxFindings = max(n, 1) } }

// Load compiles an OpenAPI 3.0 or 3.1 document, YAML or JSON, whose name stands in every position. References may only
// lead to places inside it. Its errors are one line that names the place where it is known.
func Load(name string, data []byte, opts ...Option) (*Contract, error) {
	t, doc, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	c := &Contract{tree: t, maxFindings: 100}
	for _, o := range opts {
		o(c)
	}
	c.compile(doc)
	return c, nil
}

// Check judges one exchange. It never panics.
func (c *Contract) Check(x Exchange) (r Report) {
	u := cmp.Or(x.URL, &url.URL{})
	op, _, why := c.find(x.Method, u)
	if op == nil {
		return Report{}.With(Finding{Rule: "operation", Severity: Violation, Layer: LayerOperation,
			Document: "/paths", Position: c.tree.position("/paths"), Expected: "a documented operation", Got: string(why)})
	}
	return Report{Operation: op.name, Findings: []Finding{}}
}

var _ = (*openapi3.T)(nil)
