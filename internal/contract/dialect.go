package contract

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// shape is how a keyword holds what it holds.
type shape int

const (
	annotation    shape = iota // says nothing about validity; left out
	assertion                  // a plain value
	oneSchema                  // a schema
	listOfSchemas              // a list of schemas
	mapOfSchemas               // schemas by name
)

// shapes is every keyword of JSON Schema 2020-12 that can make a response invalid, or that the judge reads.
var shapes = map[string]shape{
	"type": assertion, "enum": assertion, "const": assertion, "format": assertion, "writeOnly": assertion,
	"multipleOf": assertion, "maximum": assertion, "exclusiveMaximum": assertion, "minimum": assertion, "exclusiveMinimum": assertion,
	"maxLength": assertion, "minLength": assertion, "pattern": assertion,
	"maxItems": assertion, "minItems": assertion, "uniqueItems": assertion, "maxContains": assertion, "minContains": assertion,
	"maxProperties": assertion, "minProperties": assertion, "required": assertion, "dependentRequired": assertion,
	"not": oneSchema, "if": oneSchema, "then": oneSchema, "else": oneSchema, "contains": oneSchema, "propertyNames": oneSchema,
	"items": oneSchema, "additionalProperties": oneSchema, "unevaluatedItems": oneSchema, "unevaluatedProperties": oneSchema,
	"allOf": listOfSchemas, "anyOf": listOfSchemas, "oneOf": listOfSchemas, "prefixItems": listOfSchemas,
	"properties": mapOfSchemas, "patternProperties": mapOfSchemas, "dependentSchemas": mapOfSchemas,
}

// converter makes a JSON Schema 2020-12 value of one definition.
type converter struct {
	*schemas
	number int
}

// deepest is how many levels of keywords a definition may have before what is below becomes one of its own: the engine takes a
// time that grows with the third power of them.
const deepest = 100

// within is the rest of a pointer into the definition.
func (c converter) within(pointer string) string { return pointer[len(c.order[c.number].pointer):] }

// path is the defPath of a pointer into the definition.
func (c converter) path(pointer string) string { return strconv.Itoa(c.number) + c.within(pointer) }

// convert turns a schema of the document's dialect, which holds where some members are exempt from being required. What is
// no schema stays as it is, for mend to find.
func (c converter) convert(n *yaml.Node, pointer string, exempt exemption) any {
	n = unalias(n)
	if n.Kind != yaml.MappingNode {
		return plain(n)
	}
	below := c.within(pointer)
	if strings.Count(below, "/") > deepest || below != "" && c.tree.around(pointer).pointer == pointer {
		c.links[c.path(pointer)] = c.add(pointer, exempt, c.order[c.number].scope)
		return map[string]any{}
	}
	if uri, keyword := c.dialect(n, pointer); uri != "" && !knownDialect(uri) {
		return c.broken(pointer, keyword)
	}
	exempt = c.exempt(n, pointer, exempt)
	out := map[string]any{}
	for _, keyword := range names(n) {
		if c.is30 && since31[keyword] {
			c.note(pointer, join(pointer, keyword), "unchecked.schema", "a keyword that OpenAPI 3.0 has", allKinds)
			continue
		}
		_, value := member(n, keyword)
		if v, ok := c.keyword(keyword, unalias(value), join(pointer, keyword), exempt); ok {
			out[keyword] = v
		}
	}
	if c.link(n, out, pointer, exempt) && c.is30 {
		return map[string]any{} // 3.0 ignores what stands beside a reference
	}
	c.discriminate(n, pointer)
	c.modernize(n, out, pointer)
	c.require(out, exempt.here)
	c.limit(out, pointer)
	return out
}

// since31 is what OpenAPI 3.0 does not have of these keywords.
var since31 = map[string]bool{
	"const": true, "if": true, "then": true, "else": true, "contains": true, "maxContains": true, "minContains": true,
	"propertyNames": true, "unevaluatedItems": true, "unevaluatedProperties": true, "prefixItems": true, "patternProperties": true,
	"dependentSchemas": true, "dependentRequired": true,
}

// dialect is what a schema says of the language it is written in, and where; "" if it says nothing.
func (c converter) dialect(n *yaml.Node, pointer string) (uri, keyword string) {
	if own, ok := textOf(n, "$schema"); ok {
		return own, join(pointer, "$schema")
	}
	if c.within(pointer) != "" || c.is30 {
		return "", ""
	}
	uri, _ = textOf(unalias(c.tree.root), "jsonSchemaDialect")
	return uri, "/jsonSchemaDialect"
}

// inPlace keywords lead to schemas that hold for the same object, in which the same members are exempt.
var inPlace = map[string]bool{"allOf": true, "anyOf": true, "oneOf": true, "if": true, "then": true, "else": true, "dependentSchemas": true}

