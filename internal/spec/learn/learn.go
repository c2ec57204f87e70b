// Package learn finds in traffic what an OpenAPI document does not say, and proposes an overlay that says it.
//
// [New] takes the document, [Learner.Add] one exchange after another, and [Learner.Learned] is what came of them: proposals, each with
// its evidence, and what was seen and is not proposed, with the reason. [Learned.Overlay] writes the proposals down.
//
// What drifts is what package contract finds: the traffic is held to the document, and what does not keep to it is collected by the
// place in the document that would have to change. Two things are no findings there and are looked for here: response headers, and
// formats of texts that are documented without one.
//
// # What is proposed
//
//	field     a member that is not documented, at any depth, with the types and formats that came; never required, never an enum
//	value     another word, or number, of an enum
//	status    a status without an entry of its own whose answers are not what the default or range describes
//	content   a media type that is not documented for its status
//	header    a response header that speaks of the API rather than of HTTP or of what stands in between
//	null      null for what is documented as something else
//	type      another type for what is documented; what is documented stays
//	format    a format that all texts have which come where none is documented (uuid, date-time, date); and the end of one that is
//	          documented and that texts do not have
//	required  the end of a member's being required that is left out
//
// What is documented and does not come is no drift: nothing is taken back because of what is absent, but for a required member that
// is missing in answers, which breaks the contract.
//
// # Evidence
//
// A drift has to be seen in so many exchanges, of so many renders, which are URLs as far as this package knows. null, type, format and
// required are never proposed from a single one, whatever the options say: of exchanges, and of renders if there were more. All of these
// but null have to come in at least one of fifty answers since the first of them, because less is a fault of the API rather than a change.
//
// # What stays out
//
// Values, but for words and numbers of an enum: at most 32 letters, digits, and . _ - + between them, that are no id, no secret, and
// seen often enough, each by itself; and no more new ones than the larger of four and as many as are documented. Members whose names look
// like ids or secrets, and all names of an object that is a map. Answers in HTML, which come from what stands in front of the API.
//
// # Memory
//
// Bounded, whatever comes: 500 drifts, 4096 renders of each, 200 members of an object. What was forgotten is counted.
package learn

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

// Options say how much has to be seen before it is proposed.
type Options struct {
	Exchanges int      // Default: 2.
	Renders   int      // Default: 1.
	Base      *url.URL // where the API is, beside the document's servers. Default: nowhere else.
}

const (
	mostDrifts   = 500
	mostRenders  = 4096
	mostFindings = 2000
	mostLooks    = 50       // at values, for one drift in one exchange
	mostLooked   = 64 << 20 // bytes that are gone through to find these
)

// Learner collects what traffic shows. It may be used by one goroutine at a time.
type Learner struct {
	options    Options
	contract   *contract.Contract
	document   *document
	operations map[string]*operation
	drifts     map[key]*drift
	crowds     map[key]*crowd    // by kind and place
	states     map[string]bool   // the documented ones
	formats    map[string]*texts // by the response's pointer
	stats      Stats
}

// Stats are what was looked at.
type Stats struct {
	Exchanges   int            // of documented operations, with an answer
	Unknown     int            // of no documented operation
	Unseen      int            // whose body was not recorded, or not whole
	Broken      map[string]int // findings that no change of the document can answer, by rule
	Forgotten   int            // sightings of drifts beyond what is kept
	First, Last time.Time      // when they were sent; zero if nobody knows
}

// New is a learner that knows a document, which has to be one that contract.Load takes.
func New(name string, data []byte, o Options) (*Learner, error) {
	options := []contract.Option{contract.MaxFindings(mostFindings)}
	if o.Base != nil {
		options = append(options, contract.At(o.Base))
	}
	c, err := contract.Load(name, data, options...)
	if err != nil {
		return nil, err
	}
	d, err := newDocument(name, data)
	if err != nil {
		return nil, err
	}
	if o.Exchanges == 0 {
		o.Exchanges = 2
	}
	if o.Renders == 0 {
		o.Renders = 1
	}
	l := &Learner{options: o, contract: c, document: d, operations: map[string]*operation{}, drifts: map[key]*drift{}, crowds: map[key]*crowd{}, states: map[string]bool{}, formats: map[string]*texts{}}
	l.stats.Broken = map[string]int{}
	for _, p := range c.Coverage().Parts() {
		switch p.Kind {
		case "operation":
			l.operations[p.Operation] = &operation{pointer: p.Document, entries: map[string]*entry{}}
		case "status":
			l.operations[p.Operation].add(p.Name, d.Resolve(p.Document))
		}
	}
	return l, nil
}

