package contracttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// figure is a number.
func (d *Document) figure() json.Number { return json.Number(pick(d, figures...)) }

// Body makes up one answer's body: the next one of the document's seed.
func (d *Document) Body() []byte {
	value := d.value(d.schema, 6)
	if d.one(8) {
		value = d.anything(3)
	}
	for range d.numbers.IntN(3) {
		value = d.bend(value)
	}
	var b strings.Builder
	d.write(&b, value)
	text := b.String()
	if d.one(20) {
		text = pick(d, text+" ", text+"x", text+text, "\ufeff"+text, text[:len(text)/2], strings.Replace(text, `"`, "'", 1), text+"\x00",
			strings.Replace(text, "a", "\xff", 1), strings.Replace(text, "a", `\ud800`, 1), strings.Replace(text, "1", "01", 1), "")
	}
	return []byte(text)
}

// value makes one that fits a schema, if that is easily done.
func (d *Document) value(schema any, depth int) any {
	s, isObject := schema.(object)
	if !isObject || depth == 0 {
		return d.anything(depth)
	}
	if ref, ok := s["$ref"].(string); ok {
		return d.value(d.defs[strings.TrimPrefix(ref, "#/components/schemas/")], depth-1)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if branches, ok := s[keyword].(list); ok {
			return d.value(pick(d, branches...), depth-1)
		}
	}
	if values, ok := s["enum"].(list); ok {
		return pick(d, values...)
	}
	if value, ok := s["const"]; ok {
		return value
	}
	if parts, ok := s["allOf"].(list); ok {
		return d.together(append(parts[:len(parts):len(parts)], without(s, "allOf")), depth-1)
	}
	return d.typedValue(s, depth)
}

func without(s object, keyword string) object {
	out := object{}
	for k, v := range s {
		if k != keyword {
			out[k] = v
		}
	}
	return out
}

// together makes an object of the members of all parts, or the value of the first.
func (d *Document) together(parts list, depth int) any {
	all := object{}
	for _, part := range parts {
		value, ok := d.value(part, depth).(object)
		if !ok {
			return d.value(parts[0], depth)
		}
		merge(all, value)
	}
	return all
}

func (d *Document) typedValue(s object, depth int) any {
	kind, _ := s["type"].(string)
	if kinds, ok := s["type"].(list); ok {
		kind = pick(d, kinds...).(string)
	}
	switch kind {
	case "null":
		return nil
	case "boolean":
		return d.one(2)
	case "integer":
		return json.Number(pick(d, "0", "1", "2", "7", "1.0", "1e1", "-3"))
	case "number":
		return d.figure()
	case "string":
		return pick(d, words...)
	case "array":
		out := list{}
		for range d.numbers.IntN(4) {
			out = append(out, d.value(s["items"], depth-1))
		}
		return out
	case "object":
		return d.objectValue(s, depth)
	}
	return d.anything(depth)
}

func (d *Document) objectValue(s object, depth int) any {
	out := object{}
	properties, _ := s["properties"].(object)
	required, _ := s["required"].(list)
	for _, name := range members {
		if schema, ok := properties[name]; ok && !d.one(3) {
			out[name] = d.value(schema, depth-1)
		}
	}
	for _, name := range required {
		if _, ok := out[name.(string)]; !ok {
			out[name.(string)] = d.value(properties[name.(string)], depth-1)
		}
	}
	return out
}

// anything makes any value.
func (d *Document) anything(depth int) any {
	switch n := d.numbers.IntN(10); {
	case n < 3:
		return pick(d, words...)
	case n < 5:
		return d.figure()
	case n < 6:
		return d.one(2)
	case n < 7 || depth <= 0:
		return nil
	case n < 8:
		return list{d.anything(depth - 1), d.anything(depth - 1)}
	default:
		return object{pick(d, members...): d.anything(depth - 1), pick(d, members...): d.anything(depth - 1)}
	}
}

// bend changes a value in one place.
func (d *Document) bend(v any) any {
	switch v := v.(type) {
	case object:
		keys := sortedKeys(v)
		if len(keys) == 0 || d.one(4) {
			v[pick(d, append(members, "new", "sk_new", "")...)] = d.anything(1)
			return v
		}
		name := pick(d, keys...)
		if d.one(4) {
			delete(v, name)
		} else {
			v[name] = d.bend(v[name])
		}
		return v
	case list:
		if len(v) == 0 || d.one(3) {
			return append(v[:len(v):len(v)], d.anything(1))
		}
		i := d.numbers.IntN(len(v))
		v[i] = d.bend(v[i])
		return v
	}
	return d.anything(1)
}

// write spells a value: as everybody does, and at times in another way.
func (d *Document) write(b *strings.Builder, v any) {
	switch v := v.(type) {
	case object:
		keys := sortedKeys(v)
		if d.one(40) && len(keys) > 0 {
			keys = append(keys, keys[0])
		}
		d.numbers.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		for i, name := range keys {
			b.WriteString([]string{"{", ","}[min(i, 1)])
			d.writeText(b, name)
			b.WriteString(pick(d, ":", ":", ": ", "\t:\r\n"))
			d.write(b, v[name])
		}
		b.WriteString(map[bool]string{true: "{}", false: "}"}[len(keys) == 0])
	case list:
		b.WriteString("[")
		for i, item := range v {
			b.WriteString([]string{"", ","}[min(i, 1)])
			d.write(b, item)
		}
		b.WriteString("]")
	case string:
		d.writeText(b, v)
	default:
		text, _ := json.Marshal(v) // numbers, booleans and null
		b.Write(text)
	}
}

// writeText escapes a letter at times that need not be.
func (d *Document) writeText(b *strings.Builder, s string) {
	text, _ := json.Marshal(s) // strings always marshal
	if !d.one(12) || s == "" {
		b.Write(text)
		return
	}
	b.WriteString(`"`)
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(b, `\u%04x`, unit)
	}
	b.WriteString(`"`)
}

func sortedKeys(o object) []string { return slices.Sorted(maps.Keys(o)) }
