package contract

import (
	"math/bits"
	"unicode/utf8"
)

// scanner reads JSON text for admit. It takes what is surely right, and stops at everything else: what that is, the full
// decoder says.
type scanner struct {
	text string
	at   int
}

// skim passes over white space and is the next byte, 0 at the end.
func (s *scanner) skim() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// take passes over one byte if it is the next.
func (s *scanner) take(c byte) bool {
	if s.skim() != c {
		return false
	}
	s.at++
	return true
}

// startKinds is the type of a value by its first byte; kindCount for bytes that start none.
var startKinds = func() (out [256]kind) {
	for i := range out {
		out[i] = kindCount
	}
	for c := '0'; c <= '9'; c++ {
		out[c] = kindNumber
	}
	out['-'], out['"'], out['['], out['{'] = kindNumber, kindString, kindArray, kindObject
	out['n'], out['t'], out['f'] = kindNull, kindBoolean, kindBoolean
	return out
}()

// word passes over null, true or false.
func (s *scanner) word() (word string, ok bool) {
	for _, word := range [...]string{"null", "true", "false"} {
		if end := s.at + len(word); end <= len(s.text) && s.text[s.at:end] == word {
			s.at = end
			return word, true
		}
	}
	return "", false
}

// string passes over a string and is what stands between its quotes, which is its value where it has no escapes.
func (s *scanner) string() (raw string, escaped, ok bool) {
	start, ascii := s.at+1, true
	for i := start; ; {
		if i += verbatim(s.text[i:]); i == len(s.text) {
			return "", false, false
		}
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			raw = s.text[start:i]
			return raw, escaped, ascii || utf8.ValidString(raw)
		case c == '\\':
			n := escapeLength(s.text[i:])
			if n == 0 {
				return "", false, false
			}
			escaped = true
			i += n
		case c < ' ':
			return "", false, false
		default:
			ascii = false
			i++
		}
	}
}

// verbatim is how many bytes at the front of a text mean themselves in a string: ASCII but for control characters, quotes and
// backslashes. It looks at eight at once: of each byte that is none, the word below has the high bit.
func verbatim(text string) (n int) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; n+8 <= len(text); n += 8 {
		b := text[n : n+8]
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		quote, backslash := w^('"'*ones), w^('\\'*ones)
		if odd := ((w-' '*ones)&^w | (quote-ones)&^quote | (backslash-ones)&^backslash | w) & highs; odd != 0 {
			return n + bits.TrailingZeros64(odd)/8
		}
	}
	for n < len(text) && text[n] >= ' ' && text[n] < utf8.RuneSelf && text[n] != '"' && text[n] != '\\' {
		n++
	}
	return n
}

// escapeLength is the length of the escape at the front of a text, 0 if it is none. A surrogate counts with its other half.
func escapeLength(s string) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		unit := codeUnit(s)
		switch {
		case unit < 0 || unit >= 0xDC00 && unit < 0xE000:
			return 0
		case unit < 0xD800 || unit >= 0xE000:
			return 6
		}
		if low := codeUnit(s[6:]); low >= 0xDC00 && low < 0xE000 {
			return 12
		}
	}
	return 0
}

// codeUnit reads the \uXXXX at the front of a text, -1 if there is none.
func codeUnit(s string) int {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	unit := 0
	for i := 2; i < 6; i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			unit = unit<<4 | int(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			unit = unit<<4 | int(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return unit
}

// number passes over a number.
func (s *scanner) number() (raw string, ok bool) {
	start := s.at
	if s.text[s.at] == '-' {
		s.at++
	}
	if s.at < len(s.text) && s.text[s.at] == '0' {
		s.at++
	} else if !s.digits() {
		return "", false
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		if !s.digits() {
			return "", false
		}
	}
	if s.at < len(s.text) && s.text[s.at]|0x20 == 'e' {
		s.at++
		if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		if !s.digits() {
			return "", false
		}
	}
	return s.text[start:s.at], true
}

// digits passes over at least one digit.
func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.text) && s.text[s.at]-'0' <= 9 {
		s.at++
	}
	return s.at > start
}

// isNumber tells whether a whole text is a JSON number.
func isNumber(text string) bool {
	s := scanner{text: text}
	if text == "" || startKinds[text[0]] != kindNumber {
		return false
	}
	raw, ok := s.number()
	return ok && raw == text
}