// Serves tells whether a URL is known to be of the API.
func (l *Learner) Serves(u *url.URL) bool { return l.contract.Serves(u) }

// Sourced tells whether the document says of things where they are documented, as ours does.
func (l *Learner) Sourced() bool { return l.document.sourced }

// Operation implements what package intercept asks of a judge.
func (l *Learner) Operation(method string, u *url.URL) (name string, ok bool) {
	return l.contract.Operation(method, u)
}

// Judge implements what package intercept asks of a judge.
func (l *Learner) Judge(x contract.Exchange) (contract.Report, []byte) { return l.contract.Judge(x) }

// Stats is what was looked at so far.
func (l *Learner) Stats() Stats { return l.stats }

// Add looks at one exchange, of which it keeps nothing but what the package doc says.
func (l *Learner) Add(e traffic.Entry) {
	report, body := l.contract.Judge(e.Exchange)
	op := l.operations[report.Operation]
	if op == nil {
		l.stats.Unknown++
		return
	}
	l.stats.seen(e.Sent)
	if e.Unseen != "" {
		l.stats.Unseen++
	}
	op.tellApart(renderOf(e.URL.Path))
	s := &sighting{Learner: l, entry: e, body: body, operation: op, looks: map[key]int{}, looked: mostLooked}
	s.answer, s.own = op.entryOf(e.Status)
	if s.answer != nil {
		s.answer.count++
	}
	if s.undocumentedStatus(report) {
		return
	}
	for _, f := range s.decided(report.Findings) {
		s.finding(f)
	}
	s.headers(s.answer.pointer)
	l.texts(s.answer).look(s)
}

func (s *Stats) seen(at time.Time) {
	s.Exchanges++
	if at.IsZero() {
		return
	}
	if s.First.IsZero() || at.Before(s.First) {
		s.First = at
	}
	if at.After(s.Last) {
		s.Last = at
	}
}

// operation is a documented one, and its responses.
type operation struct {
	pointer string
	entries map[string]*entry // by 200, 2XX or default
	states  *bool             // nil before anybody asked
	render  uint64            // the first one
	several bool              // there were others
}

// tellApart notes whether an operation was asked for more than one render. One without a parameter in its path never is.
func (o *operation) tellApart(render uint64) {
	if o.render == 0 {
		o.render = render
	}
	o.several = o.several || render != o.render
}

// entry is a documented response.
type entry struct {
	status  string
	pointer string // with references followed
	count   int    // answers that it was there for
}

func (o *operation) add(status, pointer string) {
	o.entries[status] = &entry{status: status, pointer: pointer}
}

// entryOf is the response for a status, and whether it is the status's own. It is nil where there is none.
func (o *operation) entryOf(status int) (e *entry, own bool) {
	if e := o.entries[fmt.Sprint(status)]; e != nil {
		return e, true
	}
	if e := o.entries[fmt.Sprintf("%dXX", status/100)]; e != nil {
		return e, false
	}
	return o.entries["default"], false
}

// example is a status that an entry is there for.
func (o *operation) example(e *entry) int {
	var status int
	if n, _ := fmt.Sscanf(e.status, "%3d", &status); n == 1 {
		return status
	}
	first, last := 100, 599
	if n, _ := fmt.Sscanf(e.status, "%1dXX", &status); n == 1 {
		first, last = status*100, status*100+99
	}
	for s := last; s > first; s-- {
		if found, _ := o.entryOf(s); found == e {
			return s
		}
	}
	return first
}

// sorted are the entries in a fixed order: those of statuses first, the default last.
func (o *operation) sorted() []*entry {
	var out []*entry
	for _, e := range o.entries {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b *entry) int {
		switch {
		case a.status < b.status:
			return -1
		case a.status > b.status:
			return 1
		}
		return 0
	})
	return out
}
