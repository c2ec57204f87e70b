package traffic

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// headers are those of an entry: first a list, as they were written, then a map. Its memory is used again for the next.
type headers struct {
	names, values []string
	made          http.Header
	shape         []string // the names that the map was made of
	shared        bool     // its values are those of the list
	before        []pair   // what stood in each place of the list before
}

func (h *headers) reset() { h.names, h.values = h.names[:0], h.values[:0] }

// add adds a line by its canonical name; pseudo headers are none. Some browsers write all lines of a name as one.
func (h *headers) add(name, value string) {
	if name == "" || name[0] == ':' {
		return
	}
	for strings.IndexByte(value, '\n') >= 0 {
		line, rest, _ := strings.Cut(value, "\n")
		h.names, h.values = append(h.names, name), append(h.values, line)
		value = rest
	}
	h.names, h.values = append(h.names, name), append(h.values, value)
}

// drop takes all lines of a name out.
func (h *headers) drop(name string) {
	for i := slices.Index(h.names, name); i >= 0; i = slices.Index(h.names, name) {
		h.names, h.values = slices.Delete(h.names, i, i+1), slices.Delete(h.values, i, i+1)
	}
}

// get is all lines of a name as one.
func (h *headers) get(name string) string {
	text := ""
	for i, n := range h.names {
		if n == name && text != "" {
			text += ", " + h.values[i]
		} else if n == name {
			text = h.values[i]
		}
	}
	return text
}

// make is the map. Where the names are those of the entry before, it holds the new values already.
func (h *headers) make() http.Header {
	if h.shared && slices.Equal(h.names, h.shape) {
		return h.made
	}
	h.shape, h.shared = append(h.shape[:0], h.names...), true
	clear(h.made)
	for i, name := range h.names {
		if before := h.made[name]; before != nil {
			h.made[name] = append(before, h.values[i])
			h.shared = false
			continue
		}
		h.made[name] = h.values[i : i+1 : i+1]
	}
	return h.made
}

// interned are the texts that come again and again, so that each is made once.
type interned map[string]string

// text is b as a string.
func (i interned) text(b []byte) string {
	const most, long = 4096, 128
	if s, ok := i[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(i) < most && len(s) <= long {
		i[s] = s
	}
	return s
}

// pair is a header as HAR writes it.
type pair struct {
	name, value string
	whole       bool   // it has a value
	raw         []byte // how it was written; empty if nobody knows
}

// harHeaders reads a HAR's list of headers. Most of them stand there as they stood in the entry before.
func (p *pass) harHeaders(into *headers, what string) {
	into.reset()
	if p.is('[', what) {
		p.into, p.place = into, -1
		p.array(p.onPair)
	}
}

func (p *pass) harPair() {
	const mostPlaces = 64
	if p.place++; p.place < len(p.into.before) {
		known := &p.into.before[p.place]
		if n := len(known.raw); n > 0 && p.peek() == '{' && p.end-p.at > n && bytes.Equal(p.buf[p.at:p.at+n], known.raw) {
			p.at += n
			p.into.add(known.name, known.value)
			return
		}
	} else if p.place < mostPlaces {
		p.into.before = append(p.into.before, pair{})
	}
	p.pair = pair{}
	if !p.is('{', "a header is no object") {
		return
	}
	p.reach()
	start, passed := p.at, p.passed
	p.object(&p.inPair)
	if !p.pair.whole {
		return
	}
	p.into.add(p.pair.name, p.pair.value)
	if p.place < mostPlaces && passed == p.passed && p.at-start < headroom && p.fault == nil && p.problem == "" {
		p.pair.raw = append(p.into.before[p.place].raw[:0], p.buf[start:p.at]...)
		p.into.before[p.place] = p.pair
	}
}

func (p *pass) pairMember(name []byte) {
	switch string(name) {
	case "name":
		p.pair.name = p.canonical(p.brief("a header's name is no text"))
	case "value":
		value := p.brief("a header's value is no text")
		p.pair.value, p.pair.whole = p.interned.text(value), value != nil
	default:
		p.skip()
	}
}

// canonical is a header's name as http.Header has it.
func (p *pass) canonical(name []byte) string {
	if s, ok := p.names[string(name)]; ok {
		return s
	}
	s := http.CanonicalHeaderKey(string(name))
	if len(p.names) < 1000 && len(name) <= 128 {
		p.names[string(name)] = s
	}
	return s
}

// lineHeaders reads an object of texts, or of lists of them.
func (p *pass) lineHeaders(into *headers, what string) {
	into.reset()
	if !p.is('{', what) {
		return
	}
	p.object(&members{read: func(label []byte) {
		name := p.canonical(label)
		value := func() {
			if text := p.brief(what); text != nil {
				into.add(name, p.interned.text(text))
			}
		}
		if p.peek() == '[' {
			p.array(value)
		} else {
			value()
		}
	}})
}
