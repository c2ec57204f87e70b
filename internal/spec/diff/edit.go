package diff

import (
	"cmp"
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
	keyword           string // the member's name, or the list's; "" if somebody chose that name
	item              string // of an item of a list: the word, or the server's address
	claimed           bool   // a rule of oasdiff speaks of it
}

// at is where the edit is, by a pointer that exists in one of the documents.
func (e edit) at() string {
	if e.isThere {
		return e.head
	}
	return e.base
}

// comparison collects edits.
type comparison struct {
	base, head *place.Document
	found      []edit
}

func edits(base, head *place.Document) []edit {
	c := &comparison{base: base, head: head}
	c.mappings("", "", false, base.Root(), head.Root())
	return c.found
}

// values compares what stands at a place of base with what stands at a place of head.
func (c *comparison) values(base, head, keyword string, from, to *yaml.Node) {
	switch {
	case whole(keyword) || from.Kind != to.Kind || from.Kind == yaml.ScalarNode:
		if !reflect.DeepEqual(place.Value(from), place.Value(to)) {
			c.found = append(c.found, edit{base: base, head: head, wasThere: true, isThere: true, keyword: keyword})
		}
	case from.Kind == yaml.MappingNode:
		c.mappings(base, head, slices.Contains(named, keyword), from, to)
	default:
		c.lists(base, head, keyword, from, to)
	}
}

// whole tells of which members the value counts as one: what is inside of it are no keywords.
func whole(keyword string) bool {
	return strings.HasPrefix(keyword, "x-") || slices.Contains([]string{"example", "examples", "default", "const"}, keyword)
}

// named are the keywords of objects whose members have names that somebody chose.
var named = []string{"paths", "webhooks", "callbacks", "responses", "headers", "parameters", "content", "links", "schemas", "requestBodies",
	"securitySchemes", "pathItems", "variables", "mapping", "encoding", "properties", "patternProperties", "$defs", "dependentSchemas", "dependentRequired"}

// mappings compares members. names tells that these are no keywords.
func (c *comparison) mappings(base, head string, names bool, from, to *yaml.Node) {
	keyword := func(name string) string {
		if names {
			return ""
		}
		return name
	}
	for key, value := range place.Members(from) {
		at := place.Join(base, key.Value)
		if name, other := counterpart(base, to, key.Value); other != nil {
			c.values(at, place.Join(head, name), keyword(key.Value), value, other)
		} else {
			c.found = append(c.found, edit{base: at, head: head, wasThere: true, keyword: keyword(key.Value)})
		}
	}
	for key := range place.Members(to) {
		if _, other := counterpart(head, from, key.Value); other == nil {
			c.found = append(c.found, edit{base: base, head: place.Join(head, key.Value), isThere: true, keyword: keyword(key.Value)})
		}
	}
}

// counterpart is the member of the other document that a name means: of a path, one whose parameters may be called otherwise.
func counterpart(at string, in *yaml.Node, name string) (string, *yaml.Node) {
	if other := place.Member(in, name); other != nil || at != "/paths" {
		return name, other
	}
	for key, value := range place.Members(in) {
		if template(key.Value) == template(name) {
			return key.Value, value
		}
	}
	return "", nil
}

var parameter = regexp.MustCompile(`\{[^/}]*\}`)

// template is a path without the names of its parameters.
func template(path string) string { return parameter.ReplaceAllString(path, "{}") }

// lists compares items that go by what they are, not by their place.
func (c *comparison) lists(base, head, keyword string, from, to *yaml.Node) {
	names := func(at string, n *yaml.Node) []string {
		var out []string
		for i, item := range place.Items(n) {
			out = append(out, identity(at, item, i))
		}
		return out
	}
	before, after := names(base, from), names(head, to)
	for i, name := range before {
		at := place.Join(base, strconv.Itoa(i))
		if j := slices.Index(after, name); j >= 0 {
			c.values(at, place.Join(head, strconv.Itoa(j)), keyword+"[]", from.Content[i], to.Content[j])
		} else {
			c.found = append(c.found, edit{base: at, head: head, wasThere: true, keyword: keyword, item: called(from.Content[i])})
		}
	}
	for j, name := range after {
		if !slices.Contains(before, name) {
			c.found = append(c.found, edit{base: base, head: place.Join(head, strconv.Itoa(j)), isThere: true, keyword: keyword, item: called(to.Content[j])})
		}
	}
}

func called(n *yaml.Node) string {
	url, _ := place.Text(n, "url")
	return cmp.Or(url, n.Value)
}

// identity is what an item of a list goes by: its text, or what names it, else its place. A parameter of a path goes by where the path
// has it.
func identity(at string, n *yaml.Node, i int) string {
	if n.Kind == yaml.ScalarNode {
		return n.ShortTag() + " " + n.Value
	}
	var names []string
	for _, key := range []string{"$ref", "in", "name", "url"} {
		if text, ok := place.Text(n, key); ok {
			names = append(names, text)
		}
	}
	if names == nil {
		return "#" + strconv.Itoa(i)
	}
	if parts := place.Split(at); len(names) == 2 && names[0] == "path" && parts[0] == "paths" {
		if before, _, ok := strings.Cut(parts[1], "{"+names[1]+"}"); ok {
			return "path " + template(before)
		}
	}
	return strings.Join(names, " ")
}
