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
	o = o.withDefaults()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, documented := o.Judge.Operation(r.Method, r.URL); !documented {
			next.ServeHTTP(w, r)
			return
		}
		rec := &recorder{ResponseWriter: w, cap: o.Cap, hold: o.Mode == contract.Enforce, head: r.Method == http.MethodHead}
		original, started := w.Header().Clone(), time.Now()
		next.ServeHTTP(rec, r)
		if rec.hijacked {
			return
		}
		x := rec.exchange(r)
		seen := Seen{Request: r, Exchange: x, Started: started, Elapsed: time.Since(started)}
		seen.Report, seen.Body = o.Judge.Judge(x)
		seen.Withheld = rec.hold && seen.Report.Verdict == contract.Violation
		o.OnReport(seen)
		if seen.Withheld {
			refuse(w, original, seen.Report)
			return
		}
		rec.release()
	})
}

// refuse answers in the place of a withheld answer, with the headers that were there before it.
func refuse(w http.ResponseWriter, original http.Header, report contract.Report) {
	var rules []string
	for _, f := range report.Of(contract.Violation) {
		rules = append(rules, f.Rule)
	}
	slices.Sort(rules)
	body, _ := json.Marshal(map[string]any{"error": map[string]string{ // strings alone always marshal
		"code":    "contract_violation",
		"message": "The answer was withheld because it breaks the contract: " + strings.Join(slices.Compact(rules), ", "),
	}})
	clear(w.Header())
	maps.Copy(w.Header(), original)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(append(body, '\n')) // the client may be gone, and there is nobody else to tell
}
