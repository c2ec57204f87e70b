package contract

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// typeName is the JSON type of a decoded value.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

var word = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// shown is a value where it is harmless, else its type: a boolean, a number, and a short word where the document asked for
// another. An API key is never harmless.
func shown(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "true"
		}
		return "false"
	case json.Number:
		if len(v) <= 32 {
			return v.String()
		}
	case string:
		if word.MatchString(v) && !hasKey(v) {
			return `"` + v + `"`
		}
	}
	return typeName(v)
}

func hasKey(s string) bool { return strings.Contains(strings.ToLower(s), "sk_") }

var memberName = regexp.MustCompile(`^[A-Za-z0-9_.$@-]{1,40}$`)

// place is the pointer of a place in an instance. It hides the parts that the document does not name and that could be a
// secret.
func (s *schemas) place(at []string) string {
	var b strings.Builder
	for _, token := range at {
		if !s.documented[token] && (!memberName.MatchString(token) || hasKey(token)) {
			token = "***"
		}
		b.WriteByte('/')
		b.WriteString(escaper.Replace(token))
	}
	return b.String()
}

// lookup is the value at a place.
func lookup(v any, at []string) any {
	for _, token := range at {
		switch in := v.(type) {
		case map[string]any:
			v = in[token]
		case []any:
			v = nil
			if i, err := strconv.Atoi(token); err == nil && i < len(in) {
				v = in[i]
			}
		}
	}
	return v
}
