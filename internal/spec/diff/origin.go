package diff

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// origins are where the keywords of schemas are written, which the merge of an allOf loses of all schemas.
type origins struct {
	before map[*openapi3.Schema]openapi3.Schema  // as they were before the merge
	known  map[*openapi3.Schema]*openapi3.Origin // with those of the allOf
}

// of is where the keywords of a schema are written, be it in its allOf.
func (o origins) of(s *openapi3.Schema) *openapi3.Origin {
	if known, is := o.known[s]; is {
		return known
	}
	o.known[s] = s.Origin // to what leads back to it
	if len(s.AllOf) == 0 || s.Origin == nil {
		return s.Origin
	}
	out := *s.Origin
	out.Fields, out.Sequences = slices.Clone(out.Fields), maps.Clone(out.Sequences)
	for _, branch := range s.AllOf {
		if branch.Value != nil {
			gather(&out, o.of(branch.Value))
		}
	}
	o.known[s] = &out
	return &out
}

// gather adds the places of one origin to another that has them not.
func gather(to, from *openapi3.Origin) {
	if from == nil {
		return
	}
	for _, field := range from.Fields {
		if _, known := to.Fields.Lookup(field.Name); !known {
			to.Fields = append(to.Fields, field)
		}
	}
	if to.Sequences == nil {
		to.Sequences = map[string][]openapi3.Location{}
	}
	for name, places := range from.Sequences {
		for _, at := range places {
			if !slices.Contains(to.Sequences[name], at) {
				to.Sequences[name] = append(slices.Clip(to.Sequences[name]), at)
			}
		}
	}
}

// restore gives the merged schemas their origins, and those that the merge has made the origins of what they are made of.
func (o origins) restore() {
	for s := range o.before {
		s.Origin = o.known[s]
	}
	for s := range o.before {
		o.adopt(s, []*openapi3.Schema{s})
	}
}

// adopt goes on to the properties and items of a schema, which is made of others.
func (o origins) adopt(s *openapi3.Schema, of []*openapi3.Schema) {
	parts := o.spread(of)
	for name, property := range s.Properties {
		o.inherit(property, parts, func(part openapi3.Schema) *openapi3.SchemaRef { return part.Properties[name] })
	}
	o.inherit(s.Items, parts, func(part openapi3.Schema) *openapi3.SchemaRef { return part.Items })
}

// inherit gives a schema without an origin that of the same one in the parts.
func (o origins) inherit(s *openapi3.SchemaRef, parts []openapi3.Schema, in func(openapi3.Schema) *openapi3.SchemaRef) {
	if s == nil || s.Value == nil || s.Value.Origin != nil {
		return
	}
	var of []*openapi3.Schema
	for _, part := range parts {
		from := in(part)
		if from == nil || from.Value == nil || o.known[from.Value] == nil {
			continue
		}
		if of = append(of, from.Value); s.Value.Origin == nil {
			first := *o.known[from.Value]
			first.Fields, first.Sequences = slices.Clone(first.Fields), maps.Clone(first.Sequences)
			s.Value.Origin = &first
		}
		gather(s.Value.Origin, o.known[from.Value])
	}
	if s.Value.Origin != nil {
		o.adopt(s.Value, of)
	}
}

// spread are schemas with their allOf, as they were.
func (o origins) spread(schemas []*openapi3.Schema) []openapi3.Schema {
	var out []openapi3.Schema
	met := map[*openapi3.Schema]bool{}
	for i := 0; i < len(schemas); i++ {
		before, is := o.before[schemas[i]]
		if met[schemas[i]] || !is {
			continue
		}
		met[schemas[i]] = true
		out = append(out, before)
		for _, branch := range before.AllOf {
			schemas = append(schemas, branch.Value)
		}
	}
	return out
}
