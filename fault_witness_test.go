package roughy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// witness remembers all that is sent, received, logged and reported in a scene.
type witness struct {
	mu       sync.Mutex
	requests map[string]int         // that the client made since they were last counted, by host
	asked    map[string][]time.Time // when each was made, by host
	strange  []*http.Request        // that came without the key, or not to the API
	asking   string                 // the range of a link that was asked for last
	log      bytes.Buffer
	reports  []roughy.Report
	errs     []error
}

// received is told of a request by the host that has it.
func (w *witness) received(host string, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if host == linkHost {
		w.asking = r.Header.Get("Range")
	}
	if host != apiHost || r.Header.Get("Authorization") != "Bearer "+key {
		w.strange = append(w.strange, r.Clone(r.Context()))
	}
}

// Write implements io.Writer, for the log.
func (w *witness) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.Write(p)
}

func (w *witness) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (w *witness) report(r roughy.Report) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reports = append(w.reports, r)
}

// made counts the requests to a host, or to several, since it was last asked.
func (w *witness) made(hosts ...string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, host := range hosts {
		n += w.requests[host]
		delete(w.requests, host)
	}
	return n
}

// clean holds what was witnessed to the promise that the key goes to the API alone, and that no secret is in any text.
func (w *witness) clean(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.strange {
		for _, name := range []string{"Authorization", "Cookie", "Referer"} {
			require.NotContains(t, r.Header, name, "%s %s", r.Host, r.URL.Path)
		}
		require.NotContains(t, fmt.Sprint(r.Header, r.URL, r.Host), "tOpSeCrEt")
	}
	reports, err := json.Marshal(w.reports)
	require.NoError(t, err)
	for _, secret := range []string{"tOpSeCrEt", "X-Sig", "0f1e2d"} {
		require.NotContains(t, w.log.String(), secret)
		require.NotContains(t, string(reports), secret)
	}
	for _, err := range w.errs {
		noSecrets(t, err)
		require.NotContains(t, err.Error(), "0f1e2d")
		require.NotContains(t, fmt.Sprintf("%+v", err), "tOpSeCrEt")
	}
}

// pauses are the times between two requests to one host.
func (w *witness) pauses() (all []time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, at := range w.asked {
		for i := range len(at) - 1 {
			all = append(all, at[i+1].Sub(at[i]))
		}
	}
	return all
}

// counting counts requests as they are made, be there a host to receive them or not.
type counting struct {
	http.RoundTripper
	made func(*url.URL)
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.made(r.URL)
	return c.RoundTripper.RoundTrip(r)
}

// through is a transport whose requests are counted.
func (s *scene) through(transport http.RoundTripper) http.RoundTripper {
	return counting{transport, func(u *url.URL) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.requests[s.host(u)]++
		s.asked[s.host(u)] = append(s.asked[s.host(u)], time.Now())
	}}
}
