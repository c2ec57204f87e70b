// Package admin is what the admin address serves: whether the process is alive, whether it is of use, and what it has done. New
// makes the handler, NewMetrics what counts. Nobody needs a key here, so that address is the loopback interface's, or one that
// only a balancer and a collector of metrics reach.
//
//   - GET /healthz is 200 while the process answers at all. Whoever restarts processes asks here.
//   - GET /readyz is 200 if all that the server needs can be reached, else 503, and says which of it cannot. A load balancer asks
//     here. Why it cannot is in the log alone, once, and so is that it can again.
//   - GET /metrics is the Metrics, the queue and the Go runtime in Prometheus' text format.
//
// None of these tells a key, a link or an error's text.
//
// # Metrics
//
//	roughyd_requests_total{status}            answers to clients; status aborted: the client did not get it whole
//	roughyd_requests_in_flight                requests that are being answered
//	roughyd_request_seconds                   how long answers took, a histogram; files take as long as their clients do
//	roughyd_verdicts_total{verdict}           what the contract says of our own answers
//	roughyd_encode_seconds{engine}            how long encodings took, a histogram
//	roughyd_renders_total{state,error_code}   renders that this process brought to an end
//	roughyd_queue_jobs{state}                 jobs now, as Config.Queue has them: of the whole database, so take max by (state)
//	go_…, process_…                           the runtime and the process
package admin

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// ErrStopping is what a check fails with that nothing is wrong with: the server ends, and takes its leave of the load balancer.
var ErrStopping = errors.New("stopping")

// DefaultTimeout is how long a check may take.
const DefaultTimeout = 2 * time.Second

// Config is what New needs.
type Config struct {
	// Checks say by their names what the server needs, and whether it can be reached: nil if so. Each is asked anew for every
	// request, all at once, and is to return when its context is over. Default: nothing is needed.
	Checks map[string]func(context.Context) error

	// Spare are checks like those of what the server can do without for now: shown and told, but no reason for 503. Default: none.
	Spare map[string]func(context.Context) error

	// Queue counts jobs by their state. It is asked anew for every request. Default: there is no queue here.
	Queue func(context.Context) (map[string]int, error)

	Metrics *Metrics      // what else is counted. Default: nothing is.
	Timeout time.Duration // of each check, and of Queue. Default: DefaultTimeout.
	Logger  *slog.Logger  // is told what cannot be reached any more and why, without secrets, and what is back. Default: nobody is.
}

// New returns the handler of the admin address.
func New(c Config) http.Handler {
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Metrics == nil {
		c.Metrics = NewMetrics()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	routes := map[string]http.Handler{
		"/healthz": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, state{Status: "alive"}) }),
		"/readyz":  &readiness{Config: c, gone: map[string]bool{}},
		"/metrics": c.metrics(),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		h := routes[r.URL.EscapedPath()] // a ServeMux would redirect paths that it finds unclean
		switch {
		case h == nil:
			http.Error(w, "there is nothing at this path", http.StatusNotFound)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "this path does not take this method", http.StatusMethodNotAllowed)
		default:
			h.ServeHTTP(w, r)
		}
	})
}

// state is what /healthz and /readyz say.
type state struct {
	Status string            `json:"status"`           // alive, ready or not ready
	Checks map[string]string `json:"checks,omitempty"` // reachable, unreachable or stopping, by name
}

func say(w http.ResponseWriter, status int, s state) {
	body, _ := json.Marshal(s) // strings alone always marshal
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // whoever is gone needs no answer
}
