package traffic

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// plain is how many bytes at the front of a text mean themselves in a JSON string: all but control characters, quotes and
// backslashes. It looks at eight at once.
func plain(text []byte) (n int) {
	for ; n+8 <= len(text); n += 8 {
		if odd := special(binary.LittleEndian.Uint64(text[n:])); odd != 0 {
			return n + bits.TrailingZeros64(odd)/8
		}
	}
	for n < len(text) && text[n] >= ' ' && text[n] != '"' && text[n] != '\\' {
		n++
	}
	return n
}

// special has the high bit of the first byte of eight that does not mean itself, and maybe of later ones.
func special(w uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	quote, backslash := w^('"'*ones), w^('\\'*ones)
	return ((w-' '*ones)&^w | (quote-ones)&^quote | (backslash-ones)&^backslash) & highs
}

// open passes over the quote at the start of a text.
func (s *scanner) open() bool {
	if s.peek() != '"' {
		s.want("a text")
		return false
	}
	s.at++
	return true
}

// name passes over a member's name and the colon behind it. It is good until the next read.
func (s *scanner) name() []byte {
	if s.peek() != '"' {
		s.want("a member's name")
		return nil
	}
	s.reach()
	start := s.at + 1
	end := start + plain(s.buf[start:s.end])
	if end+1 < s.end && s.buf[end] == '"' && s.buf[end+1] == ':' {
		s.at = end + 2
		return s.buf[start:end]
	}
	s.label = append(s.label[:0], s.text()...) // the colon may lie beyond the window
	if s.peek() != ':' {
		s.want("a colon")
		return nil
	}
	s.at++
	return s.label
}

// text reads a text of at most longest bytes: of a longer one, only the front. It is good until the next read.
func (s *scanner) text() []byte {
	if !s.open() {
		return nil
	}
	s.reach()
	end := s.at + plain(s.buf[s.at:s.end])
	if end < s.end && s.buf[end] == '"' {
		text := s.buf[s.at:end]
		s.at = end + 1
		return text
	}
	s.scratch, _ = s.unescape(s.scratch[:0], longest)
	return s.scratch[:min(len(s.scratch), longest)]
}

// longText appends a text to dst. Of one of over most bytes it keeps the front, and is over.
func (s *scanner) longText(dst []byte, most int) (text []byte, over bool) {
	if !s.open() {
		return dst, false
	}
	return s.unescape(dst, most)
}

// skipText passes over a text.
func (s *scanner) skipText() {
	if s.open() {
		s.unescape(nil, -1)
	}
}

// unescape reads the rest of a text, and appends it to dst until that has over most bytes. Bytes that are no UTF-8 stay as they
// are, and half a surrogate pair becomes three bytes that are no UTF-8 either.
func (s *scanner) unescape(dst []byte, most int) (text []byte, over bool) {
	for s.fault == nil {
		if over = len(dst) > most; !over {
			dst = s.run(dst, most)
		} else {
			s.at += plain(s.buf[s.at:s.end])
		}
		if s.at == s.end {
			if !s.refill() {
				s.want("the end of a text")
			}
			continue
		}
		switch c := s.buf[s.at]; {
		case c == '"':
			s.at++
			return dst, len(dst) > most
		case c != '\\':
			s.want("no control characters in a text")
		case over:
			s.escape(nil)
		default:
			dst = s.escape(dst)
		}
	}
	return dst, over
}

// run appends what lies in the window, up to the next byte that is neither itself nor one of the escapes of two bytes. There are
// many of these in a body, a few bytes apart, so it copies words.
func (s *scanner) run(dst []byte, most int) []byte {
	dst = room(dst, s.end-s.at+8, most)
	n, out := len(dst), dst[:cap(dst)]
	in := s.buf[s.at:s.end]
	i := 0
	for i+8 <= len(in) {
		w := binary.LittleEndian.Uint64(in[i:])
		binary.LittleEndian.PutUint64(out[n:], w)
		odd := special(w)
		if odd == 0 {
			i, n = i+8, n+8
			continue
		}
		k := bits.TrailingZeros64(odd) / 8
		i, n = i+k, n+k
		if in[i] != '\\' || i+1 == len(in) || short[in[i+1]] == 0 {
			s.at += i
			return out[:n]
		}
		out[n] = short[in[i+1]]
		i, n = i+2, n+1
	}
	k := plain(in[i:])
	n += copy(out[n:], in[i:i+k])
	s.at += i + k
	return out[:n]
}

// room makes place for n more bytes. A large text gets all at once that it may ever need, so that no copies pile up.
func room(dst []byte, n, most int) []byte {
	const large = 1 << 20
	if want := len(dst) + n; want > cap(dst) && want > large {
		n = max(n, most+window+8-len(dst))
	}
	return slices.Grow(dst, n)
}

// short are the escapes of two bytes, by the second; 0 is none.
var short = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape appends what the escape that comes next stands for.
func (s *scanner) escape(dst []byte) []byte {
	if s.holds(2) && short[s.buf[s.at+1]] != 0 {
		s.at += 2
		return append(dst, short[s.buf[s.at-1]])
	}
	r := s.unit()
	if r < 0 {
		s.want("an escape")
		return dst
	}
	if s.at += 6; !utf16.IsSurrogate(r) {
		return utf8.AppendRune(dst, r)
	}
	if s.holds(1) && s.buf[s.at] == '\\' {
		if pair := utf16.DecodeRune(r, s.unit()); pair != utf8.RuneError {
			s.at += 6
			return utf8.AppendRune(dst, pair)
		}
	}
	return append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
}

// unit is the \uXXXX that comes next, -1 if none does.
func (s *scanner) unit() rune {
	if !s.holds(6) || s.buf[s.at+1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(s.buf[s.at+2:s.at+6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
