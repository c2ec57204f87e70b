package admin

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"sync"

	"github.com/roughy-go/roughy/internal/secret"
)

// readiness answers /readyz.
type readiness struct {
	Config
	mu   sync.Mutex
	gone map[string]bool // what was unreachable when it was last asked for
}

func (d *readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	failures := d.failures(r.Context())
	status, said := http.StatusOK, state{"ready", map[string]string{}}
	for name := range d.checks() {
		said.Checks[name] = "reachable"
	}
	for name, err := range failures {
		said.Checks[name] = "unreachable"
		if errors.Is(err, ErrStopping) {
			said.Checks[name] = "stopping"
		}
		if d.Checks[name] != nil {
			status, said.Status = http.StatusServiceUnavailable, "not ready"
		}
	}
	if r.Context().Err() == nil { // else they failed because nobody waits for the answer
		d.tell(r.Context(), failures)
	}
	say(w, status, said)
}

// checks are those that decide and those that do not.
func (c Config) checks() iter.Seq2[string, func(context.Context) error] {
	return func(yield func(string, func(context.Context) error) bool) {
		for _, some := range []map[string]func(context.Context) error{c.Checks, c.Spare} {
			for name, check := range some {
				if !yield(name, check) {
					return
				}
			}
		}
	}
}

// failures asks all checks at once, and has the errors of those that failed.
func (c Config) failures(ctx context.Context) map[string]error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	var (
		asked  sync.WaitGroup
		mu     sync.Mutex
		failed = map[string]error{}
	)
	for name, check := range c.checks() {
		asked.Go(func() {
			if err := check(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[name] = err
			}
		})
	}
	asked.Wait()
	return failed
}

// tell lets the log know what became unreachable, and why, and what is back. A load balancer asks every few seconds.
func (d *readiness) tell(ctx context.Context, failures map[string]error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name := range d.checks() {
		err := failures[name]
		switch {
		case d.gone[name] && err != nil: // that is told already
		case errors.Is(err, ErrStopping):
			d.Logger.InfoContext(ctx, "not ready any more: stopping", slog.String("what", name))
		case err != nil:
			d.Logger.WarnContext(ctx, "unreachable", slog.String("what", name), slog.String("error", secret.Log(err.Error())))
		case err == nil && d.gone[name]:
			d.Logger.InfoContext(ctx, "reachable again", slog.String("what", name))
		}
		d.gone[name] = err != nil
	}
}
