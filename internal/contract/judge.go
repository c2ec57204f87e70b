package contract

import (
	"net/http"
	"strconv"
)

// judge is one call of Check.
type judge struct {
	*collector
	c *Contract
	x Exchange
}

func (j *judge) add(f Finding) { j.addAt(f, nil) }

// addAt adds a finding about a place in the body, which it masks.
func (j *judge) addAt(f Finding, at []string) {
	if f.Position == "" && f.Document != "" {
		f.Position = j.c.tree.position(f.Document)
	}
	if len(at) > 0 {
		f.Pointer = j.c.schemas.place(at)
	}
	j.collector.add(f, join("", at...))
}

// violate adds a violation that is about a layer as a whole.
func (j *judge) violate(layer Layer, rule, document, expected, got string) {
	j.add(Finding{Rule: rule, Severity: Violation, Layer: layer, Document: document, Expected: expected, Got: got})
}

// unchecked adds a reason from the package doc's closed list.
func (j *judge) unchecked(reason, pointer, document, expected, got string) {
	j.add(Finding{Rule: "unchecked." + reason, Severity: Unchecked, Layer: LayerBody, Pointer: pointer, Document: document,
		Expected: expected, Got: got})
}

// run goes through all four layers, whatever the ones before came to.
func (j *judge) run(r *route) {
	entry := r.entry(j.x.Status)
	if entry == nil {
		j.violate(LayerStatus, "status", join(r.pointer, "responses"), "a documented status", strconv.Itoa(j.x.Status))
	}
	m, sure := (*media)(nil), false
	if !j.silent() {
		m, sure = j.contentType(entry)
	}
	if entry != nil {
		for _, h := range entry.headers {
			j.header(h)
		}
	}
	j.body(entry, m, sure)
}

// entry is the documented response for a status: its own, its range's, or the default.
func (r *route) entry(status int) *response {
	code := strconv.Itoa(status)
	if e := r.responses[code]; e != nil {
		return e
	}
	if len(code) == 3 {
		if e := r.responses[code[:1]+"XX"]; e != nil {
			return e
		}
	}
	return r.responses["DEFAULT"]
}

// silent statuses never have a body.
func (j *judge) silent() bool {
	return j.x.Status == http.StatusNoContent || j.x.Status == http.StatusNotModified || j.x.Status < 200
}

func (j *judge) isHead() bool { return j.x.Method == http.MethodHead }

func (j *judge) hasBody() bool { return len(j.x.Body) > 0 || j.x.Truncated }
