// Package place knows where the parts of an OpenAPI document are written.
//
// Parse reads a document as it was written, and a Document goes both ways: from a JSON pointer to file:line:column, and back from a
// line and a column to the pointer of what begins there. It judges nothing but that a document is one, and no bomb: that it can be used
// is contract.Load's business.
package place

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Document is a YAML or JSON document as it was written. It is not changed once it is made.
type Document struct {
	name   string
	root   *yaml.Node
	spots  map[string]Spot   // by pointer
	starts map[[2]int]string // the innermost pointer of what begins at a line and a column
}

// Spot is one place of a document.
type Spot struct {
	Pointer string
	Mark    *yaml.Node // shows where it is: the name of a member, else the value itself
	Value   *yaml.Node
}

// Parse reads the document whose name stands in every position. What is no YAML and no JSON, aliases that stand inside of themselves or
// for more than 100,000 values, and more than 1,000 levels are an error of one line.
func Parse(name string, data []byte) (*Document, error) {
	var root yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(name, err)
	}
	d := &Document{name, &root, map[string]Spot{}, map[[2]int]string{}}
	if err := d.bounded(); err != nil {
		return nil, err
	}
	for s := range d.Walk() {
		d.spots[s.Pointer] = s
		d.starts[[2]int{s.Mark.Line, s.Mark.Column}] = s.Pointer
		d.starts[[2]int{s.Value.Line, s.Value.Column}] = s.Pointer
	}
	return d, nil
}

var line = regexp.MustCompile(`line (\d+)`)

// unreadable is a parser's error on one line.
func unreadable(name string, err error) error {
	at := "1"
	if m := line.FindStringSubmatch(err.Error()); m != nil {
		at = m[1]
	}
	return fmt.Errorf("%s:%s: not YAML or JSON: %.300s", name, at, strings.Join(strings.Fields(err.Error()), " "))
}

// Root is the top of the document.
func (d *Document) Root() *yaml.Node { return Plain(d.root) }

// At is the node that a JSON pointer names, with aliases followed; nil if there is none.
func (d *Document) At(pointer string) *yaml.Node { return d.spots[pointer].Value }

// Position is file:line:column of what a pointer names, or of its nearest parent that is written down: of a member, where its name
// stands.
func (d *Document) Position(pointer string) string {
	for {
		if s, there := d.spots[pointer]; there {
			return d.Mark(s.Mark)
		}
		pointer = pointer[:max(0, strings.LastIndexByte(pointer, '/'))]
	}
}

// Mark is file:line:column of a node.
func (d *Document) Mark(n *yaml.Node) string {
	return fmt.Sprintf("%s:%d:%d", d.name, max(n.Line, 1), max(n.Column, 1))
}

// Resolve follows the references at a pointer, and on the way to it, as far as they stay inside the document.
func (d *Document) Resolve(pointer string) string {
	at := ""
	for i, rest := 0, Split(pointer); ; i++ {
		for hops := 0; hops < 100; hops++ {
			ref, is := Text(d.At(at), "$ref")
			if !is || !strings.HasPrefix(ref, "#/") {
				break
			}
			at = ref[1:]
		}
		if i == len(rest) {
			return at
		}
		at = Join(at, rest[i])
	}
}

// Pointer is the innermost place that begins at a line and a column, which may be that of a member's name or of its value; ok is
// false if nothing begins there.
func (d *Document) Pointer(line, column int) (pointer string, ok bool) {
	pointer, ok = d.starts[[2]int{line, column}]
	return pointer, ok
}

// Walk goes over every place of the document, outer ones first.
func (d *Document) Walk() iter.Seq[Spot] {
	return func(yield func(Spot) bool) { walk(Spot{"", d.Root(), d.Root()}, yield) }
}

func walk(s Spot, yield func(Spot) bool) bool {
	if !yield(s) {
		return false
	}
	for key, value := range Members(s.Value) {
		if !walk(Spot{Join(s.Pointer, key.Value), key, value}, yield) {
			return false
		}
	}
	for i, item := range Items(s.Value) {
		if !walk(Spot{Join(s.Pointer, strconv.Itoa(i)), item, Plain(item)}, yield) {
			return false
		}
	}
	return true
}

// Plain is a node without the document or the alias around it.
func Plain(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode || n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		} else {
			n = n.Content[0]
		}
	}
	return n
}

// Split takes a JSON pointer apart.
func Split(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(p, "~1", "/"), "~0", "~")
	}
	return parts
}

// Join appends parts to a JSON pointer.
func Join(pointer string, parts ...string) string {
	for _, p := range parts {
		pointer += "/" + strings.ReplaceAll(strings.ReplaceAll(p, "~", "~0"), "/", "~1")
	}
	return pointer
}

// Within tells whether a pointer is of a place or of something below it.
func Within(pointer, place string) bool {
	return pointer == place || strings.HasPrefix(pointer, place+"/")
}
