package roughy

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/lifecycle"
)

// CheckOptions says what CheckTransport and CheckHandler do with the answers that flow by. The zero value judges each of
// them and withholds those that break the contract.
type CheckOptions struct {
	// Mode says what happens to an answer that breaks the contract: Enforce withholds it, ReportOnly passes it on and holds no
	// byte back, Off judges nothing. What could not be judged passes in each of them, and OnReport is told. Default: Enforce.
	Mode Mode

	// BasePath is what stands in front of /v1 where the API is behind a path of its own, such as /roughy. Requests to other paths
	// pass. One that does not begin with a slash, or ends in /v1, is refused as a bad Sample is. Default: nothing.
	BasePath string

	// OnReport is told once of each answer that was judged, clean ones too. CheckHandler calls it from the goroutine that serves
	// the request; CheckTransport from the one that makes the request, before it has the answer, but in ReportOnly from the
	// one that reads the body to its end or closes it, and never if nobody does. These wait for it, and calls overlap.
	// Default: nobody is told.
	OnReport func(Checked)

	// Sample is the share of answers that is judged, picked at random: 0.01 is one in a hundred. The others pass as if there
	// were no check. 0 is no share, but the default; Off judges none. NaN and what is below 0 or above 1 are mistakes: every
	// request gets an error that says so. Default: all are judged.
	Sample float64

	// Cap is how many bytes of a body are held or copied. What is beyond it passes, and is unchecked. Default: 10 MiB.
	Cap int64

	// Budget is how many bytes are held or copied of all bodies that are under way at once. A body that does not fit passes,
	// and is unchecked. Default: 64 MiB.
	Budget int64
}

// Checked is an answer that was judged.
type Checked struct {
	Request  *http.Request // its headers hold secrets; its body is not to be read
	Status   int           // as the server meant it, also where the answer is withheld
	Elapsed  time.Duration // from when the request was handed on until the last byte that was seen; a slow reader counts
	Withheld bool          // an error came in its place, which Enforce alone does
	Report   Report        // holds no secret
}

// CheckTransport holds what comes back through base to the contract, under any client:
//
//	gen.NewClient(url, gen.WithHTTPClient(&http.Client{Transport: roughy.CheckTransport(nil, roughy.CheckOptions{})}))
//
// Answers to the documented operation are judged, whatever the host, by the document and by its rules in prose, also over
// successive reads of the last 10,000 renders. All other requests pass, and nobody is told: also those for
// https://gateway/roughy/v1/renders/ID, unless BasePath is /roughy. In Enforce a broken contract is an error, in which
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
//	http.ListenAndServe(address, roughy.CheckHandler(next, roughy.CheckOptions{}))
//
// What is judged, and by what, is as in CheckTransport; BasePath is for a next that sees it, not for one behind
// http.StripPrefix. In Enforce the client gets a 500 in the place of a broken answer, in the documented error envelope, with the
// code contract_violation and the rules that were broken; nothing is sent, and flushing has no effect, before the answer was
// judged or grew over the cap. In ReportOnly every byte is sent at once. Hijack, http.ResponseController and panics work
// through it. It is safe for concurrent use if next is.
//
// The generated server's own errors are plain text, which breaks the contract: gen.Handler(gen.NewStrictHandler(s, nil)) makes
// that 500 of each id that is no UUID and of each error that a method of s returns, and in ReportOnly tells clients the words
// of that error. So set its three hooks, ErrorHandlerFunc of gen.StdHTTPServerOptions, RequestErrorHandlerFunc and
// ResponseErrorHandlerFunc of gen.StrictHTTPServerOptions, to answer with a gen.ErrorEnvelope, as the example does.
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
	if err := o.mistake(); err != nil {
		return intercept.Options{}, fmt.Errorf("check options: %w", err)
	}
	c, err := document()
	if err != nil {
		return intercept.Options{}, err
	}
	judge := behind{
		judge: lifecycle.Judge{Contract: c, History: lifecycle.NewHistory(lifecycle.MostRenders)},
		path:  strings.TrimRight(o.BasePath, "/"),
	}
	return intercept.Options{
		Judge: judge, Mode: o.Mode, Cap: o.Cap, Budget: o.Budget,
		Pick: func(r *http.Request) bool {
			_, documented := judge.Operation(cmp.Or(r.Method, http.MethodGet), r.URL)
			return documented && o.sampled()
		},
		OnReport: func(seen intercept.Seen) {
			if o.OnReport != nil {
				o.OnReport(Checked{seen.Request, seen.Exchange.Status, seen.Elapsed, seen.Withheld, seen.Report})
			}
		},
	}, nil
}

// mistake is what is wrong with the options, in words without the path, which may hold a secret.
func (o CheckOptions) mistake() error {
	switch {
	case !(o.Sample >= 0 && o.Sample <= 1): // NaN too
		return fmt.Errorf("sample %v: want above 0 and at most 1, or 0 for all answers; the mode Off judges none", o.Sample)
	case o.BasePath != "" && o.BasePath[0] != '/':
		return errors.New("base path: it does not begin with a slash: want one such as /roughy")
	case path.Base(o.BasePath) == "v1":
		return errors.New("base path: it ends in /v1: want the part before /v1")
	default:
		return nil
	}
}

// sampled decides about one answer.
func (o CheckOptions) sampled() bool { return o.Sample == 0 || rand.Float64() < o.Sample }

// behind judges an API that is behind a path of its own. What is not behind it is not documented.
type behind struct {
	judge lifecycle.Judge
	path  string
}

// Operation implements intercept.Judge.
func (b behind) Operation(method string, u *url.URL) (name string, ok bool) {
	if u, ok = b.strip(u); !ok {
		return "", false
	}
	return b.judge.Operation(method, u)
}

// Judge implements intercept.Judge.
func (b behind) Judge(x contract.Exchange) (Report, []byte) {
	x.URL, _ = b.strip(x.URL)
	return b.judge.Judge(x)
}

func (b behind) strip(u *url.URL) (stripped *url.URL, ok bool) {
	if b.path == "" {
		return u, true
	}
	out := *u
	out.Path, ok = strings.CutPrefix(u.Path, b.path)
	out.RawPath = strings.TrimPrefix(u.RawPath, b.path)
	return &out, ok
}

// refusal stands where a check cannot be made, so that nothing passes unchecked.
type refusal struct{ err error }

// RoundTrip implements http.RoundTripper.
func (r refusal) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close() // as every RoundTripper has to
	}
	return nil, r.err
}

// ServeHTTP implements http.Handler.
func (r refusal) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, r.err.Error(), http.StatusInternalServerError)
}
