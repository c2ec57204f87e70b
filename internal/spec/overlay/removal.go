package overlay

import (
	"bytes"

	"go.yaml.in/yaml/v4"
)

// remove takes a node out of the mapping, with its name, or out of the list that it is in.
func (e *editor) remove(n *yaml.Node) error {
	parent := e.above[n]
	if parent == nil {
		return e.refuse(n, "the whole document would be removed")
	}
	first, width := n, 1
	if parent.Kind == yaml.MappingNode {
		first, width = e.key(n), 2
	}
	end, err := e.end(n)
	if err != nil {
		return err
	}
	switch {
	case len(parent.Content) == width:
		return e.empty(parent)
	case parent.Style&yaml.FlowStyle != 0:
		return e.removeFlow(parent, first, n, end)
	case parent.Kind == yaml.SequenceNode:
		return e.removeLines(n, e.dash(n), end)
	}
	return e.removeLines(n, e.start(first), end)
}

// key is the name of a mapping's value.
func (e *editor) key(value *yaml.Node) *yaml.Node {
	parent := e.above[value]
	for i := 1; i < len(parent.Content); i += 2 {
		if parent.Content[i] == value {
			return parent.Content[i-1]
		}
	}
	return value
}

// removeLines takes out the lines from where something begins to where it ends.
func (e *editor) removeLines(n *yaml.Node, from, end int) error {
	stop := e.lineEnd(end)
	next := stop + breakAt(e.text[stop:])
	start := e.lineStart(from)
	switch {
	case len(bytes.TrimLeft(e.text[start:from], " ")) > 0: // behind a dash: what follows takes its place
		follows := e.next[n]
		if follows == nil || len(bytes.Trim(e.text[stop:e.start(follows)], " \r\n")) > 0 {
			return e.refuse(n, "it cannot be taken out here without moving a comment: edit it by hand")
		}
		e.splice(from, e.start(follows), "")
	case next == stop && start > e.lines[0]: // the last line, which has no break
		before := start
		for before > 0 && breakAt(e.text[before-1:]) > 0 {
			before--
			if before > 0 && e.text[before-1] != '\r' {
				break
			}
		}
		e.splice(before, stop, "")
	default:
		e.splice(start, next, "")
	}
	return nil
}

func (e *editor) removeFlow(parent, first, n *yaml.Node, end int) error {
	at := 0
	for i, child := range parent.Content {
		if child == first {
			at = i
		}
	}
	if at == 0 {
		e.splice(e.start(first), e.start(e.next[n]), "")
		return nil
	}
	before, err := e.end(parent.Content[at-1])
	e.splice(before, end, "")
	return err
}

// empty leaves nothing in a mapping or a list.
func (e *editor) empty(n *yaml.Node) error {
	from := e.start(n)
	to, err := e.end(n)
	if err != nil {
		return err
	}
	gap := from
	for gap > 0 && (e.text[gap-1] == ' ' || e.text[gap-1] == '\n' || e.text[gap-1] == '\r') {
		gap--
	}
	text := "{}"
	if n.Kind == yaml.SequenceNode {
		text = "[]"
	}
	if gap < from && e.text[gap-1] == ':' && n.Style&yaml.FlowStyle == 0 {
		from, text = gap, " "+text
	}
	e.splice(from, to, text)
	return nil
}
