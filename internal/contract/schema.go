package contract

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// schemas is every schema that a response can meet, converted to JSON Schema 2020-12 and compiled once. Each that something
// refers to is a definition, compiled by itself; references are put in between the compiled ones.
type schemas struct {
	tree           references
	is30           bool
	order          []definition
	index          map[string]int
	links          map[string]int                // by defPath: the definition that a reference leads to
	pointers       map[*jsonschema.Schema]string // into the document
	located        map[string]*jsonschema.Schema // every compiled schema by its engine location
	doubts         map[string][]doubt            // by pointer
	loosened       map[*jsonschema.Schema]doubt  // whose oneOf became an anyOf
	sizes          map[*jsonschema.Schema]int    // the effort that each takes at most, for one value
	discriminators map[string]discriminator      // by pointer
	documented     map[string]bool               // every member name that some schema says
	writeOnlys     bool                          // some member is for requests only
}

// definition is the schema at a pointer, as it holds where a response need not have some members, and where dynamic anchors have
// their meaning.
type definition struct {
	pointer string
	exempt  exemption
	scope   scope
	root    *jsonschema.Schema
}

const resourceURL = "contract:///"

var errFound = errors.New("found")

func newSchemas(refs references) *schemas {
	writeOnlys := refs.visit(func(n *yaml.Node, _ string) error {
		if flagged(n, "writeOnly") {
			return errFound
		}
		return nil
	}) != nil
	return &schemas{
		writeOnlys: writeOnlys, tree: refs, is30: refs.is30(), index: map[string]int{}, links: map[string]int{}, pointers: map[*jsonschema.Schema]string{},
		located: map[string]*jsonschema.Schema{}, doubts: map[string][]doubt{}, sizes: map[*jsonschema.Schema]int{}, loosened: map[*jsonschema.Schema]doubt{},
		discriminators: map[string]discriminator{}, documented: map[string]bool{},
	}
}

// add asks for the schema at a pointer, and is its number.
func (s *schemas) add(pointer string, exempt exemption, outer scope) int {
	in := s.tree.enter(outer, pointer)
	key := strings.Join(slices.Concat([]string{pointer}, exempt.here, []string{""}, exempt.branches, []string{""}, in), " ")
	i, ok := s.index[key]
	if !ok {
		i = len(s.order)
		s.index[key] = i
		s.order = append(s.order, definition{pointer: pointer, exempt: exempt, scope: in})
	}
	return i
}

// root is the compiled schema at a pointer that was asked for; nil if it does not compile.
func (s *schemas) root(pointer string) *jsonschema.Schema {
	return s.order[s.add(pointer, exemption{}, nil)].root
}

// build converts and compiles what was added, and what that refers to.
func (s *schemas) build() {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.UseRegexpEngine(compilePattern)
	for name, f := range formats {
		compiler.RegisterFormat(&jsonschema.Format{Name: enginePrefix + name, Validate: f.validate})
	}
	for i := 0; i < len(s.order); i++ { // order grows as references are met
		d := s.order[i]
		node, _, found := s.tree.at(d.pointer)
		if !found {
			s.broken(d.pointer, d.pointer)
			continue
		}
		schema := converter{s, i}.convert(node, d.pointer, d.exempt)
		root, err := compile(compiler, resourceURL+strconv.Itoa(i), schema)
		if err != nil {
			root, err = compile(compiler, resourceURL+"mended/"+strconv.Itoa(i), s.mend(d.pointer, schema))
		}
		if err != nil {
			s.broken(d.pointer, d.pointer)
			continue
		}
		s.order[i].root = root
		s.locate(root)
	}
	for _, c := range s.located {
		if to, linked := s.links[defPath(c.Location)]; linked {
			s.refer(c, s.order[to].root)
		}
	}
	s.weaken()
	s.findSizes()
}

func compile(compiler *jsonschema.Compiler, at string, schema any) (*jsonschema.Schema, error) {
	if err := compiler.AddResource(at, schema); err != nil {
		return nil, err
	}
	return compiler.Compile(at)
}

// refer puts a reference into a compiled schema.
func (s *schemas) refer(from, to *jsonschema.Schema) {
	if to == nil {
		s.broken(s.pointers[from], join(s.pointers[from], "$ref"))
		return
	}
	from.Ref, from.Bool = to, nil // a schema of nothing else was compiled to true
}

// locate records the document pointer of a compiled schema and of everything below it.
func (s *schemas) locate(c *jsonschema.Schema) {
	if _, seen := s.pointers[c]; seen {
		return
	}
	number, below, inside := strings.Cut(defPath(c.Location), "/")
	i, err := strconv.Atoi(number)
	if err != nil {
		return // the engine's own
	}
	s.pointers[c] = s.order[i].pointer
	if inside {
		s.pointers[c] += "/" + below
	}
	s.located[c.Location] = c
	for _, child := range children(c) {
		s.locate(child)
	}
	ownNames(c)
}

// defPath is the number of a definition and the way on from there, of an engine location.
func defPath(location string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(location, resourceURL), "mended/")
	number, below, _ := strings.Cut(rest, "#")
	if plain, err := url.PathUnescape(below); err == nil {
		below = plain
	}
	return number + below
}

// pointer is the document's, of an engine location.
func (s *schemas) pointer(location string) string { return s.pointers[s.located[location]] }

// children lists the schemas directly inside a compiled one, its reference's target included.
func children(c *jsonschema.Schema) []*jsonschema.Schema {
	out := slices.Concat(c.AllOf, c.AnyOf, c.OneOf, c.PrefixItems)
	out = append(out, c.Ref, c.Not, c.If, c.Then, c.Else, c.Contains, c.PropertyNames, c.Items2020,
		c.UnevaluatedItems, c.UnevaluatedProperties)
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
	for _, extension := range c.Extensions {
		out = append(out, extension.(propertyNames).Schema)
	}
	return slices.DeleteFunc(out, func(s *jsonschema.Schema) bool { return s == nil })
}
