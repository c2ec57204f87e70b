package intercept

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// Handler judges what next answers to documented operations; every other request passes it by, streams and all. In Enforce
// an answer that breaks the contract is withheld, and the client gets a 500 in the documented error envelope whose code is
// contract_violation and whose message names the rules, never a value. Flushing has no effect on an answer that is held
// back. http.ResponseController, Hijack and panics work through it.
func Handler(next http.Handler, o Options) http.Handler {
	if o.Mode == contract.Off {
		return next
	}
	watch := newWatch(o)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, documented := o.Judge.Operation(r.Method, r.URL); !documented || !watch.Pick(r) {
			next.ServeHTTP(w, r)
			return
		}
		watch.serve(next, w, r)
	})
}

// serve lets next answer, and judges what it answers.
func (w *watch) serve(next http.Handler, client http.ResponseWriter, r *http.Request) {
	rec := &recorder{
		ResponseWriter: client,
		hold:           w.Mode == contract.Enforce,
		head:           r.Method == http.MethodHead,
		copy:           copied{budget: &w.budget, cap: w.Cap},
	}
	defer rec.copy.free()
	original, started := client.Header().Clone(), time.Now()
	next.ServeHTTP(rec, r)
	if rec.hijacked {
		return
	}
	x := rec.exchange(r)
	x.Sent, x.Answered = started, rec.first
	seen := Seen{Request: r, Exchange: x, Elapsed: time.Since(started)}
	seen.Report, seen.Body = w.verdict(x)
	seen.Withheld = rec.hold && seen.Report.Verdict == contract.Violation
	w.OnReport(seen)
	if seen.Withheld {
		refuse(client, original, seen.Report)
		return
	}
	rec.release()
}

// refuse answers in the place of a withheld answer, with the headers that were there before it.
func refuse(w http.ResponseWriter, original http.Header, report contract.Report) {
	clear(w.Header())
	maps.Copy(w.Header(), original)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(refusal(report)) // the client may be gone, and there is nobody else to tell
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
