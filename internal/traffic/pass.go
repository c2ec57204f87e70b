package traffic

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/secret"
)

// pass reads a recording once. The members of an entry may come in any order, so they are gathered in a draft, and the entry is
// made of it when all are there.
type pass struct {
	*scanner
	name      string
	yield     func(Entry) bool
	addresses bool // URLs are all that is wanted

	number int // of the entry
	inside bool
	draft
	answered, asked headers
	interned        interned
	names           map[string]string // of headers, to their canonical form
	links           links
	pair            pair

	hasLog, hasEntries, isLine bool

	// Kept, so that an entry costs no closures.
	onEntry, onPair                                                             func()
	inLog, inEntry, inRequest, inResponse, inContent, inTimings, inPair, inLine members

	into  *headers // what headers are read into
	place int      // of a header in its list
}

// draft is what was read of an entry so far.
type draft struct {
	method  string
	url     *url.URL
	started time.Time
	elapsed time.Duration
	receive time.Duration // of that, what came after the answer's headers
	socket  bool          // it is no exchange of HTTP
	problem string        // the first thing that is wrong with how it is written down
	left    int           // bytes that its texts may still have
	reply
}

// reply is what was read of the answer.
type reply struct {
	status         int
	failure        string
	size, bodySize float64 // -1 where unknown
	mime           string
	body           []byte // the body, as far as it is kept
	hasText, over  bool
	encoded        bool // in base64
}

func newPass(name string, r io.Reader, lines bool) *pass {
	p := &pass{scanner: newScanner(r, lines), name: name, interned: interned{}, names: map[string]string{}}
	p.answered.made, p.asked.made = http.Header{}, http.Header{}
	p.onEntry, p.onPair = p.harEntry, p.harPair
	known := func(read func(name []byte)) members { return members{read, make([][]byte, 0, mostKnown)} }
	p.inLog.read, p.inPair.read, p.inLine.read, p.inTimings.read = p.logMember, p.pairMember, p.lineMember, p.timingMember
	p.inEntry, p.inRequest = known(p.entryMember), known(p.requestMember)
	p.inResponse, p.inContent = known(p.responseMember), known(p.contentMember)
	return p
}

// run reads to the end, or until nobody wants more.
func (p *pass) run(f Format) error {
	if p.holds(3) && string(p.buf[p.at:p.at+3]) == "\xef\xbb\xbf" {
		p.at += 3
	}
	if p.holds(2) && (p.buf[p.at] == 0 || p.buf[p.at+1] == 0 || p.buf[p.at] >= 0xfe) {
		p.fail(errUTF16)
	}
	if f == NDJSON {
		p.ndjson()
	} else {
		p.har()
	}
	switch {
	case p.fault == nil || errors.Is(p.fault, errStopped):
		return nil
	case f == NDJSON && p.number == 1:
		return fmt.Errorf("%s: line 1, byte %d: %w (one exchange a line; for a HAR use --har)", p.name, p.offset(), p.fault)
	case f == NDJSON:
		return fmt.Errorf("%s: line %d, byte %d: %w", p.name, p.number, p.offset(), p.fault)
	case p.inside:
		return fmt.Errorf("%s: entry %d, byte %d: %w", p.name, p.number, p.offset(), p.fault)
	}
	return fmt.Errorf("%s: byte %d: %w", p.name, p.offset(), p.fault)
}

// finished tells whether nothing but white space is left.
func (p *pass) finished() bool { return p.peek() == 0 && p.at == p.end }

// begin makes room for the next entry. The body's memory stays for its body.
func (p *pass) begin() {
	p.inside = true
	p.draft = draft{left: longest, reply: reply{body: p.body[:0], size: -1, bodySize: -1}}
	p.answered.reset()
	p.asked.reset()
}

// odd notes what is wrong with how an entry is written down, and keeps the first of it.
func (p *pass) odd(what string) {
	if p.problem == "" {
		p.problem = what
	}
}

// is passes over a value of the wrong type, and notes it; null is as good as nothing. It says whether the type is right.
func (p *pass) is(first byte, what string) bool {
	switch p.peek() {
	case first:
		return true
	case 'n':
		p.word("null")
	default:
		p.skip()
		p.odd(what)
	}
	return false
}

// brief reads a text that is no body. It is good until the next read, and nil if there is none.
func (p *pass) brief(what string) []byte {
	if !p.is('"', what) {
		return nil
	}
	text := p.scanner.text()
	if p.left -= len(text); p.left < 0 {
		p.odd("over 1 MiB of headers")
		return nil
	}
	return text
}

// amount reads a number, and is other where there is none.
func (p *pass) amount(other float64) float64 {
	if c := p.peek(); c != '-' && (c < '0' || c > '9') {
		p.skip()
		return other
	}
	text := p.scanner.number()
	if n := digits(text); n == len(text) && n > 0 && n < 16 {
		whole := 0
		for _, c := range text {
			whole = whole*10 + int(c-'0')
		}
		return float64(whole)
	}
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return other
	}
	return n
}

func (p *pass) readStatus(what string) {
	p.status = 0
	switch n := p.amount(math.Inf(1)); {
	case n <= 0:
	case n >= 100 && n < 1000 && n == math.Trunc(n):
		p.status = int(n)
	default:
		p.odd(what)
	}
}

func (p *pass) readElapsed() {
	p.elapsed = milliseconds(p.amount(0))
}

func milliseconds(n float64) time.Duration { return time.Duration(min(max(n, 0), 1e12) * 1e6) }

func (p *pass) readStarted() {
	p.started = time.Time{}
	text := p.brief("")
	if p.started.UnmarshalText(text) == nil {
		return
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, string(text)); err == nil {
			p.started = t
			return
		}
	}
}

func (p *pass) readURL(what string) {
	text := p.brief(what)
	if text == nil {
		return
	}
	u, err := p.links.parse(text)
	if err != nil {
		p.odd("a URL that cannot be read")
		return
	}
	p.url = u
	switch u.Scheme {
	case "", "http", "https":
	default:
		p.socket = true
	}
}

func (p *pass) readFailure() {
	if p.peek() != '"' {
		p.skip()
		return
	}
	text := p.scanner.text()
	p.failure = strings.ToValidUTF8(secret.Mask(string(text[:min(len(text), 1000)])), "")
}

// emit hands the entry on, if it is one.
func (p *pass) emit() {
	if p.fault != nil {
		return
	}
	p.inside = false
	if p.socket || p.status == http.StatusSwitchingProtocols {
		return
	}
	e := Entry{
		Exchange: contract.Exchange{Method: p.method, URL: p.url, Status: p.status, Sent: p.started},
		Number:   p.number, Elapsed: p.elapsed,
	}
	if !e.Sent.IsZero() {
		e.Answered = e.Sent.Add(e.Elapsed - min(p.receive, e.Elapsed))
	}
	switch {
	case p.addresses && e.URL == nil:
		return
	case p.addresses:
	case e.URL == nil:
		e.URL = &url.URL{}
		p.odd("no URL")
		fallthrough
	default:
		p.settle(&e)
	}
	if !p.yield(e) {
		p.fail(errStopped)
	}
}
