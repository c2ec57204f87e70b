package contract

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// tree is the document as it was written, for what kin-openapi's own origins do not cover: the position of every keyword,
// exact numbers, and the way from a reference to its target.
type tree struct {
	name  string
	root  *yaml.Node
	large map[*yaml.Node]map[string]int // where in each large mapping its own members are
}

// fewMembers is how many members are looked through faster than they are looked up.
const fewMembers = 32

// index makes large mappings, such as that of a document's schemas, ones that can be looked up.
func (t tree) index(n *yaml.Node) {
	if n.Kind == yaml.MappingNode && len(n.Content) > 2*fewMembers {
		own := make(map[string]int, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].ShortTag() == "!!merge" {
				continue
			}
			if _, twice := own[n.Content[i].Value]; !twice {
				own[n.Content[i].Value] = i
			}
		}
		t.large[n] = own
	}
	for _, child := range n.Content {
		t.index(child)
	}
}

// at finds the node that a JSON pointer names, and the node whose position stands for it: a member's name, else the item
// itself. Where the last steps do not exist, found is false and place is the deepest part that does.
func (t tree) at(pointer string) (value, place *yaml.Node, found bool) {
	value, place = unalias(t.root), t.root
	for _, token := range tokens(pointer) {
		name, next := t.step(value, token)
		if next == nil {
			return nil, place, false
		}
		value, place = unalias(next), name
	}
	return value, place, true
}

func (t tree) step(n *yaml.Node, token string) (name, value *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		if i, own := t.large[n][token]; own {
			return n.Content[i], n.Content[i+1]
		}
		return member(n, token)
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
	}
	return nil, nil
}

// member finds a member of a mapping, its own before merged ones, as kin-openapi reads it.
func member(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name && n.Content[i].ShortTag() != "!!merge" {
			return n.Content[i], n.Content[i+1]
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].ShortTag() != "!!merge" {
			continue
		}
		for _, from := range merged(n.Content[i+1]) {
			if key, value = member(from, name); value != nil {
				return key, value
			}
		}
	}
	return nil, nil
}

// merged lists the mappings that a merge key brings in, the first of which wins.
func merged(n *yaml.Node) []*yaml.Node {
	switch n = unalias(n); n.Kind {
	case yaml.MappingNode:
		return []*yaml.Node{n}
	case yaml.SequenceNode:
		var out []*yaml.Node
		for _, item := range n.Content {
			out = append(out, merged(item)...)
		}
		return out
	}
	return nil
}

// names lists a mapping's member names, merged ones after its own.
func names(n *yaml.Node) []string {
	var out []string
	seen := map[string]bool{}
	var collect func(*yaml.Node)
	collect = func(n *yaml.Node) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].ShortTag() == "!!merge" {
				for _, from := range merged(n.Content[i+1]) {
					collect(from)
				}
			} else if name := n.Content[i].Value; !seen[name] {
				seen[name] = true
				out = append(out, name)
			}
		}
	}
	collect(n)
	return out
}

// namesAt lists the member names of the mapping at a pointer; none if there is no mapping.
func (t tree) namesAt(pointer string) []string {
	n, _, found := t.at(pointer)
	if !found || n.Kind != yaml.MappingNode {
		return nil
	}
	return names(n)
}

func unalias(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode || n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		} else {
			n = n.Content[0]
		}
	}
	return n
}

// named are the keys of objects whose own keys are names rather than keywords.
var named = map[string]bool{
	"paths": true, "responses": true, "headers": true, "parameters": true, "content": true, "callbacks": true, "links": true,
	"requestBodies": true, "securitySchemes": true, "pathItems": true, "webhooks": true, "schemas": true, "mapping": true, "variables": true,
	"properties": true, "patternProperties": true, "$defs": true, "dependentSchemas": true,
}

// described are the other keys below which there are objects with keywords: of OpenAPI, and of schemas as in shapes.
var described = map[string]bool{
	"components": true, "get": true, "put": true, "post": true, "delete": true, "options": true, "head": true, "patch": true, "trace": true,
	"requestBody": true, "schema": true, "encoding": true, "server": true, "servers": true, "discriminator": true,
}

// leadsOn tells whether there can be keywords below a key.
func leadsOn(key string) bool { return named[key] || described[key] || shapes[key] > assertion }

// visit calls f with each object of the document whose keys are keywords, outer ones first, until that fails.
func (t tree) visit(f func(n *yaml.Node, at string) error) error {
	return visit(unalias(t.root), "", false, f)
}

func visit(n *yaml.Node, at string, names bool, f func(n *yaml.Node, at string) error) error {
	if n.Kind == yaml.MappingNode && !names {
		if err := f(n, at); err != nil {
			return err
		}
	}
	for i, child := range n.Content {
		key := strconv.Itoa(i)
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			key = n.Content[i-1].Value
		}
		if !names && n.Kind == yaml.MappingNode && !leadsOn(key) {
			continue
		}
		if err := visit(child, join(at, key), !names && named[key], f); err != nil {
			return err
		}
	}
	return nil
}

// textOf is the scalar under a key.
func textOf(n *yaml.Node, key string) (value string, ok bool) {
	_, v := member(n, key)
	if v == nil || v.Kind != yaml.ScalarNode {
		return "", false
	}
	return v.Value, true
}

// position is file:line:column of a pointer, or of its nearest parent that is written down.
func (t tree) position(pointer string) string {
	_, place, _ := t.at(pointer)
	return t.place(place)
}

func (t tree) place(n *yaml.Node) string {
	return fmt.Sprintf("%s:%d:%d", t.name, max(n.Line, 1), max(n.Column, 1))
}

// plain turns a node into what a JSON decoder would have made of it, numbers exact.
func plain(n *yaml.Node) any {
	n = unalias(n)
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for _, name := range names(n) {
			_, v := member(n, name)
			m[name] = plain(v)
		}
		return m
	case yaml.SequenceNode:
		s := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			s = append(s, plain(item))
		}
		return s
	}
	return scalar(n)
}

func scalar(n *yaml.Node) any {
	if n.Style == 0 && isNumber(n.Value) {
		return nearest(n.Value) // even of one that is no float64, which YAML's tag calls a string
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return b
		}
	case "!!int", "!!float":
		var v any
		if n.Decode(&v) == nil {
			return json.Number(fmt.Sprint(v))
		}
	}
	return n.Value
}

// tokens splits a JSON pointer into its unescaped parts.
func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(pointer[1:], "/")
	for i, p := range parts {
		parts[i] = unescaper.Replace(p)
	}
	return parts
}

// join appends unescaped parts to a JSON pointer.
func join(pointer string, parts ...string) string {
	var b strings.Builder
	b.WriteString(pointer)
	for _, p := range parts {
		b.WriteByte('/')
		b.WriteString(escaper.Replace(p))
	}
	return b.String()
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)
