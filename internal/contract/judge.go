package contract

import (
	"cmp"
	"net/http"
	"strconv"
)

// judge is one call of Check. A contract keeps them for the next call, so that a clean exchange costs no memory.
type judge struct {
	collector
	admission
	c         *Contract
	x         Exchange
	plain     []byte // the body without its Content-Encoding
	left      int    // values that may still be made of it
	secretive bool   // parts of the text that is judged are not shown
}

// judge takes a judge for an exchange, and release gives it back, without what it saw.
func (c *Contract) judge(x Exchange) *judge {
	j, _ := c.judges.Get().(*judge)
	if j == nil {
		j = &judge{c: c}
	}
	j.x, j.left, j.effort, j.limit, j.anything = x, mostValues, mostEffort, c.maxFindings, c.anything
	return j
}

func (j *judge) release() {
	j.x, j.plain, j.secretive = Exchange{}, nil, false
	j.collector.reset()
	j.admission.reset()
	j.c.judges.Put(j)
}

func (j *judge) add(f Finding) { j.addAt(f, nil) }

// addAt adds a finding about a place in the body, which it masks.
func (j *judge) addAt(f Finding, at []string) {
	if j.full(f.Severity) {
		return
	}
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
	var said claim
	if !j.silent() {
		said = j.contentType(entry)
	}
	if entry != nil {
		for _, h := range entry.headers {
			j.header(h)
		}
	}
	j.body(entry, said)
}

// entry is the documented response for a status: its own, its range's, or the default.
func (r *route) entry(status int) *response {
	return cmp.Or(r.statuses[status], r.ranges[status/100], r.fallback)
}

// silent statuses never have a body.
func (j *judge) silent() bool {
	return j.x.Status == http.StatusNoContent || j.x.Status == http.StatusNotModified || j.x.Status < 200
}

func (j *judge) isHead() bool { return j.x.Method == http.MethodHead }

func (j *judge) hasBody() bool { return len(j.x.Body) > 0 || j.x.Unseen != "" }
