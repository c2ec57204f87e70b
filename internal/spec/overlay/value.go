package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Digest stands for what a document says: comments, order and the ways to write a value do not matter.
func Digest(data []byte) (string, error) {
	d, err := parse("document", data)
	if err != nil {
		return "", err
	}
	return digest(d.root), nil
}

func digest(n *yaml.Node) string {
	text, _ := json.Marshal(value(n)) // of maps, lists and texts, which cannot fail
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// value is what a node says, to be compared: maps, lists, and texts that begin with their type.
func value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return value(n.Content[0])
	case yaml.AliasNode:
		return value(n.Alias)
	case yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[n.Content[i].Value] = value(n.Content[i+1])
		}
		return out
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, item := range n.Content {
			out[i] = value(item)
		}
		return out
	}
	return n.ShortTag() + " " + plainNumber(n)
}

// plainNumber is a scalar's text; of numbers, the one way to write it.
func plainNumber(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!int":
		if i, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return strconv.FormatInt(i, 10)
		}
	case "!!null":
		return ""
	}
	return n.Value
}

// same tells whether two nodes say the same.
func same(a, b *yaml.Node) bool { return reflect.DeepEqual(value(a), value(b)) }

// clone is a copy that nothing else holds. What it is written like stays, but for comments and anchors.
func clone(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return clone(n.Alias)
	}
	out := &yaml.Node{Kind: n.Kind, Style: n.Style, Tag: n.Tag, Value: n.Value}
	for _, child := range n.Content {
		out.Content = append(out.Content, clone(child))
	}
	return out
}
