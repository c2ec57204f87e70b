// Package intercept stands where responses flow by and holds them to a contract: Transport between a client and the network,
// Handler around a server. Both judge the bytes as they are on the wire and hand exactly these bytes on.
//
// # Modes
//
// Off hands everything on untouched and judges nothing. ReportOnly tells OnReport and holds nothing back: a stream flows as it
// would without this package, and is judged when it has ended. Enforce holds an answer back until it was judged, at most up
// to the cap; what is longer is let go unjudged and reported as unchecked, because memory is not unbounded.
//
// # What is not judged
//
// Answers that take the connection over (101, CONNECT, Hijack). Trailers. Of a body that was not seen to its end, all but
// the body is judged, and a finding says why: unchecked.cap, unchecked.budget, unchecked.cut, unchecked.closed.
package intercept

import (
	"net/http"
	"net/url"
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

// Options says what to hold answers to, and what to do with a verdict.
type Options struct {
	Judge Judge         // required unless Mode is Off
	Mode  contract.Mode // Default: Enforce.

	// OnReport is called once for each judged answer, clean ones too, from many goroutines. Default: nobody is told.
	OnReport func(Seen)

	// Cap is how many bytes of a body are held or copied. Default: contract.DefaultCap.
	Cap int64
}

// Seen is an answer that flowed by, and what was said of it.
type Seen struct {
	Request  *http.Request
	Exchange contract.Exchange // the answer as it was on the wire, as far as it was seen
	Report   contract.Report
	Body     []byte        // the bytes that were judged; nil where the body was not looked at
	Started  time.Time     // when the request was handed on
	Elapsed  time.Duration // until the answer's last byte
	Withheld bool          // the client got an error in its place
}

func (o Options) withDefaults() Options {
	if o.Cap <= 0 {
		o.Cap = contract.DefaultCap
	}
	if o.OnReport == nil {
		o.OnReport = func(Seen) {}
	}
	return o
}
