package contract

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What a document makes of the parts is bounded: a few schemas that refer to one another can have more places than there is
// memory for.
const (
	mostParts     = 10_000
	mostPartBytes = 4 << 20   // of their pointers
	mostSteps     = 2_000_000 // looks at schemas, of which to make a scene takes many
	sceneSteps    = 100
)

// survey finds all that exchanges can show of a document.
type survey struct {
	contract *Contract
	types    *states // which know what types a schema may have
	parts    []Part
	left     int // properties and values that may still be added
	bytes    int // of pointers
	steps    int

	owner Part                          // operation and status of what is surveyed now
	first int                           // the first part of its bodies
	known map[[2]string]int             // its parts, by name and document pointer
	made  map[spotted]*scene            // its scenes
	open  map[*jsonschema.Schema]*scene // those whose members, or members below them, are being surveyed
	way   []stage                       // to the place that is
}

// stage is a place on the way to another one, and the schemas that say what there is to see there.
type stage struct {
	*outlook
	all []*jsonschema.Schema
}

// spotted is a schema at a place in a body.
type spotted struct {
	path   string
	schema *jsonschema.Schema
}

func newSurvey(c *Contract) *survey {
	return &survey{
		contract: c, types: newStates(c.schemas), bytes: mostPartBytes, steps: mostSteps, open: map[*jsonschema.Schema]*scene{},
	}
}

func (s *survey) coverage() *Coverage {
	v := &Coverage{contract: s.contract, operations: map[*route]int{}, answers: map[*response]*panorama{}}
	routes := s.routes()
	heads := 0
	for _, r := range routes {
		heads += 1 + len(s.statuses(r))
	}
	s.left = max(mostParts-heads, 0)
	for _, r := range routes {
		s.owner = Part{Operation: r.name}
		v.operations[r] = s.head("operation", r.name, r.pointer)
		for _, status := range s.statuses(r) {
			s.owner.Status = statusName(status)
			entry := r.documented(s.owner.Status)
			part := s.head("status", s.owner.Status, join(r.pointer, "responses", status))
			v.answers[entry] = s.panorama(part, entry)
		}
	}
	v.parts, v.seen = s.parts, make([]atomic.Int64, len(s.parts))
	return v
}

// routes are all operations in the order of the document.
func (s *survey) routes() []*route {
	rank := map[*route][2]int{}
	templates := map[string]int{}
	for i, template := range s.contract.tree.namesAt("/paths") {
		templates[template] = i
	}
	for _, r := range s.contract.routes {
		item, _ := cutLast(r.pointer)
		rank[r] = [2]int{templates[r.template], slices.Index(s.contract.tree.namesAt(item), strings.ToLower(r.method))}
	}
	return slices.SortedFunc(slices.Values(s.contract.routes), func(a, b *route) int {
		return cmp.Or(cmp.Compare(rank[a][0], rank[b][0]), cmp.Compare(rank[a][1], rank[b][1]))
	})
}

// statuses are the documented ones of an operation, as they are written.
func (s *survey) statuses(r *route) []string {
	written := s.contract.tree.namesAt(join(r.pointer, "responses"))
	return slices.DeleteFunc(written, func(status string) bool { return r.documented(statusName(status)) == nil })
}

// statusName is 200, 2XX or default.
func statusName(written string) string {
	if strings.EqualFold(written, "default") {
		return "default"
	}
	return strings.ToUpper(written)
}

// head adds an operation or a status.
func (s *survey) head(kind, name, document string) int {
	if len(s.parts) == mostParts {
		return -1
	}
	return s.add(Part{Kind: kind, Operation: s.owner.Operation, Name: name, Document: document})
}

func (s *survey) add(p Part) int {
	p.Position = s.contract.tree.position(p.Document)
	s.parts = append(s.parts, p)
	return len(s.parts) - 1
}

// panorama surveys the JSON bodies of a status.
func (s *survey) panorama(part int, entry *response) *panorama {
	s.first, s.known, s.made = len(s.parts), map[[2]string]int{}, map[spotted]*scene{}
	p := &panorama{part: part, first: s.first, media: map[*media]*outlook{}}
	for _, key := range s.contract.tree.namesAt(join(entry.pointer, "content")) {
		i := slices.IndexFunc(entry.content, func(m media) bool { return m.key == key })
		if i < 0 {
			continue
		}
		m := &entry.content[i]
		if m.root != nil && (IsJSON(m.name) || strings.HasSuffix(m.name, "*")) { // a range is read as what comes under it
			p.media[m] = s.outlook(m.root, "")
		}
	}
	p.last = len(s.parts)
	return p
}

// part is the number of a property or value, which is added unless it is known; -1 where it does not fit.
func (s *survey) part(p Part) int {
	key := [2]string{p.Property + " " + p.Name, p.Document}
	if i, known := s.known[key]; known {
		return i
	}
	if s.bytes -= len(p.Name) + len(p.Property) + len(p.Document); s.bytes < 0 {
		s.left = 0
	}
	if s.left == 0 {
		return -1
	}
	s.left--
	p.Operation, p.Status = s.owner.Operation, s.owner.Status
	s.known[key] = s.add(p) - s.first
	return s.known[key]
}
