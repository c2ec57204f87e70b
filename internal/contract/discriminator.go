package contract

import (
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// discriminator is OpenAPI's hint at the branch of a oneOf or anyOf that an object means, or at a schema that has this one in
// its allOf.
type discriminator struct {
	property string
	mapping  map[string]string // value to schema pointer
	subtypes map[string]int    // value to definition, where there are no branches
}

// discriminate notes what the discriminator of a schema says.
func (s *schemas) discriminate(n *yaml.Node, pointer string) {
	_, stated := member(n, "discriminator")
	if stated == nil {
		return
	}
	d := discriminator{mapping: map[string]string{}, subtypes: map[string]int{}}
	d.property, _ = textOf(unalias(stated), "propertyName")
	if _, mapping := member(unalias(stated), "mapping"); mapping != nil {
		for _, name := range names(unalias(mapping)) {
			ref, _ := textOf(unalias(mapping), name)
			d.mapping[name] = join("/components/schemas", ref)
			if target, ok := s.tree.target(pointer, ref); ok {
				d.mapping[name] = target
			}
		}
	}
	_, anyOf := member(n, "anyOf")
	_, oneOf := member(n, "oneOf")
	if anyOf == nil && oneOf == nil {
		s.addSubtypes(d, pointer)
	}
	s.discriminators[pointer] = d
}

// addSubtypes asks for the schemas that have the one at a pointer in their allOf, by the names that objects give them.
func (s *schemas) addSubtypes(d discriminator, pointer string) {
	for value, target := range d.mapping {
		d.subtypes[value] = s.add(target, exemption{}, nil)
	}
	components, _, found := s.tree.at("/components/schemas")
	if !found {
		return
	}
	for _, name := range names(components) {
		at := join("/components/schemas", name)
		if _, stated := d.subtypes[name]; !stated && at != pointer && s.extends(at, pointer, 20) {
			d.subtypes[name] = s.add(at, exemption{}, nil)
		}
	}
}

// extends tells whether a schema has another one in its allOf, or has one that does.
func (s *schemas) extends(at, pointer string, depth int) bool {
	parts, _, _ := s.tree.at(join(at, "allOf"))
	if parts == nil || depth == 0 {
		return false
	}
	for i := range parts.Content {
		to := s.tree.resolve(join(at, "allOf", strconv.Itoa(i)))
		if to == pointer || s.extends(to, pointer, depth-1) {
			return true
		}
	}
	return false
}

// subtype is the schema that an object's discriminator names among those that have this one in their allOf.
func (s *schemas) subtype(v any, of *jsonschema.Schema) *jsonschema.Schema {
	d := s.discriminators[s.pointers[of]]
	object, _ := v.(map[string]any)
	name, _ := object[d.property].(string)
	if i, known := d.subtypes[name]; known {
		return s.order[i].root
	}
	return nil
}

// discriminated is which of some branches the discriminator of an object names.
func (s *schemas) discriminated(object map[string]any, schema *jsonschema.Schema, list []*jsonschema.Schema) (branch int, ok bool) {
	d := s.discriminators[s.pointers[schema]]
	name, isText := object[d.property].(string)
	if !isText {
		return 0, false
	}
	target, mapped := d.mapping[name]
	if !mapped {
		target = join("/components/schemas", name)
	}
	i := slices.IndexFunc(list, func(b *jsonschema.Schema) bool { return b.Ref != nil && s.pointers[b.Ref] == target })
	return i, i >= 0
}
