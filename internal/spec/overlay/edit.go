package overlay

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// splice puts a text where another one stands.
type splice struct {
	from, to int
	text     string
}

// editor collects what is to be changed in a text. All that is not in a splice stays.
type editor struct {
	*document
	splices []splice
}

func (e *editor) splice(from, to int, text string) {
	e.splices = append(e.splices, splice{from, to, text})
}

// result is the text with its changes.
func (e *editor) result() []byte {
	slices.SortStableFunc(e.splices, func(a, b splice) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, s := range e.splices {
		out.Write(e.text[at:max(s.from, at)])
		out.WriteString(s.text)
		at = max(s.to, at)
	}
	out.Write(e.text[at:])
	return out.Bytes()
}

// writer writes in brackets as what stands beside it does.
func (e *editor) writer(beside *yaml.Node) writer {
	w := writer{quote: e.isJSON()}
	if beside.Kind == yaml.MappingNode && len(beside.Content) > 0 {
		w.quote = w.quote || beside.Content[0].Style&yaml.DoubleQuotedStyle != 0
	}
	if e.isJSON() && len(e.lines) > 2 {
		w.broken, w.step = e.broken, e.lead()
	}
	return w
}

// isJSON tells a document that is written in brackets as a whole.
func (e *editor) isJSON() bool {
	return e.root.Style&yaml.FlowStyle != 0 && len(e.root.Content) > 0 && e.root.Content[0].Style&yaml.DoubleQuotedStyle != 0
}

// lead is what the first member of a JSON document is indented by.
func (e *editor) lead() string {
	first := e.root.Content[0]
	if lead := e.blanks(e.start(first)); lead != "" {
		return lead
	}
	return "  "
}

// blanks are the blanks and tabs between the start of a line and at; "" where something else stands there too.
func (e *editor) blanks(at int) string {
	before := string(e.text[e.lineStart(at):at])
	if strings.Trim(before, " \t") != "" {
		return ""
	}
	return before
}

// add puts members at the end of a mapping.
func (e *editor) add(to *yaml.Node, members []*yaml.Node) error {
	added := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: members}
	if to.Style&yaml.FlowStyle == 0 {
		end, err := e.end(to)
		if err != nil {
			return err
		}
		text, err := block(added, to.Content[0].Column-1, e.step(to), e.broken)
		if err != nil {
			return err
		}
		at := e.behind(end, to.Content[0].Column-1)
		e.splice(at, at, e.broken+text)
		return nil
	}
	if len(to.Content) == 0 && e.above[to] != nil && !e.flows(e.above[to]) {
		return e.replace(to, added)
	}
	w := e.writer(to)
	return e.widen(to, func(prefix string) []string {
		var texts []string
		for i := 0; i+1 < len(members); i += 2 {
			texts = append(texts, w.member(members[i], members[i+1], prefix))
		}
		return texts
	})
}

// extend puts items at the end of a list.
func (e *editor) extend(to *yaml.Node, items []*yaml.Node) error {
	if to.Style&yaml.FlowStyle != 0 {
		w := e.writer(to)
		w.quote = w.quote || len(to.Content) > 0 && to.Content[0].Style&yaml.DoubleQuotedStyle != 0
		return e.widen(to, func(prefix string) []string {
			var texts []string
			for _, item := range items {
				texts = append(texts, w.nested(item, prefix))
			}
			return texts
		})
	}
	end, err := e.end(to)
	if err != nil {
		return err
	}
	dash := e.dash(to.Content[0])
	indent := len(bytes.Runes(e.text[e.lineStart(dash):dash]))
	text, err := block(&yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}, indent, e.step(to), e.broken)
	if err != nil {
		return err
	}
	at := e.behind(end, indent)
	e.splice(at, at, e.broken+text)
	return nil
}

// behind is the end of the line that at is in, or of the last comment below it that is indented deeper than what is put there.
func (e *editor) behind(at, indent int) int {
	at = e.lineEnd(at)
	for stop := at; stop < len(e.text); {
		line := stop + breakAt(e.text[stop:])
		stop = e.lineEnd(line)
		text := bytes.TrimLeft(e.text[line:stop], " ")
		switch {
		case len(text) == 0:
		case text[0] == '#' && stop-line-len(text) > indent:
			at = stop
		default:
			return at
		}
	}
	return at
}

// dash is where the dash of a list's item stands.
func (e *editor) dash(item *yaml.Node) int {
	at := e.start(item) - 1
	for at > 0 && e.text[at] != '-' {
		at--
	}
	return max(at, 0)
}

// widen puts parts at the end of what stands in brackets: on lines of their own, if the last one does.
func (e *editor) widen(to *yaml.Node, parts func(prefix string) []string) error {
	shut, err := e.end(to)
	if err != nil {
		return err
	}
	shut--
	if len(to.Content) == 0 {
		open := e.body(to) + 1
		if w := e.writer(to); w.broken != "" {
			around := e.margin(to)
			line := e.broken + around + w.step
			e.splice(open, shut, line+strings.Join(parts(around+w.step), ","+line)+e.broken+around)
			return nil
		}
		e.splice(open, shut, strings.Join(parts(""), ", "))
		return nil
	}
	last := to.Content[len(to.Content)-1]
	first := last
	if to.Kind == yaml.MappingNode {
		first = to.Content[len(to.Content)-2]
	}
	end, err := e.end(last)
	if err != nil {
		return err
	}
	ended := false
	if comma := e.skip(end); comma < shut && e.text[comma] == ',' {
		end, ended = comma+1, true
	}
	prefix := e.blanks(e.start(first))
	between, at := " ", end
	if prefix != "" {
		between = e.broken + prefix
		if line := e.lineEnd(end); line < shut {
			at = line // a comment may stand there
		}
	}
	text := between + strings.Join(parts(prefix), ","+between)
	if !ended {
		e.splice(end, end, ",")
	} else if prefix != "" {
		text += ","
	}
	e.splice(at, at, text)
	return nil
}

// margin is what the line is indented by that a node begins on.
func (e *editor) margin(n *yaml.Node) string {
	line := e.text[e.lineStart(e.start(n)):]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// replace writes a value in place of another one.
func (e *editor) replace(old, by *yaml.Node) error {
	from := e.start(old)
	to, err := e.end(old)
	if err != nil {
		return err
	}
	parent := e.above[old]
	lead := ""
	if from > 0 && e.text[from-1] == ':' {
		lead = " "
	}
	if parent == nil || e.flows(parent) || by.Kind == yaml.ScalarNode || by.Style&yaml.FlowStyle != 0 || len(by.Content) == 0 {
		w := e.writer(old)
		if parent != nil {
			w.quote = w.quote || e.writer(parent).quote
		}
		e.splice(from, to, lead+w.nested(by, e.margin(old)))
		return nil
	}
	indent, step := parent.Column+1, e.step(parent)
	if parent.Kind == yaml.MappingNode {
		indent = parent.Content[0].Column - 1 + step
	}
	text, err := block(by, indent, step, e.broken)
	if err != nil {
		return err
	}
	if parent.Kind == yaml.SequenceNode {
		text = strings.TrimLeft(text, " ")
	} else {
		text = e.broken + text
		for from > 0 && (e.text[from-1] == ' ' || e.text[from-1] == '\t') {
			from--
		}
	}
	e.splice(from, to, text)
	return nil
}
