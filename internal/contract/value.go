package contract

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/roughy-go/roughy/internal/secret"
)

// kind is the JSON type of a value. An integer is a number.
type kind uint8

const (
	kindNull kind = iota
	kindBoolean
	kindNumber
	kindString
	kindArray
	kindObject
	kindCount
)

// String is the type's name in JSON Schema.
func (k kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// kindOf is the type of a decoded value.
func kindOf(v any) kind {
	switch v.(type) {
	case nil:
		return kindNull
	case bool:
		return kindBoolean
	case json.Number:
		return kindNumber
	case string:
		return kindString
	case []any:
		return kindArray
	}
	return kindObject
}

// kinds is a set of types.
type kinds uint8

const allKinds kinds = 1<<kindCount - 1

func kindsOf(list ...kind) (out kinds) {
	for _, k := range list {
		out |= 1 << k
	}
	return out
}

func (ks kinds) has(k kind) bool { return ks&(1<<k) != 0 }

// engineTypes are the engine's sets of types, by ours.
var engineTypes = func() (out [kindCount]jsonschema.Types) {
	for k := range kindCount {
		out[k].Add(k.String())
	}
	out[kindNumber].Add("integer")
	return out
}()

// kindsOfTypes is the set that a schema's types make. An integer is a number.
func kindsOfTypes(t jsonschema.Types) (out kinds) {
	for k := range kindCount {
		if t&engineTypes[k] != 0 {
			out |= kindsOf(k)
		}
	}
	return out
}

// typeName is the type of a decoded value in words.
func typeName(v any) string { return kindOf(v).String() }

var word = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// shown is a value where it is harmless, else its type: a boolean, a number, and a short word where the document asked for
// another. What a machine made up, such as a key or an id, is never harmless.
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
		if word.MatchString(v) && !hasKey(v) && !secret.IsMade(v) {
			return `"` + v + `"`
		}
	}
	return typeName(v)
}

func hasKey(s string) bool { return strings.Contains(strings.ToLower(s), "sk_") }

// memberName has no @ but in front, or it might be somebody's address.
var memberName = regexp.MustCompile(`^@?[\p{L}\p{N}_.$-]{1,40}$`)

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

// lookup is the value at a place; nil if there is none.
func lookup(v any, at []string) any {
	v, _ = find(v, at)
	return v
}

func find(v any, at []string) (value any, found bool) {
	for _, token := range at {
		switch in := v.(type) {
		case map[string]any:
			v, found = in[token]
		case []any:
			i, err := strconv.Atoi(token)
			if found = err == nil && i >= 0 && i < len(in); found {
				v = in[i]
			}
		default:
			found = false
		}
		if !found {
			return nil, false
		}
	}
	return v, true
}
