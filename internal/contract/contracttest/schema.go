package contracttest

import "encoding/json"

// names are the schemas under components, each of which any may refer to.
var names = []string{"Ada", "Bob", "Cyd"}

// members, words and figures are few, so that schemas and answers often mean the same.
var (
	members = []string{"a", "b", "kind", "x-c", "id"}
	words   = []string{"", "a", "ab", "abc", "é", "😀", "x-1", "2026-10-31T09:15:00Z", "2026-10-31", "0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90",
		"a@b.example", "https://a.example/b?c", "12", "P1D", "::1", "09:15:00Z", "Zm9v", "2026-10-31t09:15:00z", "1990-12-31T23:59:60Z", "2026-02-30",
		"0192f0c1-7a3e-0c52-1b1d-5f0e6a7c8d90", "192.0.2.1", "/a~0", "\u2028"}
	figures = []string{"0", "1", "2", "-1", "0.5", "0.01", "3", "10", "1.0", "1e2", "0.07", "2147483648", "9007199254740993", "9223372036854775808", "1e400"}
	formats = []string{"uuid", "date-time", "date", "email", "uri", "ipv6", "duration", "byte", "int32", "int64", "double", "float", "colour",
		"time", "ipv4", "hostname", "uri-reference", "json-pointer", "regex"}
	ecma = []string{"^a", "b$", "^[a-z]+$", "^x-", `\d`, "(?!a)", "^(?!a)", `^\s$`, "^.$"}
)

// makeSchema makes up a schema that is at most so deep.
func (d *Document) makeSchema(depth int) any {
	switch n := d.numbers.IntN(12); {
	case n == 0 && !d.Is30:
		return pick(d, true, true, false)
	case n == 1:
		return object{}
	case n < 4:
		return d.reference(depth)
	case depth > 0 && n < 6:
		return d.composed(depth - 1)
	default:
		return d.typed(depth)
	}
}

// reference refers to a named schema, with something beside it at times.
func (d *Document) reference(depth int) any {
	out := object{}
	if depth > 0 && d.one(4) {
		out = d.objectSchema(depth - 1)
	}
	out["$ref"] = "#/components/schemas/" + pick(d, names...)
	return out
}

func (d *Document) composed(depth int) any {
	var branches list
	for range 1 + d.numbers.IntN(3) {
		branches = append(branches, d.makeSchema(depth))
	}
	out := object{pick(d, "allOf", "anyOf", "oneOf"): branches}
	if out["allOf"] == nil && d.one(8) {
		out["discriminator"] = object{"propertyName": "kind"}
	}
	switch d.numbers.IntN(8) {
	case 0:
		out["not"] = d.makeSchema(0)
	case 1:
		if !d.Is30 {
			out["if"], out["then"], out["else"] = d.makeSchema(0), d.makeSchema(depth), d.makeSchema(0)
		}
	case 2:
		return merge(out, d.objectSchema(depth))
	case 3:
		if !d.Is30 {
			out["unevaluatedProperties"] = d.closing(depth)
		}
	}
	return out
}

func (d *Document) typed(depth int) any {
	if depth == 0 {
		return d.scalar()
	}
	switch d.numbers.IntN(6) {
	case 0, 1, 2:
		return d.nullable(d.objectSchema(depth - 1))
	case 3:
		return d.nullable(d.arraySchema(depth - 1))
	default:
		return d.scalar()
	}
}

// nullable lets null in, at times.
func (d *Document) nullable(schema object) object {
	kind, typed := schema["type"].(string)
	switch {
	case !typed || !d.one(4):
	case d.Is30:
		schema["nullable"] = true
	default:
		schema["type"] = list{kind, "null"}
	}
	return schema
}

func (d *Document) scalar() object {
	out := object{}
	switch d.numbers.IntN(8) {
	case 0:
		out["enum"] = list{pick(d, words...), d.figure(), pick(d, words...), nil, true}[:1+d.numbers.IntN(5)]
		return out
	case 1:
		if !d.Is30 {
			return object{"const": pick[any](d, pick(d, words...), d.figure(), nil, true, list{d.figure()})}
		}
		return object{"type": "boolean"}
	case 2, 3, 4:
		out["type"] = "string"
		d.some(out, "minLength", d.numbers.IntN(3), "maxLength", d.numbers.IntN(9), "pattern", pick(d, ecma...), "format", pick(d, formats...),
			"writeOnly", true)
	case 5:
		out["type"] = "boolean"
	default:
		out["type"] = pick(d, "number", "integer")
		d.some(out, "minimum", d.figure(), "maximum", d.figure(), "multipleOf", pick[any](d, 1, 2, 3, json.Number("0.01")), "format", pick(d, formats...))
		if exclusive := pick(d, "exclusiveMinimum", "exclusiveMaximum"); d.Is30 {
			d.some(out, exclusive, pick(d, true, false))
		} else {
			d.some(out, exclusive, d.figure())
		}
	}
	if d.one(12) {
		delete(out, "type")
	}
	return d.nullable(out)
}

// some puts a few of the pairs of a keyword and its value into a schema.
func (d *Document) some(schema object, pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		if d.one(4) {
			schema[pairs[i].(string)] = pairs[i+1]
		}
	}
}

func (d *Document) objectSchema(depth int) object {
	properties := object{}
	for range d.numbers.IntN(4) {
		properties[pick(d, members...)] = d.makeSchema(depth)
	}
	out := object{"type": "object", "properties": properties}
	if len(properties) == 0 {
		delete(out, "properties")
	}
	if required := d.subset(); len(required) > 0 {
		out["required"] = required
	}
	d.some(out, "additionalProperties", pick[any](d, false, true, d.makeSchema(0)), "minProperties", d.numbers.IntN(3), "maxProperties", 1+d.numbers.IntN(4))
	if !d.Is30 && d.one(3) {
		d.some(out, "patternProperties", object{pick(d, ecma...): d.makeSchema(depth)}, "propertyNames", d.makeSchema(0),
			"dependentRequired", object{pick(d, members...): d.subset()}, "dependentSchemas", object{pick(d, members...): d.makeSchema(depth)},
			"unevaluatedProperties", d.closing(depth))
	}
	return out
}

// subset is some members, each once.
func (d *Document) subset() list {
	out := list{}
	for _, name := range members {
		if d.one(4) {
			out = append(out, name)
		}
	}
	return out
}

// closing is what becomes of members or items that nothing else speaks of.
func (d *Document) closing(depth int) any { return pick[any](d, false, false, d.makeSchema(depth)) }

func (d *Document) arraySchema(depth int) object {
	out := object{"type": "array", "items": d.makeSchema(depth)}
	d.some(out, "minItems", d.numbers.IntN(3), "maxItems", 1+d.numbers.IntN(3), "uniqueItems", true)
	if !d.Is30 && d.one(3) {
		d.some(out, "prefixItems", list{d.makeSchema(depth), d.makeSchema(depth)}, "contains", d.makeSchema(0), "minContains", 2, "maxContains", 1,
			"unevaluatedItems", d.closing(depth))
		if d.one(3) {
			delete(out, "items")
		}
	}
	return out
}

func merge(a, b object) object {
	for k, v := range b {
		a[k] = v
	}
	return a
}
