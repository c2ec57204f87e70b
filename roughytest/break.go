package roughytest

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// Break is a way to break the contract. A check reports each by one rule, which Rule names.
type Break string

// The breaks of a render's members.
const (
	MissingState Break = "missing-state" // the state is left out
	UnknownState Break = "unknown-state" // the state is archived, which is not documented
	NullCreation Break = "null-creation" // created_at is null
	WrongType    Break = "wrong-type"    // output is a string
	WrongFormat  Break = "wrong-format"  // created_at is no date-time
	ExtraMember  Break = "extra-member"  // a member that is not documented; a warning
)

// The breaks of the body as JSON.
const (
	InvalidJSON     Break = "invalid-json"     // a comma before the last brace
	InvalidUTF8     Break = "invalid-utf8"     // a byte that is not UTF-8, in a string
	DuplicateMember Break = "duplicate-member" // the id stands there twice
)

// The breaks of the answer as HTTP. FalseGzip shows as what it is where the request names its Accept-Encoding, as a
// roughy.Client does; from others, net/http takes the gzip away and says that the body is cut. The error of a roughy.Client for
// CutBody is io.ErrUnexpectedEOF; for every other violation it is roughy.ErrContract.
const (
	NoContentType    Break = "no-content-type"    // the render has no Content-Type
	WrongContentType Break = "wrong-content-type" // the render says that it is text/plain
	WrongCharset     Break = "wrong-charset"      // the render says that it is ISO-8859-1; a warning
	EmptyBody        Break = "empty-body"         // 200 and no bytes
	CutBody          Break = "cut-body"           // the connection breaks after half of Content-Length
	FalseGzip        Break = "false-gzip"         // Content-Encoding says gzip, and it is none
	ErrorPage        Break = "error-page"         // 502 with a page of HTML, as from a load balancer
	NoEnvelope       Break = "no-envelope"        // 500 with JSON that is not the error envelope
)

// The breaks of what is documented in prose. Each shows in the states that it names, and others stay as they are.
const (
	ForeignID    Break = "foreign-id"    // the id is another than the one asked for
	EarlyLink    Break = "early-link"    // a render that is not completed has a link
	MissingLink  Break = "missing-link"  // a completed render has no link; a warning
	NoReason     Break = "no-reason"     // a failed render has no error_code and no error_message
	NoCompletion Break = "no-completion" // a render that is completed or failed has no completed_at
)

// The breaks that only successive reads of a render show. A roughy.Client sees those of one Watch, Wait or Download, and
// none of them reads on after a terminal state; roughy.CheckTransport and roughy.CheckHandler see them all.
const (
	ChangedAsset Break = "changed-asset" // asset_id is another one at each read; a warning
	Backward     Break = "backward"      // a render that is processing is pending again; a warning
	Reopened     Break = "reopened"      // a render that was completed or failed is processing again
)

// The breaks that show when the link of a completed render is followed: by Client.Download, and by roughy check --download. The
// last two are what Download gets over by itself.
const (
	WrongLength Break = "wrong-length" // size_bytes is one more than the output has
	ExpiredLink Break = "expired-link" // the link has expired before it is given out
	RefusedLink Break = "refused-link" // the link is refused once, with 403, and then works
	CutLink     Break = "cut-link"     // the connection breaks once after half of the output, and then the link works
)

// Breaks returns every Break, in alphabetical order.
func Breaks() []Break { return slices.Sorted(maps.Keys(breaks)) }

// Rule is the rule that a check reports this break by, such as schema.required; "" for what is none of Breaks.
func (b Break) Rule() string { return breaks[b].rule }

// Severity is that of the rule: roughy.Violation, or roughy.Warning, which Enforce lets pass; roughy.OK for what is none of Breaks.
func (b Break) Severity() roughy.Verdict {
	switch f, ok := breaks[b]; {
	case !ok:
		return roughy.OK
	case f.warns:
		return roughy.Warning
	default:
		return roughy.Violation
	}
}

// States are those of a render in which this break shows, of which there is always one; none for what is none of Breaks.
func (b Break) States() []roughy.State {
	f, ok := breaks[b]
	if !ok {
		return nil
	}
	return f.showing()
}

// Reads is how many reads of a render show this break: 1; or 2, where a good one before it has to be compared with; or 0, where
// reads are good and only the link shows it, or for what is none of Breaks.
func (b Break) Reads() int { return breaks[b].reads }

// Break makes the answers to good reads of a render, or those of its link, break the contract, in this way and no other, until
// Mend or Answer. What is none of Breaks ends the test.
func (s *Server) Break(id uuid.UUID, b Break) {
	s.t.Helper()
	broken, ok := breaks[b]
	if !ok {
		s.t.Fatalf("roughytest: break: there is no break %q: want one of Breaks", b)
	}
	defer s.mu.Unlock()
	r := s.locked(id, "break")
	r.instead, r.link = nil, broken.link
	if broken.alter != nil {
		r.instead = s.altering(broken, r.file())
	}
}

// Mend ends what Break and Answer do to a render.
func (s *Server) Mend(id uuid.UUID) {
	s.t.Helper()
	defer s.mu.Unlock()
	r := s.locked(id, "mend")
	r.instead, r.link = nil, nil
}
