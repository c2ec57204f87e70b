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
// the body is judged, and a finding of this package says why:
//
//	unchecked.cut     the connection broke, and no Content-Length says that bytes are missing
//	unchecked.closed  the reader closed the body
package intercept

import (
	"net/http"

	"github.com/roughy-go/roughy/internal/contract"
)

// Options says what to hold answers to, and what to do with a verdict.
type Options struct {
	Contract *contract.Contract // required unless Mode is Off
	Mode     contract.Mode      // Default: Enforce.

	// OnReport is called once for each judged answer, clean ones too, from many goroutines. The bytes are those that were
	// judged: the body without its Content-Encoding, nil where it was not looked at. Default: nobody is told.
	OnReport func(req *http.Request, r contract.Report, body []byte)

	// Cap is how many bytes of a body are held or copied. Default: contract.DefaultCap.
	Cap int64
}

// Rules of this package, for a body of which not every byte was seen.
const (
	ruleCut    = "unchecked.cut"    // the connection broke before the body's end
	ruleClosed = "unchecked.closed" // the reader closed the body before its end
)

func (o Options) withDefaults() Options {
	if o.Cap <= 0 {
		o.Cap = contract.DefaultCap
	}
	if o.OnReport == nil {
		o.OnReport = func(*http.Request, contract.Report, []byte) {}
	}
	return o
}

// unseen is the report on an answer whose body was not seen whole: what can be said without it, and why the rest cannot.
func (o Options) unseen(x contract.Exchange, rule, got string) contract.Report {
	x.Truncated = true
	r := o.Contract.Check(x)
	r.Findings = without(r.Findings, contract.Unchecked, contract.LayerBody)
	return contract.Report{Operation: r.Operation, Omitted: r.Omitted}.With(append(r.Findings, contract.Finding{
		Rule: rule, Severity: contract.Unchecked, Layer: contract.LayerBody,
		Expected: "the whole body", Got: got,
	})...)
}

// without leaves out the findings that the contract itself has on a truncated body, which name the cap as the reason.
func without(findings []contract.Finding, v contract.Verdict, l contract.Layer) []contract.Finding {
	var out []contract.Finding
	for _, f := range findings {
		if f.Severity != v || f.Layer != l {
			out = append(out, f)
		}
	}
	return out
}
