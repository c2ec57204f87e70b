package contracttest

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/roughy-go/roughy/internal/contract"
)

// reading is an answer and its document, as somebody reads them.
type reading struct {
	document object
	body     []byte

	visited bool // kin's filter hands the answer to its visitor of OpenAPI 3.0, which is not written for 2020-12
	broken  bool // a pattern of the document does not compile in Go
}

// read takes in an answer and its document, which is JSON.
func read(document, body []byte) *reading {
	r := &reading{body: body}
	if unmarshal(document, &r.document) != nil {
		return r
	}
	r.broken = slices.ContainsFunc(r.schemas(), hasBrokenPattern)
	r.visited = r.is30() || r.broken || r.refers() && !slices.ContainsFunc(r.schemas(), isModern)
	return r
}

// modern is the same in OpenAPI 3.1, so that misreadings need to know one dialect.
func (r *reading) modern() *reading {
	return r.as(func(r *reading) {
		if !r.is30() {
			return
		}
		for _, s := range r.all() {
			modernize(s)
		}
		r.document["openapi"] = "3.1.0"
	})
}

// besides is where modern keeps what OpenAPI 3.0 ignores beside a reference.
const besides = "x-beside"

// modernize writes what is left of a schema of OpenAPI 3.0 in JSON Schema 2020-12.
func modernize(s object) {
	if ref, refers := s["$ref"]; refers {
		beside := without(s, "$ref")
		clear(s)
		s["$ref"], s[besides] = ref, beside
	}
	if s["nullable"] == true && s["type"] != nil {
		s["type"] = list{s["type"], "null"}
	}
	delete(s, "nullable")
	for exclusive, bound := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		limit, bounded := s[bound]
		if s[exclusive] == true && bounded {
			s[exclusive] = limit
			delete(s, bound)
		} else if _, flag := s[exclusive].(bool); flag {
			delete(s, exclusive)
		}
	}
}

// unmarshal keeps numbers as they are written.
func unmarshal(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// as is the same answer and document, misread.
func (r *reading) as(m misreading) *reading {
	out := *r
	out.document = nil                     // or it would be written into
	_ = unmarshal(r.text(), &out.document) // it was read once
	m(&out)
	return &out
}

// text is the document as JSON.
func (r *reading) text() []byte {
	text, _ := json.Marshal(r.document) // it was JSON
	return text
}

func (r *reading) equal(other *reading) bool {
	return bytes.Equal(r.body, other.body) && bytes.Equal(r.text(), other.text())
}

// refused tells whether package contract finds a violation in the answer.
func (r *reading) refused() bool {
	c, err := contract.Load("made.json", r.text())
	return err == nil && c.Check(Answer(r.body)).Verdict == contract.Violation
}

func (r *reading) is30() bool { return r.document["openapi"] == "3.0.3" }

// root is the schema of the answer.
func (r *reading) root() any {
	return at(r.document, "paths", Path, "get", "responses", "200", "content", "application/json", "schema")
}

// target is the schema that another refers to, nil if it refers to none.
func (r *reading) target(schema object) any {
	ref, refers := schema["$ref"].(string)
	if !refers {
		return nil
	}
	return at(r.document, "components", "schemas", strings.TrimPrefix(ref, "#/components/schemas/"))
}

// at is the value at a path of member names.
func at(v any, path ...string) any {
	for _, name := range path {
		in, _ := v.(object)
		v = in[name]
	}
	return v
}

// schemas lists each schema that may touch the answer: the root, those inside of it, those that they refer to.
func (r *reading) schemas() []object { return r.under(r.root()) }

// all lists each schema of the document.
func (r *reading) all() []object {
	components, _ := at(r.document, "components", "schemas").(object)
	return r.under(append(slices.Collect(maps.Values(components)), r.root())...)
}

// under lists schemas, those inside of them, and those that they refer to.
func (r *reading) under(roots ...any) (out []object) {
	known := map[uintptr]bool{}
	for len(roots) > 0 {
		s, isObject := roots[0].(object)
		roots = roots[1:]
		if isObject && !known[identity(s)] {
			known[identity(s)] = true
			out = append(out, s)
			roots = append(append(roots, inside(s)...), r.target(s))
		}
	}
	return out
}

// identity tells a schema from another that looks the same.
func identity(s object) uintptr { return reflect.ValueOf(s).Pointer() }

// inside lists the schemas directly inside one.
func inside(s object) (out []any) {
	for _, keyword := range sortedKeys(s) {
		switch keyword {
		case "not", "if", "then", "else", "contains", "propertyNames", "items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties":
			out = append(out, s[keyword])
		case "allOf", "anyOf", "oneOf", "prefixItems":
			out = append(out, s[keyword].(list)...)
		case "properties", "patternProperties", "dependentSchemas":
			out = append(out, slices.Collect(maps.Values(s[keyword].(object)))...)
		}
	}
	return out
}

// refers tells whether a schema inside of the root refers to another.
func (r *reading) refers() bool {
	return slices.ContainsFunc(r.schemas()[min(1, len(r.schemas())):], func(s object) bool { return s["$ref"] != nil })
}

func hasBrokenPattern(s object) bool {
	patterns, _ := s["patternProperties"].(object)
	sources := sortedKeys(patterns)
	if source, ok := s["pattern"].(string); ok {
		sources = append(sources, source)
	}
	return slices.ContainsFunc(sources, func(source string) bool { return !compiles(source) })
}

// compiles tells a pattern that Go has all of.
func compiles(pattern string) bool {
	_, err := regexp.Compile(pattern)
	return err == nil
}
