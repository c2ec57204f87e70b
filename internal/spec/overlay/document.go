package overlay

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// document is a text, and the nodes that are written in it.
type document struct {
	name   string
	text   []byte
	root   *yaml.Node
	lines  []int                     // where each begins
	broken string                    // its line break
	above  map[*yaml.Node]*yaml.Node // each node's parent
	next   map[*yaml.Node]*yaml.Node // the sibling behind it
	shared map[*yaml.Node]bool       // what aliases stand for
}

func parse(name string, data []byte) (*document, error) {
	d := &document{name: name, text: data, broken: "\n",
		above: map[*yaml.Node]*yaml.Node{}, next: map[*yaml.Node]*yaml.Node{}, shared: map[*yaml.Node]bool{}}
	var whole, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&whole); err != nil {
		return nil, fmt.Errorf("%s: not YAML or JSON: %s", name, spoken(err.Error()))
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: a second document begins: want one", name)
	}
	d.root = whole.Content[0]
	if circular(d.root, map[*yaml.Node]bool{}) {
		return nil, fmt.Errorf("%s: an alias leads back to itself", name)
	}
	d.cut()
	d.link(d.root)
	return d, nil
}

// circular tells whether an alias stands inside what it stands for.
func circular(n *yaml.Node, open map[*yaml.Node]bool) bool {
	if open[n] {
		return true
	}
	open[n] = true
	defer delete(open, n)
	if n.Kind == yaml.AliasNode {
		return circular(n.Alias, open)
	}
	for _, child := range n.Content {
		if circular(child, open) {
			return true
		}
	}
	return false
}

// cut finds where lines begin, as YAML 1.1 breaks them, which the parser counts by.
func (d *document) cut() {
	start := 0
	if bytes.HasPrefix(d.text, []byte("\ufeff")) {
		start = len("\ufeff") // which has no column
	}
	d.lines = []int{start}
	for i := start; i < len(d.text); {
		n := breakAt(d.text[i:])
		if n == 0 {
			i++
			continue
		}
		if len(d.lines) == 1 {
			d.broken = string(d.text[i : i+n])
		}
		i += n
		d.lines = append(d.lines, i)
	}
}

// breakAt is the length of the line break at the front of a text; 0 if there is none.
func breakAt(text []byte) int {
	switch {
	case len(text) == 0:
		return 0
	case text[0] == '\r' && len(text) > 1 && text[1] == '\n':
		return 2
	case text[0] == '\n', text[0] == '\r':
		return 1
	case text[0] == 0xC2 && bytes.HasPrefix(text, []byte("\u0085")):
		return 2
	case text[0] == 0xE2 && (bytes.HasPrefix(text, []byte("\u2028")) || bytes.HasPrefix(text, []byte("\u2029"))):
		return 3
	}
	return 0
}

func (d *document) link(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		d.shared[n.Alias] = true
		return
	}
	for i, child := range n.Content {
		d.above[child] = n
		if i+1 < len(n.Content) {
			d.next[child] = n.Content[i+1]
		}
		d.link(child)
	}
}

// step is by how many columns the blocks around a node indent, nearest first; 2 if there are none.
func (d *document) step(n *yaml.Node) int {
	for ; n != nil; n = d.above[n] {
		if step := indentation(n); step > 0 {
			return step
		}
	}
	return 2
}

// indentation is by how many columns the first block mapping in one, here or below, is indented; 0 if there is none.
func indentation(n *yaml.Node) int {
	if n.Style&yaml.FlowStyle != 0 { // where columns are anybody's
		return 0
	}
	if n.Kind == yaml.MappingNode {
		for i := 1; i < len(n.Content); i += 2 {
			if v := n.Content[i]; v.Kind == yaml.MappingNode && v.Style&yaml.FlowStyle == 0 {
				return v.Content[0].Column - n.Content[0].Column
			}
		}
	}
	for _, child := range n.Content {
		if step := indentation(child); step > 0 {
			return step
		}
	}
	return 0
}

// start is where a node begins: with its anchor or tag, if it has one.
func (d *document) start(n *yaml.Node) int {
	at := len(d.text)
	if n.Line-1 < len(d.lines) {
		at = d.lines[max(n.Line-1, 0)]
	}
	for range n.Column - 1 {
		_, size := utf8.DecodeRune(d.text[at:])
		at += size
	}
	return at
}

// lineEnd is where the line ends that at is in, before its break.
func (d *document) lineEnd(at int) int {
	for at < len(d.text) && breakAt(d.text[at:]) == 0 {
		at++
	}
	return at
}

// lineStart is where the line begins that at is in.
func (d *document) lineStart(at int) int {
	start := d.lines[0]
	for _, line := range d.lines {
		if line > at {
			break
		}
		start = line
	}
	return start
}

// flows tells whether a node stands inside brackets, or is in some itself.
func (d *document) flows(n *yaml.Node) bool {
	for ; n != nil; n = d.above[n] {
		if n.Style&yaml.FlowStyle != 0 {
			return true
		}
	}
	return false
}

// refuse is an error about a place that cannot be edited.
func (d *document) refuse(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", d.name, n.Line, fmt.Sprintf(format, args...))
}
