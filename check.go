package roughy

import (
	"cmp"
	"math/rand/v2"
	"net/http"

	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/lifecycle"
)

// mostRenders is how many renders a check remembers, to judge successive reads of one.
const mostRenders = 10_000

// CheckOptions says what CheckTransport and CheckHandler do with the answers that flow by. The zero value judges each of
// them and withholds those that break the contract.
type CheckOptions struct {
	// Mode says what happens to an answer that breaks the contract: Enforce withholds it, ReportOnly passes it on and holds no
	// byte back, Off judges nothing. What could not be judged passes in each of them, and OnReport is told. Default: Enforce.
	Mode Mode

	// OnReport is told of each answer that was judged, clean ones too, from the goroutine that makes or serves the request.
	// The report holds no secret; the request does, in its headers. Default: nobody is told.
	OnReport func(*http.Request, Report)

	// Sample is the share of answers that is judged, picked at random: 0.01 is one in a hundred. The others pass as if there
	// were no check. Only numbers between 0 and 1 sample. Default: all are judged.
	Sample float64

	// Cap is how many bytes of a body are held or copied; all that are under way at once have 64 MiB. What is beyond either
	// passes, and is unchecked. Default: 10 MiB.
	Cap int64
}

// CheckTransport holds what comes back through base to the contract, under any client:
//
//	gen.NewClient(url, gen.WithHTTPClient(&http.Client{Transport: roughy.CheckTransport(nil, roughy.CheckOptions{})}))
//
// Answers to the documented operation are judged, whatever the host, by the document and by its rules in prose, also over
// successive reads of the last 10,000 renders; all other requests pass. In Enforce a broken contract is an error, in which
// errors.As finds the *ContractError. In ReportOnly an answer is judged once its body was read to the end or closed. Bytes,
// headers and errors of base are handed on as they are. A gzip that net/http asks for and undoes by itself is not seen; to
// have it judged too, set the request's Accept-Encoding and undo it yourself. It is safe for concurrent use if base is. A nil
// base is http.DefaultTransport.
func CheckTransport(base http.RoundTripper, o CheckOptions) http.RoundTripper {
	options, err := o.intercept()
	if err != nil {
		return refusal{err}
	}
	return intercept.Transport(base, options)
}

// CheckHandler holds what next answers to the contract, around any server:
//
//	http.ListenAndServe(address, roughy.CheckHandler(gen.Handler(server), roughy.CheckOptions{}))
//
// What is judged, and by what, is as in CheckTransport; paths are matched as next sees them, so strip a prefix outside. In
// Enforce the client gets a 500 in the place of a broken answer, in the documented error envelope, with the code
// contract_violation and the rules that were broken; nothing is sent, and flushing has no effect, before the answer was judged
// or grew over the cap. In ReportOnly every byte is sent at once. Hijack, http.ResponseController and panics work through it.
// It is safe for concurrent use if next is.
func CheckHandler(next http.Handler, o CheckOptions) http.Handler {
	options, err := o.intercept()
	if err != nil {
		return refusal{err}
	}
	return intercept.Handler(next, options)
}

// intercept is what package intercept makes of the options. Each call starts a history of its own.
func (o CheckOptions) intercept() (intercept.Options, error) {
	if o.Mode == Off {
		return intercept.Options{Mode: Off}, nil
	}
	c, err := document()
	if err != nil {
		return intercept.Options{}, err
	}
	judge := lifecycle.Judge{Contract: c, History: lifecycle.NewHistory(mostRenders)}
	return intercept.Options{
		Judge: judge, Mode: o.Mode, Cap: o.Cap,
		Pick: func(r *http.Request) bool {
			_, documented := judge.Operation(cmp.Or(r.Method, http.MethodGet), r.URL)
			return documented && o.sampled()
		},
		OnReport: func(seen intercept.Seen) {
			if o.OnReport != nil {
				o.OnReport(seen.Request, seen.Report)
			}
		},
	}, nil
}

// sampled decides about one answer.
func (o CheckOptions) sampled() bool {
	return !(o.Sample > 0) || rand.Float64() < o.Sample // NaN is not above 0 either
}

// refusal stands where a check cannot be made, so that nothing passes unchecked.
type refusal struct{ err error }

// RoundTrip implements http.RoundTripper.
func (r refusal) RoundTrip(*http.Request) (*http.Response, error) { return nil, r.err }

// ServeHTTP implements http.Handler.
func (r refusal) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, r.err.Error(), http.StatusInternalServerError)
}
