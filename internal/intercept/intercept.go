// Package intercept stands where responses flow by and holds them to a contract: Transport between a client and the network,
// Handler around a server, Proxy between the two. All judge the bytes as they are on the wire and hand exactly these bytes on.
//
// # Modes
//
// Off hands everything on untouched and judges nothing. ReportOnly tells OnReport and holds nothing back: a stream flows as it
// would without this package, and is judged when it has ended. Enforce holds an answer back until it was judged, at most up
// to the cap and the budget; what is longer is let go unjudged and reported as unchecked, because memory is not unbounded.
//
// What may have no end is never held: text/event-stream, multipart/x-mixed-replace, and JSON texts in a row, by the names of
// application/x-ndjson, ndjson, jsonl, x-jsonl, jsonlines, x-jsonlines, json-lines, json-seq, stream+json and any +json-seq. In
// Enforce such a stream is judged by its status and headers at once, withheld if they break the contract, and otherwise let
// through as it flows and judged, too late to be withheld, when it is over.
//
// # The proxy
//
// What passes through Proxy passes as it came: the query, the encoding, User-Agent and Accept-Encoding or their absence, 1xx,
// trailers, upgrades, redirects, broken bodies, and each byte as soon as it is there. Only these differ from what a direct
// client sees: headers that concern one connection and not the next (RFC 9110, 7.6.1) are this one's own, Host is
// upstream's, net/http orders headers, frames chunks and adds a Date where there is none. No X-Forwarded header is added and
// none is taken off, and no Content-Type is guessed, as a plain httputil.ReverseProxy does.
//
// Where there is no answer, the client gets an empty 502, and Seen.Err says why. A body that breaks off breaks off, and is judged
// as far as it came: fewer bytes than Content-Length are a violation, else it is unchecked.cut, or unchecked.closed if it was
// the client that went away, upon which the request to upstream is cancelled.
//
// In ReportOnly the verdict comes when the last byte is on its way to the client, before what ends chunks. In Enforce a
// violation becomes a 502 in the documented error envelope. Held are the bodies that the contract may look into:
// application/json, text/json, any +json, text/plain, and those that do not say what they are, but for the streams above. Any other
// passes as a stream does. Trailers that nobody announced are announced where a body was held.
//
// # What is not judged
//
// Answers that take the connection over (101, CONNECT, Hijack). Trailers. Of a body that was not seen to its end, all but
// the body is judged, and a finding says why: unchecked.cap, unchecked.budget, unchecked.cut, unchecked.closed.
package intercept

import (
	"net/http"
	"net/url"
	"runtime"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// Judge is what answers are held to: a *contract.Contract, or one that knows more. It is safe for concurrent use.
type Judge interface {
	// Judge reports on an exchange, and returns the bytes that it judged: the body without its Content-Encoding, nil where it was
	// not looked at.
	Judge(x contract.Exchange) (r contract.Report, body []byte)

	// Operation names the documented operation of a request; ok is false if there is none.
	Operation(method string, u *url.URL) (name string, ok bool)
}

// DefaultBudget is how many bytes all copies have that are held at once. 64 MiB.
const DefaultBudget = 64 << 20

// Options says what to hold answers to, and what to do with a verdict.
type Options struct {
	Judge Judge         // required unless Mode is Off
	Mode  contract.Mode // any other than ReportOnly and Off is Enforce. Default: Enforce.

	// Pick says whether an exchange is judged at all; any other passes as if nobody looked, and nobody is told of it. It is asked
	// once for each, before it begins, with the request as it came, from many goroutines, and must not change it. Default: every
	// one is.
	Pick func(*http.Request) bool

	// OnReport is called once for each judged answer, clean ones too, from many goroutines. Default: nobody is told.
	OnReport func(Seen)

	// Cap is how many bytes of a body are held or copied. Default: contract.DefaultCap.
	Cap int64

	// Budget is how many bytes all bodies may have that one Transport, Handler or Proxy holds or copies at once; one that does
	// not fit is unchecked.budget, and passes. A body leaves it when it was judged and OnReport has returned or, if it was
	// held back, when it was handed on. Default: DefaultBudget.
	Budget int64
}

// Seen is an answer that flowed by, and what was said of it.
type Seen struct {
	Request  *http.Request     // as it came, but for its URL, which is upstream's for Proxy; its body is not to be read
	Exchange contract.Exchange // the answer as it was on the wire; of a body too long to hold, its first bytes at most
	Report   contract.Report
	Body     []byte        // the bytes that were judged; nil where the body was not looked at
	Elapsed  time.Duration // from when the request was handed on until the answer's last byte
	Withheld bool          // the client got an error in its place

	// Err is why Proxy got no answer at all: Report is empty then, and of the exchange there are the method and the URL. It
	// holds nothing of what upstream sent. errors.Is finds context.Canceled in it if the client went away. Nil: there was one.
	Err error
}

// watch is Options at work: with their defaults, and with what all that is seen by them shares.
type watch struct {
	Options
	budget
	buffers
	turns chan struct{}
}

func newWatch(o Options) *watch {
	if o.Mode != contract.ReportOnly && o.Mode != contract.Off {
		o.Mode = contract.Enforce
	}
	if o.Cap <= 0 {
		o.Cap = contract.DefaultCap
	}
	if o.Budget <= 0 {
		o.Budget = DefaultBudget
	}
	if o.Pick == nil {
		o.Pick = func(*http.Request) bool { return true }
	}
	if o.OnReport == nil {
		o.OnReport = func(Seen) {}
	}
	return &watch{Options: o, budget: budget{limit: o.Budget}, turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// verdict is the judge's. What may take him much more memory than it has bytes waits until a processor is free for it: no budget
// counts that.
func (w *watch) verdict(x contract.Exchange) (contract.Report, []byte) {
	if len(x.Body) > bufferSize || len(x.Body) > 0 && len(x.Header["Content-Encoding"]) > 0 {
		w.turns <- struct{}{}
		defer func() { <-w.turns }()
	}
	return w.Judge.Judge(x)
}
