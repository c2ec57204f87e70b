package overlay

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// numbers is a step that selects items of a list by where they stand: an index, a slice, or several of them.
var numbers = regexp.MustCompile(`^\[[-0-9:,\s]+\]$`)

// cutStep cuts the last step off a JSONPath; the path above it is "" if it has none.
func cutStep(target string) (above, step string) {
	depth, last := 0, -1
	quote, escaped := byte(0), false
	for i := range len(target) {
		c := target[i]
		switch {
		case escaped:
			escaped = false
		case quote != 0:
			escaped = c == '\\'
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[':
			if depth == 0 {
				last = i
			}
			depth++
		case c == ']':
			depth--
		case c == '.' && depth == 0:
			last = i
		}
	}
	if last < 0 {
		return "", target
	}
	return strings.TrimRight(target[:last], ". "), strings.TrimSpace(target[last:])
}

// filter is a step that selects the first of these items by what it says, or an example of one.
func (d *document) filter(found []way) string {
	if len(found) > 0 {
		n := d.find(found[0])
		switch {
		case n == nil:
		case n.Kind == yaml.ScalarNode:
			return "[?@ == " + literal(n) + "]"
		case n.Kind == yaml.MappingNode:
			for i := 1; i < len(n.Content); i += 2 {
				if v := n.Content[i]; v.Kind == yaml.ScalarNode {
					return "[?@[" + Apostrophed(n.Content[i-1].Value) + "] == " + literal(v) + "]"
				}
			}
		}
	}
	return "[?@.name == 'a']"
}

// literal is a scalar as JSONPath writes it.
func literal(n *yaml.Node) string {
	if n.ShortTag() == "!!str" {
		return Apostrophed(n.Value)
	}
	return writer{}.scalar(n)
}

// Apostrophed is a text as a JSONPath writes it: in apostrophes.
func Apostrophed(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
