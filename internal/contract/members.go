package contract

import (
	"iter"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Members goes over the members of a JSON object that Check had nothing against: each name, and its value as it is written.
// It stops at what is no JSON.
func Members(object string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		s := scanner{text: object}
		for more := s.take('{') && s.skim() == '"'; more; more = s.take(',') && s.skim() == '"' {
			start := s.at
			_, _, ok := s.string()
			name := Text(object[start:s.at])
			if !ok || !s.take(':') {
				return
			}
			s.skim()
			if start = s.at; !s.pass() || !yield(name, object[start:s.at]) {
				return
			}
		}
	}
}

// Text is what a JSON string says; "" for what is none.
func Text(written string) string {
	if len(written) > 2 && written[0] == '"' && strings.IndexByte(written, '\\') < 0 {
		return written[1 : len(written)-1]
	}
	text, err := jsontext.AppendUnquote(nil, written)
	if err != nil {
		return ""
	}
	return string(text)
}

// pass goes over one value, without a look into it.
func (s *scanner) pass() (ok bool) {
	for depth := 0; ; {
		switch c := s.skim(); startKinds[c] {
		case kindString:
			_, _, ok = s.string()
		case kindNumber:
			_, ok = s.number()
		case kindNull, kindBoolean:
			_, ok = s.word()
		case kindArray, kindObject:
			depth++
			s.at++
			ok = true
		default:
			if ok = c == '}' || c == ']' || c == ',' || c == ':'; ok {
				s.at++
			}
			if c == '}' || c == ']' {
				depth--
			}
		}
		if !ok || depth <= 0 {
			return ok && depth == 0
		}
	}
}
