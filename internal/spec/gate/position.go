package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// named are the keys whose members have names of the document's own, which the generator repeats when it complains; naming
// are the keys whose values are such names.
var (
	named = []string{"paths", "webhooks", "schemas", "properties", "patternProperties", "$defs", "parameters", "headers",
		"responses", "requestBodies", "securitySchemes", "links", "callbacks", "pathItems", "examples"}
	naming = []string{"operationId", "name", "x-go-name", "x-go-type-name"}
)

// position is file:line:column of what a complaint is about, for the generator tells none: of the place whose names, from the
// top of the document down to it, occur most often in the complaint. Of two it is the later one, which is the one too many.
// Where no name occurs it is the document's first line.
func position(file string, data []byte, complaint string) string {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil || len(root.Content) == 0 {
		return file
	}
	s := search{names: names(complaint), place: root.Content[0]}
	s.look(root.Content[0], "", 0)
	return fmt.Sprintf("%s:%d:%d", file, s.place.Line, s.place.Column)
}

// search goes through a document for the names that a complaint has.
type search struct {
	names []string
	most  int
	place *yaml.Node
}

// look goes through what is under key, to which so many names have led.
func (s *search) look(n *yaml.Node, key string, led int) {
	if n.Kind != yaml.MappingNode {
		for _, element := range n.Content {
			s.look(element, "", led)
		}
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v, here := n.Content[i], n.Content[i+1], led
		if slices.Contains(named, key) && s.knows(k) || slices.Contains(naming, k.Value) && s.knows(v) {
			if here++; here >= s.most {
				s.most, s.place = here, k
			}
		}
		s.look(v, k.Value, here)
	}
}

func (s *search) knows(n *yaml.Node) bool { return slices.Contains(s.names, plain(n.Value)) }

// name is a word that stands in quotes or brackets, a path, or one that is no plain English.
var name = regexp.MustCompile(`['"(]([^'"()\s]+)['")]|(/[\w{}/.-]*[\w}])|(\w*[A-Z0-9_]\w*)`)

// names are those in a complaint. The generator writes GET//v1/renders/{render_id} for an operation.
func names(complaint string) []string {
	var out []string
	for _, m := range name.FindAllStringSubmatch(strings.ReplaceAll(complaint, "//", " /"), -1) {
		out = append(out, plain(m[1]+m[2]+m[3]))
	}
	return out
}

var punctuation = regexp.MustCompile(`[^a-z0-9]+`)

// plain is a name as the document and Go have it in common: cutid for cut_id and CutID.
func plain(name string) string { return punctuation.ReplaceAllString(strings.ToLower(name), "") }
