package admin

import (
	"context"
	"net/http"
	"sync"
)

// ready answers /readyz.
func (c Config) ready(w http.ResponseWriter, r *http.Request) {
	failures := c.failures(r.Context())
	status, said := http.StatusOK, state{"ready", map[string]string{}}
	for name := range c.Checks {
		said.Checks[name] = "reachable"
	}
	for name, err := range failures {
		c.warn(r.Context(), name, err)
		status, said.Status, said.Checks[name] = http.StatusServiceUnavailable, "not ready", "unreachable"
	}
	say(w, status, said)
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
	for name, check := range c.Checks {
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
