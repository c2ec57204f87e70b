package overlay

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// Encode is the overlay as YAML.
func (o *Overlay) Encode() ([]byte, error) {
	text, err := dump(o.node(), 2)
	if err != nil {
		return nil, fmt.Errorf("write overlay: %w", err)
	}
	return text, nil
}

// EncodeJSON is the overlay as JSON, in the same order.
func (o *Overlay) EncodeJSON() ([]byte, error) {
	var out bytes.Buffer
	w := writer{quote: true}
	if err := json.Indent(&out, []byte(w.flow(o.node())), "", "  "); err != nil {
		return nil, fmt.Errorf("write overlay: %w", err)
	}
	return append(out.Bytes(), '\n'), nil
}

func (o *Overlay) node() *yaml.Node {
	n := Object("overlay", "1.0.0", "info", Object("title", o.Title, "version", o.Version))
	if o.Extends != "" {
		put(n, "extends", o.Extends)
	}
	if o.Base.Digest != "" {
		put(n, "x-base", Object("version", o.Base.Version, "digest", o.Base.Digest))
	}
	actions := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if len(o.Actions) == 0 {
		actions.Style = yaml.FlowStyle
	}
	for _, a := range o.Actions {
		actions.Content = append(actions.Content, a.node())
	}
	put(n, "actions", actions)
	return n
}

func (a Action) node() *yaml.Node {
	n := Object("target", a.Target)
	if a.Description != "" {
		put(n, "description", a.Description)
	}
	if a.Remove {
		put(n, "remove", true)
	} else {
		put(n, "update", a.Update)
	}
	for _, e := range a.Extensions {
		put(n, e.Name, e.Value)
	}
	return n
}

// Object is a mapping of names and values, in turn, in this order. A value is a node or what Scalar takes.
func Object(members ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i+1 < len(members); i += 2 {
		put(n, members[i].(string), members[i+1])
	}
	return n
}

// List is a sequence, written on one line.
func List(items ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
	for _, item := range items {
		n.Content = append(n.Content, Scalar(item))
	}
	return n
}

// Scalar is the node of a value; a node is itself.
func Scalar(v any) *yaml.Node {
	switch v := v.(type) {
	case *yaml.Node:
		return v
	case string:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: v}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(v)}
	case int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: fmt.Sprint(v)}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
}

func put(n *yaml.Node, name string, v any) {
	n.Content = append(n.Content, Scalar(name), Scalar(v))
}
