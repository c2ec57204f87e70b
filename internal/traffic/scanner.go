package traffic

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const (
	window   = 64 << 10 // bytes of a stream that are held at once
	deepest  = 10_000   // levels of objects and arrays
	longest  = 1 << 20  // bytes of a text that is no body
	headroom = 512      // bytes that are held ahead where nobody waits for the answer, so that most texts lie there whole
)

var (
	errStopped = errors.New("stopped")
	errEarly   = errors.New("it ends early: it was cut off, so record or export it again")
)

// scanner reads JSON from a stream through a window of fixed size. What it passes over costs no memory. The first fault stays,
// and ends all loops: after it, every method does nothing.
type scanner struct {
	from    io.Reader
	buf     []byte // the window
	at, end int    // what is unread in it
	passed  int64  // bytes before it
	ended   bool   // nothing comes after it
	late    error  // what comes after it is this fault
	lines   bool   // a line's end is no white space, and nothing is read ahead
	depth   int
	fault   error

	scratch []byte // a text that does not lie in the window as it is
	label   []byte // a name that does not
	tape    []byte // a copy of what is read, while recording
	mark    int    // where in the window the next part of the tape begins; -1 when not recording
	most    int    // bytes of the tape
	ignored int64  // where what was ignored last ended
	skipped members
}

func newScanner(r io.Reader, lines bool) *scanner {
	s := &scanner{from: r, buf: make([]byte, window), lines: lines, mark: -1}
	s.skipped.read = func([]byte) { s.skip() }
	return s
}

// offset is how many bytes were read.
func (s *scanner) offset() int64 { return s.passed + int64(s.at) }

func (s *scanner) fail(err error) {
	if s.fault == nil {
		s.fault = err
	}
}

// want says what should have come.
func (s *scanner) want(what string) {
	if s.ended && s.at == s.end {
		s.fail(errEarly)
		return
	}
	s.fail(fmt.Errorf("no JSON: want %s", what))
}

// refill drops what was read from the window and reads more behind the rest. It says whether there is more.
func (s *scanner) refill() bool {
	if s.late != nil {
		s.fail(s.late)
	}
	if s.ended || s.fault != nil || s.at == 0 && s.end == len(s.buf) {
		return false
	}
	s.record(s.at)
	n := copy(s.buf, s.buf[s.at:s.end])
	s.passed, s.at, s.end = s.passed+int64(s.at), 0, n
	if s.mark >= 0 {
		s.mark = 0
	}
	for {
		n, err := s.from.Read(s.buf[s.end:])
		s.end += n
		switch {
		case errors.Is(err, io.EOF):
			s.ended = true
		case err != nil && n > 0:
			s.late = err // once what came with it is used up
		case err != nil:
			s.fail(err)
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
}

// holds reads until n bytes are in the window, if there are as many.
func (s *scanner) holds(n int) bool {
	for s.end-s.at < n {
		if !s.refill() {
			return false
		}
	}
	return true
}

// reach reads ahead, so that what comes next lies in the window whole.
func (s *scanner) reach() {
	if s.end-s.at < headroom && !s.lines && !s.ended {
		s.holds(headroom)
	}
}

// peek passes over white space and is the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.at < s.end && s.buf[s.at] > ' ' {
		return s.buf[s.at]
	}
	return s.skim()
}

func (s *scanner) skim() byte {
	for {
		for s.at < s.end {
			switch c := s.buf[s.at]; {
			case c == ' ', c == '\t', c == '\r', c == '\n' && !s.lines:
				s.at++
			default:
				return c
			}
		}
		if !s.refill() {
			return 0
		}
	}
}

func (s *scanner) enter() bool {
	s.at++
	if s.depth++; s.depth > deepest {
		s.fail(fmt.Errorf("nested over %d levels deep", deepest))
	}
	return s.fault == nil
}

func (s *scanner) leave() {
	s.at++
	s.depth--
}

// members is how those of one object are read.
type members struct {
	read  func(name []byte) // reads the value; the name is good until it reads on
	known [][]byte          // what was ignored at each place, as it was written: most objects in a recording are alike
}

const mostKnown = 64 // members of an object that are known again, and bytes of one

// ignore passes over the value of a member that nobody needs.
func (s *scanner) ignore() {
	s.skip()
	s.ignored = s.offset()
}

// object reads all members.
func (s *scanner) object(m *members) {
	if s.peek() != '{' {
		s.want("an object")
		return
	}
	if !s.enter() {
		return
	}
	if s.peek() == '}' {
		s.leave()
		return
	}
	for place := 0; s.fault == nil; place++ {
		if !s.again(m, place) {
			s.member(m, place)
		}
		switch s.peek() {
		case ',':
			s.at++
		case '}':
			s.leave()
			return
		default:
			s.want("a comma or the end of an object")
		}
	}
}

// again passes over a member that stands there as it did before, when it was ignored.
func (s *scanner) again(m *members, place int) bool {
	if place >= len(m.known) || len(m.known[place]) == 0 {
		return false
	}
	known := m.known[place]
	end := s.at + len(known)
	if end >= s.end || s.buf[end] != ',' && s.buf[end] != '}' || !bytes.Equal(s.buf[s.at:end], known) {
		return false
	}
	s.at = end
	return true
}

func (s *scanner) member(m *members, place int) {
	s.peek()
	start := s.offset()
	name := s.name()
	if s.fault != nil {
		return
	}
	m.read(name)
	n := int(s.offset() - start)
	if s.fault != nil || m.known == nil || s.ignored != s.offset() || place >= cap(m.known) || n > mostKnown || n > s.at {
		return
	}
	m.known = m.known[:max(len(m.known), place+1)]
	m.known[place] = append(m.known[place][:0], s.buf[s.at-n:s.at]...)
}

// array calls item before each item, to read it.
func (s *scanner) array(item func()) {
	if s.peek() != '[' {
		s.want("an array")
		return
	}
	if !s.enter() {
		return
	}
	if s.peek() == ']' {
		s.leave()
		return
	}
	for s.fault == nil {
		item()
		switch s.peek() {
		case ',':
			s.at++
		case ']':
			s.leave()
			return
		default:
			s.want("a comma or the end of an array")
		}
	}
}

// skip passes over any value.
func (s *scanner) skip() {
	switch c := s.peek(); {
	case c == '"':
		s.skipText()
	case c == '{':
		s.object(&s.skipped)
	case c == '[':
		s.array(s.skip)
	case c == '-' || c >= '0' && c <= '9':
		s.number()
	case c == 't':
		s.word("true")
	case c == 'f':
		s.word("false")
	default:
		s.word("null")
	}
}

// word passes over a word if it is the next.
func (s *scanner) word(word string) bool {
	s.peek()
	ok := s.holds(len(word)) && string(s.buf[s.at:s.at+len(word)]) == word
	if ok {
		s.at += len(word)
	} else {
		s.want("a value")
	}
	return ok
}

// taped calls read, and is what that read, as it is written: appended to dst, and no more than most bytes and a window of it.
func (s *scanner) taped(dst []byte, most int, read func()) []byte {
	s.tape, s.most, s.mark = dst, most, s.at
	read()
	s.record(s.at)
	dst, s.tape, s.mark = s.tape, nil, -1
	return dst
}

// record puts what was read so far on the tape.
func (s *scanner) record(to int) {
	if s.mark < 0 {
		return
	}
	if len(s.tape) <= s.most {
		s.tape = room(s.tape, to-s.mark, s.most)
		s.tape = append(s.tape, s.buf[s.mark:to]...)
	}
	s.mark = to
}
