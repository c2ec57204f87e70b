package diff

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// part is what holds at a place of a document: one value, or several that hold together, as the branches of an allOf do. None are no part.
type part []spot

// spot is a value as it is written.
type spot struct {
	pointer string
	node    *yaml.Node
	spread  bool   // its $ref and its allOf were followed, and are no members any more
	under   string // the value stands for an object with this member alone
}

func (s spot) kind() yaml.Kind {
	if s.under != "" {
		return yaml.MappingNode
	}
	return s.node.Kind
}

// members goes over those of a mapping.
func (s spot) members() iter.Seq2[string, spot] {
	return func(yield func(name string, value spot) bool) {
		if s.under != "" {
			yield(s.under, spot{pointer: s.pointer, node: s.node})
			return
		}
		for key, value := range place.Members(s.node) {
			followed := s.spread && (key.Value == "$ref" || key.Value == "allOf")
			if !followed && !yield(key.Value, spot{pointer: place.Join(s.pointer, key.Value), node: value}) {
				return
			}
		}
	}
}

// at is where the part begins.
func (p part) at() string { return p[0].pointer }

// key is of the values that hold together.
func (p part) key() string {
	if len(p) == 1 {
		return p[0].pointer
	}
	var pointers []string
	for _, s := range p {
		pointers = append(pointers, s.pointer)
	}
	return strings.Join(pointers, "&")
}

// unlike is the first value that the other part has not.
func (p part) unlike(other part) spot {
	theirs := other.values()
	for _, s := range p {
		if v := place.Value(s.node); !slices.ContainsFunc(theirs, func(known any) bool { return same(known, v) }) {
			return s
		}
	}
	return p[0]
}

// plainly tells whether the part is one value.
func (p part) plainly(kind yaml.Kind) bool { return len(p) == 1 && p[0].kind() == kind }

// all tells whether all values are of a kind.
func (p part) all(kind yaml.Kind) bool {
	return !slices.ContainsFunc(p, func(s spot) bool { return s.kind() != kind })
}

// values are what the values say, each once.
func (p part) values() []any {
	var out []any
	for _, s := range p {
		if v := place.Value(s.node); !slices.ContainsFunc(out, func(known any) bool { return same(known, v) }) {
			out = append(out, v)
		}
	}
	return out
}

// member is what holds for one member of an object.
type member struct {
	name string
	part
}

// members are those of the mappings together, in their order.
func (p part) members() []member {
	var out []member
	index := map[string]int{}
	for _, s := range p {
		for name, value := range s.members() {
			i, known := index[name]
			if !known {
				i = len(out)
				index[name] = i
				out = append(out, member{name: name})
			}
			out[i].part = append(out[i].part, value)
		}
	}
	return out
}

// member is the part under a name; none if there is none.
func (p part) member(name string) part {
	var out part
	for _, s := range p {
		for known, value := range s.members() {
			if known == name {
				out = append(out, value)
			}
		}
	}
	return out
}

// text is the first text under a name.
func (p part) text(name string) string {
	for _, m := range p.member(name) {
		if m.node.Kind == yaml.ScalarNode {
			return m.node.Value
		}
	}
	return ""
}

// items are those of the lists together.
func (p part) items() part {
	var out part
	for _, s := range p {
		for i, item := range place.Items(s.node) {
			out = append(out, spot{pointer: place.Join(s.pointer, strconv.Itoa(i)), node: place.Plain(item)})
		}
	}
	return out
}

// spread is a part with what its references and its allOf lead to in their place.
func (p part) spread(d *place.Document) part {
	out := spreading{d: d, met: map[*yaml.Node]bool{}}
	for _, s := range p {
		out.follow(s)
	}
	if len(out.part) == 0 { // references in a circle
		return p
	}
	return out.part
}

// spreading collects the values that hold together.
type spreading struct {
	part
	d   *place.Document
	met map[*yaml.Node]bool
}

func (p *spreading) follow(s spot) {
	if p.met[s.node] {
		return
	}
	p.met[s.node] = true
	target := p.target(s)
	branches := place.Member(s.node, "allOf")
	s.spread = s.under == "" && (target.node != nil || branches != nil && branches.Kind == yaml.SequenceNode)
	if !s.spread {
		p.part = append(p.part, s)
		return
	}
	if hasOthers(s.node) {
		p.part = append(p.part, s)
	}
	if target.node != nil {
		p.follow(target)
	}
	for _, branch := range (part{{pointer: place.Join(s.pointer, "allOf"), node: branches}}).items() {
		p.follow(branch)
	}
}

// target is what a reference inside the document leads to.
func (p *spreading) target(s spot) spot {
	ref, _ := place.Text(s.node, "$ref")
	if !strings.HasPrefix(ref, "#/") {
		return spot{}
	}
	return spot{pointer: ref[1:], node: p.d.At(ref[1:])}
}

// hasOthers tells whether a mapping says more than a reference and an allOf.
func hasOthers(n *yaml.Node) bool {
	for key := range place.Members(n) {
		if key.Value != "$ref" && key.Value != "allOf" {
			return true
		}
	}
	return false
}
