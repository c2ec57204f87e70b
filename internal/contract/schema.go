package contract

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas is every schema that a response can meet, converted to JSON Schema 2020-12 and compiled once. A schema is named
// by its pointer in the document; inside, each stands as one definition of a single JSON Schema resource, so that
// references between them stay references.
type schemas struct {
	tree           tree
	is30           bool
	order          []string                      // pointers of the definitions
	index          map[string]int                // the way back
	defs           map[string]any                // the definitions, by their number
	roots          map[string]*jsonschema.Schema // compiled, by pointer
	negations      map[string]*jsonschema.Schema // what the roots refuse, by pointer
	pointers       map[*jsonschema.Schema]string
	located        map[string]*jsonschema.Schema // every compiled schema by its engine location
	notes          map[string][]Finding          // by pointer: what cannot be judged where a schema is met
	discriminators map[string]discriminator
	documented     map[string]bool // every member name that some schema says
}

// discriminator is OpenAPI's hint at the branch of a oneOf or anyOf that an object means.
type discriminator struct {
	property string
	mapping  map[string]string // value to schema pointer
}

const resource = "contract:///schemas"

func newSchemas(t tree) *schemas {
	return &schemas{
		tree: t, is30: t.is30(), index: map[string]int{}, defs: map[string]any{},
		roots: map[string]*jsonschema.Schema{}, negations: map[string]*jsonschema.Schema{}, pointers: map[*jsonschema.Schema]string{},
		located: map[string]*jsonschema.Schema{}, notes: map[string][]Finding{},
		discriminators: map[string]discriminator{}, documented: map[string]bool{},
	}
}

// add asks for the schema at a pointer and returns the engine's reference to it.
func (s *schemas) add(pointer string) string {
	i, ok := s.index[pointer]
	if !ok {
		i = len(s.order)
		s.index[pointer] = i
		s.order = append(s.order, pointer)
	}
	return resource + "#/$defs/" + strconv.Itoa(i)
}

// build converts and compiles what was added, and what that refers to.
func (s *schemas) build() {
	meta, err := jsonschema.NewCompiler().Compile("https://json-schema.org/draft/2020-12/schema")
	for i := 0; i < len(s.order); i++ { // order grows as references are met
		node, _, found := s.tree.at(s.order[i])
		if !found || err != nil {
			s.defs[strconv.Itoa(i)] = s.broken(s.order[i], s.order[i])
			continue
		}
		s.defs[strconv.Itoa(i)] = s.mend(s.order[i], s.convert(node, s.order[i]), meta)
	}
	s.compile()
}

func (s *schemas) compile() {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.UseRegexpEngine(compilePattern)
	for name, check := range formats {
		compiler.RegisterFormat(&jsonschema.Format{Name: engineFormat(name), Validate: check})
	}
	negations := map[string]any{}
	for i, pointer := range s.order {
		negations[strconv.Itoa(i)] = map[string]any{"not": map[string]any{"$ref": s.add(pointer)}}
	}
	refused := compiler.AddResource(resource, map[string]any{"$defs": s.defs})
	refused = errors.Join(refused, compiler.AddResource(resource+"/not", map[string]any{"$defs": negations}))
	for i, pointer := range s.order {
		compiled, err := compiler.Compile(s.add(pointer))
		negation, err2 := compiler.Compile(resource + "/not#/$defs/" + strconv.Itoa(i))
		if errors.Join(refused, err, err2) != nil {
			s.broken(pointer, pointer)
			continue
		}
		s.roots[pointer], s.negations[pointer] = compiled, negation
		s.locate(compiled)
	}
}

// mend replaces the parts of a schema that are none by one that accepts everything, and notes each: what they touch is
// unchecked, the rest is judged.
func (s *schemas) mend(pointer string, def any, meta *jsonschema.Schema) any {
	for range 10 {
		err, _ := meta.Validate(def).(*jsonschema.ValidationError)
		if err == nil {
			return def
		}
		for _, at := range leaves(err) {
			n := schemaDepth(at)
			note := s.broken(join(pointer, at[:n]...), join(pointer, at...))
			if n == 0 {
				return note
			}
			replace(def, at[:n], note)
		}
	}
	return s.broken(pointer, pointer)
}

