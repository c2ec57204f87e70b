package intercept

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// Handler judges what next answers to documented operations; every other request passes it by, streams and all. In Enforce
// an answer that breaks the contract is withheld, and the client gets a 500 in the documented error envelope whose code is
// contract_violation and whose message names the rules, never a value. Flushing has no effect on an answer that is held
// back, as all are but streams. http.ResponseController, Hijack and panics work through it.
//
// If next panics, its answer is unchecked.cut, and the panic goes on. If a write fails or the request's context is over, the
// answer is unchecked.closed, but for one that is whole by its length, or as one JSON value: that is judged. Where nothing of an
// answer had left, nothing else is said of it, and Seen.Exchange has no status unless next had decided on one.
func Handler(next http.Handler, o Options) http.Handler {
	if o.Mode == contract.Off {
		return next
	}
	watch := newWatch(o)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		operation, documented := o.Judge.Operation(r.Method, r.URL)
		if !documented || !watch.Pick(r) {
			next.ServeHTTP(w, r)
			return
		}
		v := &visit{watch: watch, request: r, operation: operation, original: w.Header().Clone(), started: time.Now()}
		v.serve(next, w)
	})
}

// visit is one request to a handler, and the answer.
type visit struct {
	*watch
	request   *http.Request
	operation string
	original  http.Header // that were there before the handler
	started   time.Time
	answer    recorder
}

// serve lets next answer, and judges what it answers.
func (v *visit) serve(next http.Handler, client http.ResponseWriter) {
	v.answer = recorder{
		ResponseWriter: client,
		hold:           v.Mode == contract.Enforce,
		head:           v.request.Method == http.MethodHead,
		refuses:        v.refuses,
		copy:           copied{budget: &v.budget, cap: v.Cap},
	}
	defer v.answer.copy.free()
	panics := true
	defer func() { v.end(panics) }()
	next.ServeHTTP(&v.answer, v.request)
	panics = false
}

// end judges the answer and tells of it, and lets go what was held.
func (v *visit) end(panics bool) {
	if v.answer.taken || v.answer.refused {
		return
	}
	why := v.answer.broken(v.request, panics)
	seen := v.seen(why)
	if why != "" && v.answer.unanswered() {
		seen.Report = nothing(v.operation, why)
	} else {
		seen.Report, seen.Body = v.verdict(seen.Exchange)
	}
	seen.Withheld = v.answer.hold && !panics && seen.Report.Verdict == contract.Violation
	v.OnReport(seen)
	switch {
	case panics: // and nobody gets what is held
	case seen.Withheld:
		v.refuse(seen.Report)
	default:
		v.answer.release()
	}
}

// refuses judges an answer by all but its body. If that breaks the contract, it tells of it and answers in its place.
func (v *visit) refuses() bool {
	seen := v.seen(contract.Closed)
	seen.Report, seen.Body = v.verdict(seen.Exchange)
	if seen.Report.Verdict != contract.Violation {
		return false
	}
	seen.Withheld, v.answer.refused = true, true
	v.OnReport(seen)
	v.refuse(seen.Report)
	_ = http.NewResponseController(v.answer.ResponseWriter).Flush() // the handler may have no end either
	return true
}

// seen is the answer up to now, not judged yet.
func (v *visit) seen(why contract.Unseen) Seen {
	x := v.answer.exchange(v.request, why)
	x.Sent, x.Answered = v.started, v.answer.first
	return Seen{Request: v.request, Exchange: x, Elapsed: time.Since(v.started)}
}

// nothing is the report where there is no answer to judge.
func nothing(operation string, why contract.Unseen) contract.Report {
	return contract.Report{Operation: operation}.With(contract.Finding{
		Rule: "unchecked." + string(why), Severity: contract.Unchecked, Layer: contract.LayerBody, Expected: "an answer", Got: "none",
	})
}

// refuse answers in the place of a withheld answer, with the headers that were there before it.
func (v *visit) refuse(report contract.Report) {
	client, body := v.answer.ResponseWriter, refusal(report)
	clear(client.Header())
	maps.Copy(client.Header(), v.original)
	client.Header().Set("Content-Type", "application/json")
	client.Header().Set("Content-Length", strconv.Itoa(len(body)))
	client.WriteHeader(http.StatusInternalServerError)
	_, _ = client.Write(body) // the client may be gone, and there is nobody else to tell
}

// refusal is what a client gets in the place of an answer: the documented error envelope, which names the rules and no value.
func refusal(report contract.Report) []byte {
	var rules []string
	for _, f := range report.Of(contract.Violation) {
		rules = append(rules, f.Rule)
	}
	slices.Sort(rules)
	body, _ := json.Marshal(map[string]any{"error": map[string]string{ // strings alone always marshal
		"code":    "contract_violation",
		"message": "The answer was withheld because it breaks the contract: " + strings.Join(slices.Compact(rules), ", "),
	}})
	return append(body, '\n')
}
