package contracttest

import (
	"bytes"
	"regexp"
	"slices"
)

// replaceRoot has the answer be of another schema.
func (r *reading) replaceRoot(schema any) {
	at(r.document, "paths", Path, "get", "responses", "200", "content", "application/json").(object)["schema"] = schema
}

// noBytes asks nothing of a body without bytes.
func noBytes(r *reading) {
	if len(r.body) == 0 {
		r.body = []byte("null")
		r.replaceRoot(true)
	}
}

// wholeNull asks nothing of a body that is null.
func wholeNull(r *reading) {
	if string(bytes.TrimSpace(r.body)) == "null" {
		r.replaceRoot(true)
	}
}

var hugeNumber = regexp.MustCompile(`1e400`) // the one that is made up

// noHugeBody reads no body with a number that no float64 holds.
func noHugeBody(r *reading) {
	if hugeNumber.Match(r.body) {
		r.body = []byte("no JSON")
	}
}

// besideReferences has what stands beside a reference of OpenAPI 3.0 hold.
func besideReferences(r *reading) {
	each(func(s object) {
		if beside, stated := s[besides].(object); stated {
			delete(s, besides)
			merge(s, beside)
		}
	})(r)
}

// flagged are the keywords whose schema libopenapi-validator cannot have be true or false.
var flagged = []string{"not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems"}

// noFlagged asks nothing where a schema has true or false for one of these.
func noFlagged(r *reading) {
	each(func(s object) {
		if slices.ContainsFunc(flagged, func(keyword string) bool { return isFlag(s[keyword]) }) {
			clear(s)
		}
	})(r)
}

// noFlags writes true and false in other words.
func noFlags(r *reading) {
	for _, s := range r.all() {
		for _, keyword := range flagged {
			if isFlag(s[keyword]) {
				s[keyword] = map[any]object{true: {}, false: {"not": object{}}}[s[keyword]]
			}
		}
	}
}

func isFlag(v any) bool { return v == true || v == false }

// tagged wants an object with the discriminator's member of every value.
func tagged(r *reading) {
	each(func(s object) {
		if name, ok := at(s, "discriminator", "propertyName").(string); ok {
			and(s, object{"type": "object", "required": list{name}})
		}
	})(r)
}

// exemptInPlace lets a required member be missing where the schema that requires it has the member for requests only, or a
// part of a composition there has.
func exemptInPlace(r *reading) { exemptOwn(r.schemas()) }

func exemptOwn(schemas []object) {
	for _, s := range schemas {
		if required, ok := s["required"].(list); ok {
			s["required"] = slices.DeleteFunc(required, func(name any) bool { return hasWriteOnly(at(s, "properties", name.(string))) })
		}
	}
	for _, s := range schemas {
		delete(s, "writeOnly")
	}
}

func hasWriteOnly(v any) bool {
	s, _ := v.(object)
	for _, keyword := range compositions {
		if parts, _ := s[keyword].(list); slices.ContainsFunc(parts, hasWriteOnly) {
			return true
		}
	}
	return s["writeOnly"] == true
}

// anyScript takes letters of all scripts in a URI.
func anyScript(r *reading) {
	each(func(s object) {
		if name, ok := map[any]string{"uri": "iri", "uri-reference": "iri-reference"}[s["format"]]; ok {
			s["format"] = name
		}
	})(r)
}

// noLookAhead leaves out the patterns that Go does not compile.
func noLookAhead(r *reading) {
	for _, s := range r.all() {
		if source, _ := s["pattern"].(string); !compiles(source) {
			delete(s, "pattern")
		}
		patterns, _ := s["patternProperties"].(object)
		for _, source := range sortedKeys(patterns) {
			if !compiles(source) {
				delete(patterns, source)
			}
		}
	}
}

// bareRoot leaves out what stands beside the reference of the root.
func bareRoot(r *reading) {
	if root, _ := r.root().(object); root["$ref"] != nil {
		r.replaceRoot(object{"$ref": root["$ref"]})
	}
}

// noCircles requires nothing where a schema leads back to itself.
func noCircles(r *reading) {
	for _, s := range r.all() {
		if r.isCircular(s) {
			delete(s, "required")
		}
	}
}

func (r *reading) isCircular(s object) bool {
	below := r.under(append(inside(s), r.target(s))...)
	return slices.ContainsFunc(below, func(b object) bool { return identity(b) == identity(s) })
}
