package overlay

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// end is where what a node is written as ends: behind its last letter, quote or bracket.
func (d *document) end(n *yaml.Node) (int, error) {
	at := d.body(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return d.word(at + 1), nil
	case n.Style&yaml.FlowStyle != 0:
		return d.flowEnd(n, at)
	case n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode:
		if len(n.Content) == 0 {
			return 0, d.refuse(n, "no end is found of what is written here: edit it by hand")
		}
		return d.end(n.Content[len(n.Content)-1])
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return d.blockEnd(n, at), nil
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return d.quoteEnd(n, at, '"', '\\')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return d.quoteEnd(n, at, '\'', '\'')
	}
	return d.plainEnd(n, at)
}

// body is where a node begins behind its anchor and tag.
func (d *document) body(n *yaml.Node) int {
	at := d.start(n)
	for at < len(d.text) && (d.text[at] == '&' || d.text[at] == '!') {
		at = d.skip(d.word(at))
	}
	return at
}

// word is where the letters end that stand together.
func (d *document) word(at int) int {
	for at < len(d.text) && !strings.ContainsRune(" \t\r\n,[]{}", rune(d.text[at])) {
		at++
	}
	return at
}

// skip passes over blanks, line breaks and comments.
func (d *document) skip(at int) int {
	for at < len(d.text) {
		switch c := d.text[at]; {
		case c == ' ' || c == '\t':
			at++
		case breakAt(d.text[at:]) > 0:
			at += breakAt(d.text[at:])
		case c == '#':
			at = d.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

func (d *document) flowEnd(n *yaml.Node, at int) (int, error) {
	at++
	if len(n.Content) > 0 {
		var err error
		if at, err = d.end(n.Content[len(n.Content)-1]); err != nil {
			return 0, err
		}
	}
	if at = d.skip(at); at < len(d.text) && d.text[at] == ',' {
		at = d.skip(at + 1)
	}
	if at < len(d.text) && (d.text[at] == ']' || d.text[at] == '}') {
		return at + 1, nil
	}
	return 0, d.refuse(n, "no bracket is found that ends what begins here: edit it by hand")
}

func (d *document) quoteEnd(n *yaml.Node, at int, quote, escape byte) (int, error) {
	for at++; at < len(d.text); at++ {
		switch c := d.text[at]; {
		case c == escape && escape != quote:
			at++
		case c == quote && c == escape && at+1 < len(d.text) && d.text[at+1] == quote:
			at++
		case c == quote:
			return at + 1, nil
		}
	}
	return 0, d.refuse(n, "no quote is found that ends what begins here: edit it by hand")
}

// blockEnd ends with the last line that is indented deeper than what the scalar is in; where all breaks at its end count, with them.
func (d *document) blockEnd(n *yaml.Node, at int) int {
	outer := 0
	if p := d.above[n]; p != nil {
		outer = p.Content[0].Column - 1
		if p.Kind == yaml.SequenceNode {
			outer = p.Column - 1
		}
	}
	head := d.lineEnd(at)
	header, _, _ := strings.Cut(string(d.text[at:head]), "#")
	keeps := strings.Contains(header, "+")
	end := head
	for line := head + breakAt(d.text[head:]); line < len(d.text) && line > end; {
		stop := d.lineEnd(line)
		content := strings.TrimLeft(string(d.text[line:stop]), " ")
		switch {
		case content == "" && keeps:
			end = stop
		case content == "":
		case len(d.text[line:stop])-len(content) <= outer && d.above[n] != nil:
			return end
		default:
			end = stop
		}
		next := stop + breakAt(d.text[stop:])
		if next == stop {
			break
		}
		line = next
	}
	return end
}

// plainEnd reads lines until they say what the parser read.
func (d *document) plainEnd(n *yaml.Node, at int) (int, error) {
	if n.Value == "" {
		return at, nil
	}
	inFlow, folded, gaps, end := d.flows(n), "", 0, at
	for end < len(d.text) {
		stop := d.lineEnd(end)
		piece := string(d.text[end:stop])
		for _, cut := range cuts(piece, inFlow) {
			said := strings.TrimRight(piece[:cut], " \t")
			if fold(folded, gaps, strings.TrimLeft(said, " \t")) == n.Value {
				return end + len(said), nil
			}
		}
		if line := strings.Trim(piece, " \t"); line == "" {
			gaps++
		} else {
			folded, gaps = fold(folded, gaps, line), 0
		}
		next := stop + breakAt(d.text[stop:])
		if next == stop {
			break
		}
		end = next
	}
	return 0, d.refuse(n, "no end is found of the text that begins here: edit it by hand")
}

// cuts are where the last line of a plain text may end.
func cuts(line string, inFlow bool) []int {
	var out []int
	for i := range len(line) {
		c := line[i]
		switch {
		case c == '#' && i > 0 && (line[i-1] == ' ' || line[i-1] == '\t'),
			c == ':' && (i+1 == len(line) || strings.ContainsRune(" \t,]}", rune(line[i+1]))),
			inFlow && strings.ContainsRune(",[]{}", rune(c)):
			out = append(out, i)
		}
	}
	return append(out, len(line))
}

// fold joins the lines of a text as YAML does.
func fold(before string, gaps int, line string) string {
	switch {
	case before == "":
		return line
	case gaps > 0:
		return before + strings.Repeat("\n", gaps) + line
	}
	return before + " " + line
}
