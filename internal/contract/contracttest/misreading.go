package contracttest

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// misreading makes of an answer and its document, in place, what a witness takes them for.
type misreading func(*reading)

// nothing is a pattern that no text matches.
const nothing = `[^\s\S]`

// each changes every schema that may touch the answer.
func each(change func(s object)) misreading {
	return func(r *reading) {
		for _, s := range r.schemas() {
			change(s)
		}
	}
}

// inVisitor is a misreading of the visitor of kin's filter alone.
func inVisitor(m misreading) misreading {
	return func(r *reading) {
		if r.visited {
			m(r)
		}
	}
}

// and makes a schema ask for one thing more.
func and(s, more object) {
	parts, _ := s["allOf"].(list)
	s["allOf"] = append(slices.Clone(parts), more)
}

// become makes another schema of one, which may be a part of the new one.
func become(s object, make func(old object) object) {
	old := maps.Clone(s)
	clear(s)
	merge(s, make(old))
}

func firstValueOnly(r *reading) {
	var first json.RawMessage
	if json.NewDecoder(bytes.NewReader(r.body)).Decode(&first) == nil {
		r.body = first
	}
}

// anyBytes puts U+FFFD for each byte that is no UTF-8, as encoding/json does.
func anyBytes(r *reading) { r.body = []byte(string([]rune(string(r.body)))) }

// halfPairs puts U+FFFD for the one half of a surrogate pair that is ever made up.
func halfPairs(r *reading) { r.body = bytes.ReplaceAll(r.body, []byte(`\ud800`), []byte(`\ufffd`)) }

// lastMember keeps the last of the members of one name. It leaves alone what encoding/json would change as well.
func lastMember(r *reading) {
	var value any
	if !json.Valid(r.body) || !utf8.Valid(r.body) || bytes.Contains(r.body, []byte(`\ud800`)) {
		return
	}
	if unmarshal(r.body, &value) == nil {
		r.body, _ = json.Marshal(value) // it was JSON
	}
}

// noFormat asserts none of some formats.
func noFormat(names ...string) misreading {
	return each(func(s object) {
		if name, _ := s["format"].(string); slices.Contains(names, name) {
			delete(s, "format")
		}
	})
}

// otherFormat asserts a pattern for a format.
func otherFormat(name, pattern string) misreading {
	return each(func(s object) {
		if s["format"] == name {
			delete(s, "format")
			and(s, object{"pattern": pattern})
		}
	})
}

// alsoPattern asserts a pattern beside a format.
func alsoPattern(name, pattern string) misreading {
	return each(func(s object) {
		if s["format"] == name {
			and(s, object{"pattern": pattern})
		}
	})
}

func noNullConst(r *reading) {
	each(func(s object) {
		if value, stated := s["const"]; stated && value == nil {
			delete(s, "const")
		}
	})(r)
}

// stillRequired has required hold for members that are for requests only.
func stillRequired(r *reading) {
	if !r.visited {
		each(func(s object) { delete(s, "writeOnly") })(r)
	}
}

// apart has what stands beside a reference look at it from outside.
func apart(r *reading) {
	each(func(s object) {
		if ref := s["$ref"]; ref != nil && (s["unevaluatedProperties"] != nil || s["unevaluatedItems"] != nil) {
			become(s, func(old object) object { return object{"allOf": list{object{"$ref": ref}, without(old, "$ref")}} })
		}
	})(r)
}

// goPattern reads white space and the dot, which knows one end of a line, as Go does.
func goPattern(r *reading) {
	inGo := strings.NewReplacer(`\s`, `[\t\n\f\r ]`, `.`, `[^\n]`)
	each(func(s object) {
		if source, ok := s["pattern"].(string); ok {
			s["pattern"] = inGo.Replace(source)
		}
		patterns, _ := s["patternProperties"].(object)
		for _, source := range sortedKeys(patterns) {
			schema := patterns[source]
			delete(patterns, source)
			patterns[inGo.Replace(source)] = schema
		}
	})(r)
}
