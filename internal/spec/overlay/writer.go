package overlay

import (
	"bytes"
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v4"
)

// writer writes values as text.
type writer struct {
	quote  bool   // every text in quotes, as JSON
	broken string // the line break; "" writes all on one line
	step   string // what a level is indented by, where it is not
}

// flow is a value in brackets, or a scalar. Its lines, if it has several, begin with prefix, but for the first.
func (w writer) flow(n *yaml.Node) string { return w.nested(n, "") }

func (w writer) nested(n *yaml.Node, prefix string) string {
	switch n.Kind {
	case yaml.MappingNode:
		var members []string
		for i := 0; i+1 < len(n.Content); i += 2 {
			members = append(members, w.member(n.Content[i], n.Content[i+1], prefix+w.step))
		}
		return w.wrap("{", "}", members, prefix)
	case yaml.SequenceNode:
		var items []string
		for _, item := range n.Content {
			items = append(items, w.nested(item, prefix+w.step))
		}
		return w.wrap("[", "]", items, prefix)
	}
	return w.scalar(n)
}

func (w writer) member(key, value *yaml.Node, prefix string) string {
	return w.scalar(key) + ": " + w.nested(value, prefix)
}

func (w writer) wrap(open, shut string, parts []string, prefix string) string {
	if w.broken == "" || len(parts) == 0 {
		return open + strings.Join(parts, ", ") + shut
	}
	line := w.broken + prefix + w.step
	return open + line + strings.Join(parts, ","+line) + w.broken + prefix + shut
}

// scalar is a value as it may stand in brackets.
func (w writer) scalar(n *yaml.Node) string {
	switch tag := n.ShortTag(); {
	case tag == "!!null":
		return "null"
	case tag == "!!bool":
		return strings.ToLower(n.Value)
	case tag != "!!str":
		return n.Value
	case !w.quote && isPlain(n.Value):
		return n.Value
	}
	return quoted(n.Value)
}

// quoted is a text as JSON and YAML both write it.
func quoted(text string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // of a text, which cannot fail
	return strings.TrimSuffix(out.String(), "\n")
}

// isPlain tells a text that means itself without quotes, wherever it stands.
func isPlain(text string) bool {
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
		case i > 0 && (c >= '0' && c <= '9' || strings.IndexByte("-./+", c) >= 0):
		case i == 0 && (c >= '0' && c <= '9' || c == '/'):
		default:
			return false
		}
	}
	var n yaml.Node
	return text != "" && !isTruth(text) && yaml.Unmarshal([]byte(text), &n) == nil && len(n.Content) == 1 && n.Content[0].ShortTag() == "!!str"
}

// isTruth tells a text that older parsers take for true or false.
func isTruth(text string) bool {
	switch strings.ToLower(text) {
	case "y", "n", "yes", "no", "on", "off":
		return true
	}
	return false
}

// block is a value in lines that begin with so many blanks, and so many more for each level.
func block(n *yaml.Node, indent, step int, broken string) (string, error) {
	text, err := dump(clone(n), step)
	if err != nil {
		return "", err
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", indent) + line
		}
	}
	return strings.Join(lines, broken), nil
}

// dump is YAML in our style: lists are indented, and quotes are double.
func dump(n *yaml.Node, step int) ([]byte, error) {
	requote(n)
	return yaml.Dump(n, yaml.WithIndent(min(max(step, 2), 8)), yaml.WithLineWidth(-1), yaml.WithCompactSeqIndent(false))
}

func requote(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Style == 0 && n.ShortTag() == "!!str" {
		if text, err := yaml.Dump(n); isTruth(n.Value) || err == nil && len(text) > 0 && text[0] == '\'' {
			n.Style = yaml.DoubleQuotedStyle
		}
	}
	for _, child := range n.Content {
		requote(child)
	}
}
