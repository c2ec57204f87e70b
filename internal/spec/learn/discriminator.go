package learn

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/contract"
)

// deciding are the schemas of the members that say which of several schemas an object has.
func (d *document) deciding(at string, n *yaml.Node, into map[string]bool) {
	if property := member(member(n, "discriminator"), "propertyName"); property != nil {
		for _, schema := range d.kinds(at, n) {
			into[join(schema, "properties", property.Value)] = true
			into[d.resolve(join(schema, "properties", property.Value))] = true
		}
	}
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			d.deciding(join(at, strconv.Itoa(i)), child, into)
		case n.Kind == yaml.MappingNode && i%2 == 1:
			d.deciding(join(at, n.Content[i-1].Value), child, into)
		}
	}
}

// kinds are a schema with a discriminator, those that it chooses from, and what these are made of.
func (d *document) kinds(at string, n *yaml.Node) []string {
	out := []string{at}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf"} {
		list := member(n, keyword)
		for i := 0; list != nil && i < len(list.Content); i++ {
			branch := d.resolve(join(at, keyword, strconv.Itoa(i)))
			out = append(out, branch)
			parts := member(d.at(branch), "allOf")
			for k := 0; parts != nil && k < len(parts.Content); k++ {
				out = append(out, d.resolve(join(branch, "allOf", strconv.Itoa(k))))
			}
		}
	}
	return out
}

// decided leaves out what was found in objects whose discriminator is missing or has an undocumented value: they were held to a schema
// that is not theirs.
func (s *sighting) decided(all []contract.Finding) []contract.Finding {
	var unknown []string
	for _, f := range all {
		object, name := up(f.Pointer)
		schema, _ := up(f.Document)
		switch f.Rule {
		case "schema.required":
			schema = join(schema, "properties", name)
		case "schema.enum", "schema.const":
		default:
			continue
		}
		if s.document.discriminators[schema] {
			unknown = append(unknown, object)
		}
	}
	if len(unknown) == 0 {
		return all
	}
	s.stats.Broken["an object of a kind that its discriminator does not know"]++
	var out []contract.Finding
	for _, f := range all {
		if !isWithin(f.Pointer, unknown) {
			out = append(out, f)
		}
	}
	return out
}

func isWithin(pointer string, objects []string) bool {
	for _, o := range objects {
		if strings.HasPrefix(pointer+"/", o+"/") {
			return true
		}
	}
	return false
}
