package roughytest

import (
	"net/http"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/secret"
)

// Request is a request that a Server got, without its headers and its query, which are secrets.
type Request struct {
	Method string
	Path   string    // /v1/renders/ID, or /output/ID.mp4 for a link; what looks like an API key in it is …
	Status int       // of the answer; 0 until it begins, and where it never did
	At     time.Time // when it came
}

// Requests returns what the server got so far, in the order in which it came: also what was refused, and what a link led to.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Request, len(s.requests))
	for i, r := range s.requests {
		out[i] = *r
	}
	return out
}

// recorded notes each request when it comes, and its status before the client can know it.
func (s *Server) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		noted := &Request{Method: r.Method, Path: secret.Mask(r.URL.Path), At: time.Now()}
		s.mu.Lock()
		s.requests = append(s.requests, noted)
		s.mu.Unlock()
		next.ServeHTTP(&noting{ResponseWriter: w, note: func(status int) {
			s.mu.Lock()
			defer s.mu.Unlock()
			noted.Status = status
		}}, r)
	})
}

// noting tells the first final status of an answer.
type noting struct {
	http.ResponseWriter
	note  func(status int)
	noted bool
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *noting) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *noting) WriteHeader(status int) {
	if !w.noted && status >= http.StatusOK {
		w.noted = true
		w.note(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *noting) Write(p []byte) (int, error) {
	if !w.noted {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// route is not a ServeMux, which would redirect paths that it finds unclean.
func route(endpoint, links http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, linksPath) {
			links.ServeHTTP(w, r)
			return
		}
		endpoint.ServeHTTP(w, r)
	})
}