func (c converter) keyword(keyword string, value *yaml.Node, pointer string, exempt exemption) (v any, ok bool) {
	switch {
	case !inPlace[keyword]:
		exempt = exemption{}
	case keyword == "anyOf" || keyword == "oneOf":
		exempt.here = exempt.branches
	}
	switch shapes[keyword] {
	case assertion:
		return plain(value), true
	case oneSchema:
		return c.convert(value, pointer, exempt), true
	case listOfSchemas:
		if value.Kind != yaml.SequenceNode {
			return plain(value), true
		}
		list := []any{}
		for i, item := range value.Content {
			list = append(list, c.convert(item, join(pointer, strconv.Itoa(i)), exempt))
		}
		return list, true
	case mapOfSchemas:
		if value.Kind != yaml.MappingNode {
			return plain(value), true
		}
		m := map[string]any{}
		for _, name := range names(value) {
			_, item := member(value, name)
			m[name] = c.convert(item, join(pointer, name), exempt)
			c.documented[name] = true
		}
		return m, true
	}
	return nil, false
}

// link notes where the references of a schema lead, to be put in when all are compiled: what the engine is given at once takes
// it a time that grows with the square of that.
func (c converter) link(n *yaml.Node, out map[string]any, pointer string, exempt exemption) (linked bool) {
	d := c.order[c.number]
	if _, stated := member(n, "$ref"); stated != nil && stated.Kind != yaml.ScalarNode {
		c.broken(pointer, join(pointer, "$ref"))
	}
	if ref, ok := textOf(n, "$ref"); ok {
		if target, ok := c.tree.target(pointer, ref); ok {
			c.links[c.path(pointer)] = c.add(target, exempt, d.scope)
			linked = true
		}
	}
	ref, ok := textOf(n, "$dynamicRef")
	if !ok || c.is30 {
		return linked
	}
	target, ok := c.tree.dynamicTarget(pointer, ref, d.scope)
	if !ok {
		c.broken(pointer, join(pointer, "$dynamicRef"))
		return linked
	}
	at := pointer
	if linked { // a schema has one place for a reference, and any number in its allOf
		parts, _ := out["allOf"].([]any)
		at = join(pointer, "allOf", strconv.Itoa(len(parts)))
		out["allOf"] = append(parts, map[string]any{})
	}
	c.links[c.path(at)] = c.add(target, exempt, d.scope)
	return true
}

// modernize turns what OpenAPI 3.0 says in its own way into JSON Schema, and doubts what it cannot say.
func (s *schemas) modernize(n *yaml.Node, out map[string]any, pointer string) {
	if !s.is30 {
		return
	}
	foreign := func(keyword string) {
		delete(out, keyword)
		s.note(pointer, join(pointer, keyword), "unchecked.schema", "a value that OpenAPI 3.0 has", allKinds)
	}
	switch kind, isText := out["type"].(string); {
	case out["type"] != nil && (!isText || kind == "null"):
		foreign("type")
	case isText && flagged(n, "nullable"):
		out["type"] = []any{kind, "null"}
	}
	for exclusive, bound := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		flag, isBool := out[exclusive].(bool)
		limit, bounded := out[bound]
		if out[exclusive] != nil && !isBool {
			foreign(exclusive)
			continue
		}
		delete(out, exclusive)
		if bounded && flag {
			out[exclusive] = limit
			delete(out, bound)
		}
	}
}

func knownDialect(uri string) bool {
	return strings.HasPrefix(uri, "https://spec.openapis.org/oas/3.1/dialect/") ||
		strings.TrimSuffix(uri, "#") == "https://json-schema.org/draft/2020-12/schema"
}

func flagged(n *yaml.Node, keyword string) bool {
	_, flag := member(n, keyword)
	return flag != nil && plain(flag) == true
}

// limit takes out what the engine cannot judge, a pattern that Go's regular expressions lack or a format nobody here
// knows, and notes it.
func (s *schemas) limit(out map[string]any, pointer string) {
	if name, ok := out["format"].(string); ok {
		if _, known := formats[name]; known {
			out["format"] = enginePrefix + name
		} else {
			delete(out, "format")
			s.note(pointer, join(pointer, "format"), "unchecked.format", "a format that is known here", kindsOf(kindNumber, kindString))
		}
	}
	if source, ok := out["pattern"].(string); ok && !compiles(source) {
		delete(out, "pattern")
		s.note(pointer, join(pointer, "pattern"), "unchecked.pattern", "a pattern that can be compiled", kindsOf(kindString))
	}
	patterns, _ := out["patternProperties"].(map[string]any)
	for source := range patterns {
		if compiles(source) {
			continue
		}
		// Which members are left over is unknown now, so nothing may be said of those either.
		delete(patterns, source)
		delete(out, "additionalProperties")
		delete(out, "unevaluatedProperties")
		s.note(pointer, join(pointer, "patternProperties", source), "unchecked.pattern", "a pattern that can be compiled", kindsOf(kindObject))
	}
}

func compiles(source string) bool {
	_, err := compilePattern(source)
	return err == nil
}
