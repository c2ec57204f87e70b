package traffic

import "bytes"

// number passes over a number, and is its text.
func (s *scanner) number() []byte {
	n := 0
	for {
		for s.at+n < s.end && isNumeric(s.buf[s.at+n]) {
			n++
		}
		if s.at+n < s.end || !s.refill() {
			break
		}
	}
	text := s.buf[s.at : s.at+n]
	if !isNumber(text) {
		s.want("a number")
		return nil
	}
	s.at += n
	return text
}

func isNumeric(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

// isNumber tells whether a text is one JSON number.
func isNumber(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("-"))
	whole := digits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	if text = text[whole:]; len(text) > 0 && text[0] == '.' {
		n := digits(text[1:])
		if n == 0 {
			return false
		}
		text = text[1+n:]
	}
	if len(text) > 0 && text[0]|0x20 == 'e' {
		if text = text[1:]; len(text) > 0 && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		n := digits(text)
		return n > 0 && n == len(text)
	}
	return len(text) == 0
}

func digits(text []byte) (n int) {
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}
