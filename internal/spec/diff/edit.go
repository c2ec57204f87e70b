package diff

import (
	"cmp"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// edit is a difference between the documents as they are written. A pointer that is not there is that of the place around it.
type edit struct {
	base, head        string
	wasThere, isThere bool
	from, to          *yaml.Node // what was there, and what is
	keyword           string     // the member's name, or the list's; "" if somebody chose that name
	item              string     // of an item of a list: the word, or the server's address
	claimed           bool       // a rule of oasdiff speaks of it
	covered           bool       // of a status: the other document has an answer that stands for it
	sent              bool       // what a client sends is written by it
	target            string     // what it refers to, if it is nothing but a reference
}

// at is where the edit is, by a pointer that exists in one of the documents.
func (e edit) at() string {
	if e.isThere {
		return e.head
	}
	return e.base
}

// mostPairs ends the comparison of what allOf and references make without end.
const mostPairs = 1_000_000

// comparison collects edits.
type comparison struct {
	base, head *place.Document
	found      []edit
	met        map[[2]string]bool // what was held side by side, by its pointers
	known      map[[3]string]bool // what was found
	beside     *comparison        // of statuses that another entry answers for
}

func newComparison(base, head *place.Document) *comparison {
	return &comparison{base: base, head: head, met: map[[2]string]bool{}, known: map[[3]string]bool{}}
}

// edits are the differences, and an error if there is no end of them.
func edits(base, head *place.Document) ([]edit, error) {
	c := newComparison(base, head)
	c.beside = newComparison(base, head)
	c.mappings(false, part{{node: base.Root()}}, part{{node: head.Root()}})
	if len(c.met)+len(c.beside.met) > mostPairs {
		return nil, errors.New("compare: references and allOf make more schemas of these documents than can be compared")
	}
	return c.found, nil
}

// add leaves out what was found on another way.
func (c *comparison) add(e edit) {
	key := [3]string{e.base, e.head, e.item}
	if !c.known[key] {
		c.known[key] = true
		c.found = append(c.found, e)
	}
}

func (c *comparison) changed(keyword string, from, to part) {
	was, is := from.unlike(to), to.unlike(from)
	c.add(edit{base: was.pointer, head: is.pointer, wasThere: true, isThere: true, from: was.node, to: is.node, keyword: keyword})
}

func (c *comparison) removed(keyword, item string, from, around part) {
	c.add(edit{base: from.at(), head: around.at(), wasThere: true, from: from[0].node, keyword: keyword, item: item, target: target(from)})
}

func (c *comparison) added(keyword, item string, around, to part) {
	c.add(edit{base: around.at(), head: to.at(), isThere: true, to: to[0].node, keyword: keyword, item: item, target: target(to)})
}

func target(p part) string {
	ref, _ := place.Text(p[0].node, "$ref")
	return strings.TrimPrefix(ref, "#")
}

// values compares what holds at a place of base with what holds at a place of head.
func (c *comparison) values(keyword string, from, to part) {
	names := slices.Contains(named, keyword)
	if !names && !whole(keyword) && !sameReference(from, to) {
		from, to = from.spread(c.base), to.spread(c.head)
	}
	switch {
	case !whole(keyword) && from.all(yaml.MappingNode) && to.all(yaml.MappingNode):
		c.mappings(names, from, to)
	case !whole(keyword) && from.all(yaml.SequenceNode) && to.all(yaml.SequenceNode):
		c.lists(keyword, from, to)
	case !same(from.values(), to.values()):
		c.changed(keyword, from, to)
	}
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// sameReference tells whether both are one value that refers to one name: what that stands for is compared where it is.
func sameReference(from, to part) bool {
	return from.plainly(yaml.MappingNode) && to.plainly(yaml.MappingNode) && from.text("$ref") == to.text("$ref") && from.text("$ref") != ""
}

// whole tells of which members the value counts as one: what is inside of it are no keywords.
func whole(keyword string) bool {
	return strings.HasPrefix(keyword, "x-") || slices.Contains([]string{"example", "examples", "default", "const"}, keyword)
}

// named are the keywords of objects whose members have names that somebody chose.
var named = []string{"paths", "webhooks", "callbacks", "responses", "headers", "parameters", "content", "links", "schemas", "requestBodies",
	"securitySchemes", "pathItems", "variables", "mapping", "encoding", "properties", "patternProperties", "$defs", "dependentSchemas", "dependentRequired"}

// mappings compares members. names tells that these are no keywords.
func (c *comparison) mappings(names bool, from, to part) {
	pair := [2]string{from.key(), to.key()}
	if c.met[pair] || len(c.met) > mostPairs {
		return
	}
	c.met[pair] = true
	before, after := from.members(), to.members()
	if isItem(from.at()) {
		before, after = handed(before), handed(after)
	}
	c.members(names, from, to, before, after)
}

func (c *comparison) members(names bool, from, to part, before, after []member) {
	keyword := func(name string) string {
		if names {
			return ""
		}
		return name
	}
	was, is := indexed(before), indexed(after)
	for _, m := range before {
		switch other := is.find(from.at(), m.name); {
		case other != nil:
			c.values(keyword(m.name), m.part, other)
		case holdsComponents(m.at()):
			c.values(keyword(m.name), m.part, none(to, yaml.MappingNode))
		case listsAll(keyword(m.name), m.part):
			c.values(m.name, m.part, none(to, yaml.SequenceNode))
		case implied(keyword(m.name), m.part, to):
		case isStatus(from.at(), m.name) && is.covering(m.name) != nil:
			c.covered(edit{base: m.at(), head: to.at(), wasThere: true, covered: true}, m.part, is.covering(m.name))
		default:
			c.removed(keyword(m.name), "", m.part, to)
		}
	}
	for _, m := range after {
		switch {
		case was.find(to.at(), m.name) != nil || implied(keyword(m.name), m.part, from):
		case holdsComponents(m.at()):
			c.values(keyword(m.name), none(from, yaml.MappingNode), m.part)
		case listsAll(keyword(m.name), m.part):
			c.values(m.name, none(from, yaml.SequenceNode), m.part)
		case isStatus(to.at(), m.name) && was.covering(m.name) != nil:
			c.covered(edit{base: from.at(), head: m.at(), isThere: true, covered: true}, was.covering(m.name), m.part)
		default:
			c.added(keyword(m.name), "", from, m.part)
		}
	}
}

// holdsComponents tells whether what is at a pointer is nothing but components.
func holdsComponents(pointer string) bool {
	return pointer == "/components" || strings.HasPrefix(pointer, "/components/") && !strings.HasPrefix(pointer, "/components/x-") && strings.Count(pointer, "/") == 2
}

// listsAll tells whether a list means the same without items as if it were not there.
func listsAll(keyword string, p part) bool {
	return (keyword == "required" || keyword == "parameters") && p.all(yaml.SequenceNode)
}

// none is an object without members, or a list without items, at a place.
func none(around part, kind yaml.Kind) part {
	return part{{pointer: around.at(), node: &yaml.Node{Kind: kind}}}
}

// covered is a status that the other document answers by another entry, whose texts may differ.
func (c *comparison) covered(e edit, from, to part) {
	c.add(e)
	beside := cmp.Or(c.beside, c)
	before := len(beside.found)
	beside.values("", from, to)
	for _, e := range slices.Clone(beside.found[before:]) {
		if !e.rule().silent {
			c.add(e)
		}
	}
}

// table finds members.
type table map[string]part

// indexed finds paths by their templates too.
func indexed(members []member) table {
	out := table{}
	for _, m := range members {
		out[m.name] = m.part
		if strings.HasPrefix(m.name, "/") {
			out["template "+template(m.name)] = m.part
		}
	}
	return out
}

// find is the member that a name means: of a path, one whose parameters may be called otherwise.
func (t table) find(at, name string) part {
	if p := t[name]; p != nil || at != "/paths" {
		return p
	}
	return t["template "+template(name)]
}

var parameter = regexp.MustCompile(`\{[^/}]*\}`)

// template is a path without the names of its parameters.
func template(path string) string { return parameter.ReplaceAllString(path, "{}") }

// lists compares items that go by what they are, not by their place. Schemas without a counterpart are held against each other in their
// order: they may be called otherwise alone.
func (c *comparison) lists(keyword string, from, to part) {
	before, after := c.named(c.base, from), c.named(c.head, to)
	was, is := indexed(before), indexed(after)
	gone := slices.DeleteFunc(slices.Clone(before), func(m member) bool { return is[m.name] != nil })
	come := slices.DeleteFunc(slices.Clone(after), func(m member) bool { return was[m.name] != nil })
	for _, m := range before {
		if other := is[m.name]; other != nil {
			c.values(keyword+"[]", m.part, other)
		}
	}
	for len(gone) > 0 && len(come) > 0 && gone[0].unnamed() && come[0].unnamed() {
		c.values(keyword+"[]", gone[0].part, come[0].part)
		gone, come = gone[1:], come[1:]
	}
	for _, m := range gone {
		c.removed(keyword, called(m.part[0].node), m.part, to)
	}
	for _, m := range come {
		c.added(keyword, called(m.part[0].node), from, m.part)
	}
}

func called(n *yaml.Node) string {
	url, _ := place.Text(n, "url")
	return cmp.Or(url, n.Value)
}

// named are the items of a list by what they go by, each once.
func (c *comparison) named(d *place.Document, list part) []member {
	var out []member
	known := map[string]bool{}
	for i, item := range list.items() {
		name := identity(list.at(), part{item}.spread(d), item.node, i)
		if !known[name] {
			known[name] = true
			out = append(out, member{name, part{item}})
		}
	}
	return out
}

// unnamed tells whether an item is a schema, which goes by what it refers to, or by its place.
func (m member) unnamed() bool { return strings.HasPrefix(m.name, "#") }

// identity is what an item of a list goes by: its text, or what names it, else its reference or its place. A parameter of a path goes by
// where the path has it.
func identity(at string, item part, written *yaml.Node, i int) string {
	if written.Kind == yaml.ScalarNode {
		return written.ShortTag() + " " + written.Value
	}
	in, name := item.text("in"), item.text("name")
	if in == "path" && strings.HasPrefix(at, "/paths/") {
		if before, _, ok := strings.Cut(place.Split(at)[1], "{"+name+"}"); ok {
			return "path " + template(before)
		}
	}
	if names := strings.TrimSpace(strings.Join([]string{in, name, item.text("url")}, " ")); names != "" {
		return "named " + names
	}
	ref, _ := place.Text(written, "$ref")
	return cmp.Or(ref, "#"+strconv.Itoa(i))
}