// broken notes a schema that does not compile, and stands in for it.
func (s *schemas) broken(pointer, keyword string) any {
	s.note(pointer, keyword, "unchecked.schema", "a schema that compiles")
	return true
}

func (s *schemas) note(pointer, keyword, rule, expected string) {
	f := Finding{Rule: rule, Severity: Unchecked, Layer: LayerBody, Document: keyword,
		Position: s.tree.position(keyword), Expected: expected}
	if !slices.Contains(s.notes[pointer], f) {
		s.notes[pointer] = append(s.notes[pointer], f)
	}
}

// leaves lists the places of the innermost causes of an error.
func leaves(err *jsonschema.ValidationError) [][]string {
	if len(err.Causes) == 0 {
		return [][]string{err.InstanceLocation}
	}
	var out [][]string
	for _, cause := range err.Causes {
		out = append(out, leaves(cause)...)
	}
	return out
}

// schemaDepth is how many leading parts of a place inside a schema lead to the innermost schema on the way.
func schemaDepth(at []string) int {
	depth := 0
	for i := 0; i < len(at); {
		switch shapes[at[i]] {
		case oneSchema:
			i++
		case listOfSchemas, mapOfSchemas:
			i += 2
		default:
			return depth
		}
		if i <= len(at) {
			depth = i
		}
	}
	return depth
}

// replace puts a value at a place that exists inside maps and lists.
func replace(in any, at []string, value any) {
	for i, token := range at {
		last := i == len(at)-1
		switch v := in.(type) {
		case map[string]any:
			if last {
				v[token] = value
			}
			in = v[token]
		case []any:
			n, err := strconv.Atoi(token)
			if err != nil || n < 0 || n >= len(v) {
				return
			}
			if last {
				v[n] = value
			}
			in = v[n]
		}
	}
}

// locate records the document pointer of a compiled schema and of everything below it.
func (s *schemas) locate(c *jsonschema.Schema) {
	if _, seen := s.pointers[c]; seen {
		return
	}
	s.pointers[c] = s.pointer(c.Location)
	s.located[c.Location] = c
	for _, child := range children(c) {
		s.locate(child)
	}
}

// pointer turns an engine location into the document's pointer.
func (s *schemas) pointer(location string) string {
	rest, ok := strings.CutPrefix(location, resource+"#/$defs/")
	if !ok {
		return ""
	}
	number, rest, more := strings.Cut(rest, "/")
	i, err := strconv.Atoi(number)
	if err != nil || i >= len(s.order) {
		return ""
	}
	if !more {
		return s.order[i]
	}
	if plain, err := url.PathUnescape(rest); err == nil {
		rest = plain
	}
	return fmt.Sprintf("%s/%s", s.order[i], rest)
}

// children lists the schemas directly inside a compiled one, its reference's target included.
func children(c *jsonschema.Schema) []*jsonschema.Schema {
	out := slices.Concat(c.AllOf, c.AnyOf, c.OneOf, c.PrefixItems)
	out = append(out, c.Ref, c.Not, c.If, c.Then, c.Else, c.Contains, c.PropertyNames, c.Items2020,
		c.UnevaluatedItems, c.UnevaluatedProperties)
	if c.DynamicRef != nil {
		out = append(out, c.DynamicRef.Ref)
	}
	if additional, ok := c.AdditionalProperties.(*jsonschema.Schema); ok {
		out = append(out, additional)
	}
	for _, m := range []map[string]*jsonschema.Schema{c.Properties, c.DependentSchemas} {
		for _, child := range m {
			out = append(out, child)
		}
	}
	for _, child := range c.PatternProperties {
		out = append(out, child)
	}
	return slices.DeleteFunc(out, func(s *jsonschema.Schema) bool { return s == nil })
}
