package main

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// yamlLine is where a YAML parser says that it stopped.
var yamlLine = regexp.MustCompile(`^yaml: (?:unmarshal errors: )?line (\d+): `)

// blame is a refusal of whatever document, as an error at the place in the configuration that is at fault.
func (r *refusal) blame() error {
	data, err := os.ReadFile(r.configs[0])
	if err = cmp.Or(err, yaml.Unmarshal(data, new(yaml.Node))); err != nil {
		r.complaint = err.Error() // this parser names the very line, and the generator's the one before
	}
	if at := yamlLine.FindStringSubmatch(r.complaint); at != nil {
		return fmt.Errorf("%s:%s: the generator cannot use this: %s", r.configs[0], at[1], r.complaint[len(at[0]):])
	}
	said := r.text()
	if r.complaint == "EOF" {
		said = "there is nothing in it"
	}
	return fmt.Errorf("%s: the generator cannot use this: %s", r.place(), said)
}

// place is file:line of the key or the value that is a word of the complaint, of several the longest. Where none is, it is the first
// configuration's first line.
func (r *refusal) place() string {
	longest, place := "", r.configs[0]+":1"
	words := strings.FieldsFunc(r.complaint, func(c rune) bool { return strings.ContainsRune(" '\"(),:", c) })
	for _, config := range r.configs {
		data, err := os.ReadFile(config)
		var root yaml.Node
		if cmp.Or(err, yaml.Unmarshal(data, &root)) != nil {
			continue
		}
		for _, n := range scalars(&root) {
			if len(n.Value) > len(longest) && slices.Contains(words, n.Value) {
				longest, place = n.Value, fmt.Sprintf("%s:%d", config, n.Line)
			}
		}
	}
	return place
}

// scalars are the keys and values below a node.
func scalars(n *yaml.Node) (out []*yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}
	}
	for _, child := range n.Content {
		out = append(out, scalars(child)...)
	}
	return out
}
