// Package admin is what the admin address serves: whether the process is alive, whether it is of use, and what it has done. New
// makes the handler, NewMetrics what counts. Nobody needs a key here, so that address is the loopback interface's, or one that
// only a balancer and a collector of metrics reach.
//
//   - GET /healthz is 200 while the process answers at all. Whoever restarts processes asks here.
//   - GET /readyz is 200 if all that the server needs can be reached, else 503, and says which of it cannot. A load balancer asks
//     here. Why it cannot is in the log alone.
//   - GET /metrics is the Metrics, the queue and the Go runtime in Prometheus' text format.
//
// None of these tells a key, a link or an error's text.
//
// # Metrics
//
//	roughyd_requests_total{status}            answers of the endpoint; status aborted: the connection broke off before one
//	roughyd_request_seconds                   how long they took, a histogram
//	roughyd_verdicts_total{verdict}           what the contract says of our own answers
//	roughyd_encode_seconds{engine}            how long encodings took, a histogram
//	roughyd_renders_total{state,error_code}   renders that this process brought to an end
//	roughyd_queue_jobs{state}                 jobs now, as Config.Queue has them
//	go_…, process_…                           the runtime and the process
package admin

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/roughy-go/roughy/internal/secret"
)

// DefaultTimeout is how long a check may take.
const DefaultTimeout = 2 * time.Second

// Config is what New needs.
type Config struct {
	// Checks say by their names what the server needs, and whether it can be reached: nil if so. Each is asked anew for every
	// request, all at once, and is to return when its context is over. Default: nothing is needed.
	Checks map[string]func(context.Context) error

	// Queue counts jobs by their state. It is asked anew for every request. Default: there is no queue here.
	Queue func(context.Context) (map[string]int, error)

	Metrics *Metrics      // what else is counted. Default: nothing is.
	Timeout time.Duration // of each check, and of Queue. Default: DefaultTimeout.
	Logger  *slog.Logger  // where it is told why something cannot be reached, without secrets. Default: nowhere.
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
	m := http.NewServeMux()
	m.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, state{Status: "alive"}) })
	m.HandleFunc("GET /readyz", c.ready)
	m.Handle("GET /metrics", c.metrics())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		m.ServeHTTP(w, r)
	})
}

// state is what /healthz and /readyz say.
type state struct {
	Status string            `json:"status"`           // alive, ready or not ready
	Checks map[string]string `json:"checks,omitempty"` // reachable or unreachable, by name
}

func say(w http.ResponseWriter, status int, s state) {
	body, _ := json.Marshal(s) // strings alone always marshal
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // whoever is gone needs no answer
}

// warn tells the log why something cannot be reached.
func (c Config) warn(ctx context.Context, what string, err error) {
	c.Logger.WarnContext(ctx, "unreachable", "what", what, "error", secret.Mask(err.Error()))
}
