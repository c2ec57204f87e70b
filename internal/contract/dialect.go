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
	"$id": assertion, "$anchor": assertion, "$dynamicAnchor": assertion, "$dynamicRef": assertion, "$ref": assertion,
	"type": assertion, "enum": assertion, "const": assertion, "format": assertion, "writeOnly": assertion,
	"multipleOf": assertion, "maximum": assertion, "exclusiveMaximum": assertion, "minimum": assertion, "exclusiveMinimum": assertion,
	"maxLength": assertion, "minLength": assertion, "pattern": assertion,
	"maxItems": assertion, "minItems": assertion, "uniqueItems": assertion, "maxContains": assertion, "minContains": assertion,
	"maxProperties": assertion, "minProperties": assertion, "required": assertion, "dependentRequired": assertion,
	"not": oneSchema, "if": oneSchema, "then": oneSchema, "else": oneSchema, "contains": oneSchema, "propertyNames": oneSchema,
	"items": oneSchema, "additionalProperties": oneSchema, "unevaluatedItems": oneSchema, "unevaluatedProperties": oneSchema,
	"allOf": listOfSchemas, "anyOf": listOfSchemas, "oneOf": listOfSchemas, "prefixItems": listOfSchemas,
	"properties": mapOfSchemas, "patternProperties": mapOfSchemas, "$defs": mapOfSchemas, "dependentSchemas": mapOfSchemas,
}

// convert makes a JSON Schema 2020-12 value of a schema in the document's dialect. What is none stays as it is, for mend
// to find.
func (s *schemas) convert(n *yaml.Node, pointer string) any {
	n = unalias(n)
	if n.Kind != yaml.MappingNode {
		return plain(n)
	}
	if _, other := member(n, "$schema"); other != nil && !knownDialect(other.Value) {
		return s.broken(pointer, join(pointer, "$schema"))
	}
	out := map[string]any{}
	for _, keyword := range names(n) {
		_, value := member(n, keyword)
		if v, ok := s.keyword(keyword, unalias(value), join(pointer, keyword)); ok {
			out[keyword] = v
		}
	}
	s.reference(out)
	if _, isRef := out["$ref"]; isRef && s.is30 {
		return map[string]any{"$ref": out["$ref"]} // 3.0 ignores what stands beside a reference
	}
	s.discriminate(n, pointer)
	s.modernize(n, out)
	s.exempt(n, out)
	s.limit(out, pointer)
	return out
}

func (s *schemas) keyword(keyword string, value *yaml.Node, pointer string) (v any, ok bool) {
	switch shapes[keyword] {
	case assertion:
		return plain(value), true
	case oneSchema:
		return s.convert(value, pointer), true
	case listOfSchemas:
		if value.Kind != yaml.SequenceNode {
			return plain(value), true
		}
		list := []any{}
		for i, item := range value.Content {
			list = append(list, s.convert(item, join(pointer, strconv.Itoa(i))))
		}
		return list, true
	case mapOfSchemas:
		if value.Kind != yaml.MappingNode {
			return plain(value), true
		}
		m := map[string]any{}
		for _, name := range names(value) {
			_, item := member(value, name)
			m[name] = s.convert(item, join(pointer, name))
			s.documented[name] = true
		}
		return m, true
	}
	return nil, false
}

// reference sends a $ref within the document to the definition of its target.
func (s *schemas) reference(out map[string]any) {
	ref, _ := out["$ref"].(string)
	if target, ok := fragment(ref); ok && ref != "" {
		out["$ref"] = s.add(target)
	}
}

func (s *schemas) discriminate(n *yaml.Node, pointer string) {
	_, d := member(n, "discriminator")
	if d == nil {
		return
	}
	value, _ := plain(d).(map[string]any)
	property, _ := value["propertyName"].(string)
	mapping := map[string]string{}
	stated, _ := value["mapping"].(map[string]any)
	for name, ref := range stated {
		text, _ := ref.(string)
		if target, ok := fragment(text); ok {
			mapping[name] = target
		} else {
			mapping[name] = join("/components/schemas", text)
		}
	}
	s.discriminators[pointer] = discriminator{property, mapping}
}

// modernize turns what OpenAPI 3.0 says in its own way into JSON Schema.
func (s *schemas) modernize(n *yaml.Node, out map[string]any) {
	if !s.is30 {
		return
	}
	if flagged(n, "nullable") {
		if kind, ok := out["type"].(string); ok {
			out["type"] = []any{kind, "null"}
		}
	}
	for exclusive, bound := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		flag, isBool := out[exclusive].(bool)
		if !isBool {
			continue
		}
		delete(out, exclusive)
		if limit, ok := out[bound]; ok && flag {
			out[exclusive] = limit
			delete(out, bound)
		}
	}
}

func knownDialect(uri string) bool {
	return strings.HasPrefix(uri, "https://spec.openapis.org/oas/3.1/dialect/") ||
		strings.TrimSuffix(uri, "#") == "https://json-schema.org/draft/2020-12/schema"
}

// exempt takes writeOnly members off the required ones: a response is right to leave them out.
func (s *schemas) exempt(n *yaml.Node, out map[string]any) {
	required, _ := out["required"].([]any)
	_, properties := member(n, "properties")
	if len(required) == 0 || properties == nil {
		return
	}
	properties = unalias(properties)
	keep := []any{}
	for _, name := range required {
		text, ok := name.(string)
		s.documented[text] = true
		if ok && properties.Kind == yaml.MappingNode && s.writeOnly(properties, text) {
			continue
		}
		keep = append(keep, name)
	}
	out["required"] = keep
}

func (s *schemas) writeOnly(properties *yaml.Node, name string) bool {
	_, property := member(properties, name)
	if property == nil {
		return false
	}
	property = unalias(property)
	if !s.is30 && flagged(property, "writeOnly") {
		return true // beside a reference too
	}
	if _, ref := member(property, "$ref"); ref != nil {
		if target, ok := local(ref); ok {
			if n, _, found := s.tree.at(s.tree.resolve(target)); found {
				property = n
			}
		}
	}
	return flagged(property, "writeOnly")
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
			out["format"] = engineFormat(name)
		} else {
			delete(out, "format")
			s.note(pointer, join(pointer, "format"), "unchecked.format", "a format that is known here")
		}
	}
	if source, ok := out["pattern"].(string); ok && !compiles(source) {
		delete(out, "pattern")
		s.note(pointer, join(pointer, "pattern"), "unchecked.pattern", "a pattern that can be compiled")
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
		s.note(pointer, join(pointer, "patternProperties", source), "unchecked.pattern", "a pattern that can be compiled")
	}
}

func compiles(source string) bool {
	_, err := compilePattern(source)
	return err == nil
}
