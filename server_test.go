package roughy_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

const key = "sk_tOpSeCrEt"

var id = uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")

// members are a render's members by name, as in JSON.
type members map[string]any

// render is what the documentation describes of a state, with some members changed.
func render(state string, changed members) string {
	m := members{
		"id": id, "asset_id": uuid.Max, "cut_id": nil, "state": state, "output": members{"frame_rate": 29.97},
		"size_bytes": nil, "error_code": nil, "error_message": nil,
		"created_at": "2026-10-31T09:15:00Z", "started_at": nil, "completed_at": nil,
	}
	if state != "pending" {
		m["started_at"] = "2026-10-31T09:15:01.5Z"
	}
	switch state {
	case "completed":
		m["completed_at"], m["size_bytes"], m["download_url"] = "2026-10-31T09:15:42Z", 5, "https://storage.example/a.mp4?X-Sig=0f1e2d"
	case "failed":
		m["completed_at"], m["error_code"], m["error_message"] = "2026-10-31T09:15:42Z", "source_unreadable", "The source is no video."
	}
	maps.Copy(m, changed)
	text, _ := json.Marshal(m) // plain values always marshal
	return string(text)
}

// answer is a handler that says one thing.
func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// recorder remembers the headers of every request that a server receives.
type recorder struct {
	http.Handler
	mu       sync.Mutex
	requests []*http.Request
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.requests = append(r.requests, req.Clone(req.Context()))
	r.mu.Unlock()
	r.Handler.ServeHTTP(w, req)
}

func (r *recorder) received() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*http.Request(nil), r.requests...)
}

// serve starts a server on a loopback socket.
func serve(t *testing.T, h http.Handler) (url string, seen *recorder) {
	t.Helper()
	seen = &recorder{Handler: h}
	s := httptest.NewServer(seen)
	t.Cleanup(s.Close)
	return s.URL, seen
}

// client makes a client of a server, with connections of its own.
func client(t *testing.T, url string, opts ...roughy.Option) *roughy.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	opts = append([]roughy.Option{roughy.WithBaseURL(url), roughy.WithHTTPClient(&http.Client{Transport: transport}), quick}, opts...)
	c, err := roughy.NewClient(key, opts...)
	require.NoError(t, err)
	return c
}

// quick makes the pauses between attempts too short to notice.
var quick = roughy.WithRetry(roughy.RetryOptions{First: time.Millisecond, Max: time.Millisecond, MaxAfter: time.Millisecond})

// noSecrets holds an error to the promise of every error.
func noSecrets(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	for _, secret := range []string{"tOpSeCrEt", "X-Sig"} {
		require.NotContains(t, err.Error(), secret)
	}
	require.False(t, strings.ContainsAny(err.Error(), "\n\r\x1b"), "one line: %q", err)
}

// reports collects what WithReports is told.
type reports struct {
	mu  sync.Mutex
	all []roughy.Report
}

func (r *reports) option() roughy.Option {
	return roughy.WithReports(func(report roughy.Report) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.all = append(r.all, report)
	})
}

func (r *reports) rules() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []string{}
	for _, report := range r.all {
		for _, f := range report.Findings {
			out = append(out, f.Rule+" "+f.Pointer)
		}
	}
	return out
}
