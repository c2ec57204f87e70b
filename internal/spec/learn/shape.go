package learn

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

const (
	mostMembers = 200 // of an object; one with more is a map
	mostDepth   = 20
	mostValues  = 10_000 // of one body
)

// shape is what values have in common. The zero value is that of none.
type shape struct {
	types   map[string]int // how many values had each
	formats []string       // that all texts had; nil if there was no text
	texts   bool           // there was a text, so that formats count
	members map[string]*shape
	filled  int    // objects with a member
	unnamed *shape // what the members have in common that have no plain names, or came when there were too many; nil if none did
	items   *shape
}

// add learns from one value. A budget bounds what is looked at of a large one.
func (s *shape) add(raw jsontext.Value) {
	budget := mostValues
	s.learn(jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), 0, &budget)
}

func (s *shape) learn(d *jsontext.Decoder, depth int, budget *int) {
	*budget--
	if s.types == nil {
		s.types = map[string]int{}
	}
	switch kind := d.PeekKind(); {
	case *budget < 0 || depth > mostDepth:
		s.types[""]++
		_ = d.SkipValue()
	case kind == '{':
		s.types["object"]++
		s.object(d, depth, budget)
	case kind == '[':
		s.types["array"]++
		s.array(d, depth, budget)
	default:
		raw, err := d.ReadValue()
		if err != nil {
			return
		}
		s.types[typeOf(raw)]++
		if kind == '"' {
			s.text(raw)
		}
	}
}

func (s *shape) object(d *jsontext.Decoder, depth int, budget *int) {
	_, _ = d.ReadToken()
	if s.members == nil {
		s.members = map[string]*shape{}
	}
	if d.PeekKind() == '"' {
		s.filled++
	}
	for d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			return
		}
		s.member(t.String()).learn(d, depth+1, budget)
	}
	_, _ = d.ReadToken()
}

// member is the shape that the value of a member goes to.
func (s *shape) member(name string) *shape {
	into := s.members[name]
	switch {
	case into != nil:
		return into
	case s.unnamed != nil:
		return s.unnamed
	}
	into = &shape{}
	if isName(name) && len(s.members) < mostMembers {
		s.members[name] = into
	} else {
		s.unnamed = into
	}
	return into
}

func (s *shape) array(d *jsontext.Decoder, depth int, budget *int) {
	_, _ = d.ReadToken()
	if s.items == nil {
		s.items = &shape{}
	}
	for d.PeekKind() != ']' {
		before := d.InputOffset()
		s.items.learn(d, depth+1, budget)
		if d.InputOffset() == before {
			return // what is no JSON any more
		}
	}
	_, _ = d.ReadToken()
}

// text learns from a text which formats all have.
func (s *shape) text(raw jsontext.Value) {
	plain, err := jsontext.AppendUnquote(nil, raw)
	if err == nil {
		s.narrow(formatsOf(string(plain)))
	}
}

// narrow keeps the formats that one more text has too.
func (s *shape) narrow(found []string) {
	if !s.texts {
		s.texts, s.formats = true, found
	}
	s.formats = slices.DeleteFunc(s.formats, func(f string) bool { return !slices.Contains(found, f) })
}

// formatsOf are the formats that a text has, of those that tell something.
func formatsOf(text string) []string {
	switch {
	case len(text) == 36 && uuid.Validate(text) == nil:
		return []string{"uuid"}
	case len(text) == len(time.DateOnly):
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			return []string{"date"}
		}
	case len(text) >= len("2006-01-02T15:04:05Z"):
		if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return []string{"date-time"}
		}
		fallthrough
	default:
		if isLink(text) {
			return []string{"uri"}
		}
	}
	return nil
}

func isLink(text string) bool {
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(text, scheme); ok && rest != "" && !strings.ContainsAny(text, " \"<>\\^`{|}") && isASCII(text) {
			return true
		}
	}
	return false
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// typeOf is the JSON Schema type of a value: integer for a number without a fraction or an exponent.
func typeOf(raw jsontext.Value) string {
	switch raw.Kind() {
	case 'n':
		return "null"
	case 't', 'f':
		return "boolean"
	case '"':
		return "string"
	case '0':
		if bytes.ContainsAny(raw, ".eE") {
			return "number"
		}
		return "integer"
	case '{':
		return "object"
	case '[':
		return "array"
	}
	return ""
}

// kinds are the types that came, null last, integers among numbers as numbers.
func (s *shape) kinds() []string {
	var out []string
	for _, t := range []string{"string", "integer", "number", "boolean", "object", "array", "null"} {
		if s.types[t] > 0 && !(t == "integer" && s.types["number"] > 0) {
			out = append(out, t)
		}
	}
	return out
}
