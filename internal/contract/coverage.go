package contract

import (
	"cmp"
	"math/bits"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
)

// Part is a part of the document that exchanges can show, and how often they did.
type Part struct {
	Kind      string `json:"kind"`               // operation, status, property or value
	Operation string `json:"operation"`          // the operation that it belongs to
	Status    string `json:"status,omitempty"`   // the documented status that it belongs to: 200, 2XX or default
	Name      string `json:"name"`               // readRender, 200, /output/format, or mp4
	Property  string `json:"property,omitempty"` // of a value: the property that takes it
	Document  string `json:"document"`           // JSON pointer into the document
	Position  string `json:"position"`           // file:line:column of that place
	Seen      int    `json:"seen"`               // in how many exchanges
}

// Coverage counts which parts of a document exchanges show. It is safe for concurrent use.
type Coverage struct {
	contract   *Contract
	parts      []Part
	seen       []atomic.Int64 // in how many exchanges each part was
	operations map[*route]int // their parts
	answers    map[*response]*panorama
	glances    sync.Pool
}

// panorama is all that one documented status has to show.
type panorama struct {
	part        int
	first, last int // of the parts of its bodies, and the one after
	media       map[*media]*outlook
}

// Coverage is a new count, of nothing yet.
//
// Its parts are the operations, the statuses of their responses, the properties of their JSON bodies, and the values of each enum
// and const, but for null, arrays, objects and numbers of over 19 digits. A property is a part once for each status and for each
// schema that names it there, and its place is where that schema is written. Items of arrays stand on the way to properties, as in
// /items/*/id, and are no part themselves; what additionalProperties or a pattern says of members is the property /*. Members for
// requests only are left out, and so is what stands under if alone, which asks and promises nothing. A schema that leads back to
// itself is gone through once: what is seen further down counts for the outer place.
//
// There are at most 10,000 parts, with pointers of at most 4 MiB in all: operations and statuses first, then properties and values
// as far as they fit and are found in good time. The rest is left out, and nothing says so.
func (c *Contract) Coverage() *Coverage { return newSurvey(c).coverage() }

// Add counts what an exchange shows, whether it keeps the contract or not. The body is what Judge returns: nil where it was not
// looked at. An exchange of no documented operation counts nothing, one of no documented status its operation alone, and one to a
// HEAD, or with a body that is not there whole, no properties. Of a body that is no JSON, what stands before the fault counts.
//
// Where several branches of an anyOf or oneOf may have been meant, the properties are those of the branches that hold, or the one
// that a discriminator names, else of all whose type fits.
func (v *Coverage) Add(x Exchange, body []byte) {
	r, _ := v.contract.find(x.Method, cmp.Or(x.URL, &url.URL{}))
	if r == nil {
		return
	}
	v.count(v.operations[r])
	entry := r.entry(x.Status)
	if entry == nil {
		return
	}
	p := v.answers[entry]
	if p == nil {
		return
	}
	v.count(p.part)
	if x.Method == http.MethodHead || x.Unseen != "" || p.first == p.last {
		return
	}
	if o := p.media[entry.shows(x.Header["Content-Type"])]; o != nil {
		v.look(p, o, body)
	}
}

// shows is the documented JSON type that a body is held to; nil if there is none.
func (r *response) shows(stated []string) *media {
	said := only(r.content, false)
	if len(stated) == 1 {
		if name, parameters, _ := parseMedia(stated[0]); best(r.content, name, parameters) != nil {
			said = claim{best(r.content, name, parameters), name, true}
		}
	}
	if !IsJSON(said.name) {
		return nil
	}
	return said.media
}

func (v *Coverage) look(p *panorama, o *outlook, body []byte) {
	g, _ := v.glances.Get().(*glance)
	if g == nil {
		g = &glance{schemas: v.contract.schemas}
	}
	g.over(o, body, p.last-p.first)
	for i, word := range g.shown {
		for ; word != 0; word &= word - 1 {
			v.count(p.first + i*64 + bits.TrailingZeros64(word))
		}
	}
	g.reset()
	v.glances.Put(g)
}

func (v *Coverage) count(part int) {
	if part >= 0 {
		v.seen[part].Add(1)
	}
}

// Parts is all there is to see, in the order of the document: each operation, its statuses, the properties of each of them, the
// values of each of those. Seen is 0 for what no exchange has shown.
func (v *Coverage) Parts() []Part {
	out := slices.Clone(v.parts)
	for i := range out {
		out[i].Seen = int(v.seen[i].Load())
	}
	return out
}
