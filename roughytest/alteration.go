package roughytest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// Answer puts the handler that around returns in the place of the endpoint for the good reads of a render, until Mend or Break.
// Answer itself calls around, once; next is the endpoint, with the answer that it would give. A request for which next is not
// called is no read to the render, so that its Reads stand still. What the handler answers is not held to the contract. It is
// called from many goroutines if the tested code reads from many. A nil function or handler ends the test.
func (s *Server) Answer(id uuid.UUID, around func(next http.Handler) http.Handler) {
	s.t.Helper()
	if around == nil {
		s.t.Fatalf("roughytest: answer: no function: want a func(next http.Handler) http.Handler; Mend ends what Answer does")
	}
	h := around(s.endpoint)
	if h == nil {
		s.t.Fatalf("roughytest: answer: the function returned no handler: want one, such as next")
	}
	defer s.mu.Unlock()
	r := s.locked(id, "answer")
	r.instead, r.link = s.good(h), nil
}

// altered answers in the place of the endpoint where the render that is asked for wants that.
func (s *Server) altered(w http.ResponseWriter, r *http.Request) {
	id, _ := uuid.Parse(path.Base(r.URL.Path)) // what is none, no render has
	h := s.endpoint
	s.mu.Lock()
	if asked := s.rows[id]; asked != nil && asked.instead != nil {
		h = asked.instead
	}
	s.mu.Unlock()
	h.ServeHTTP(w, r)
}

// good lets h answer the requests that read a render, which it finds out by a read that does not count. All others the endpoint
// answers, so that without a good key nobody learns anything.
func (s *Server) good(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a := answerOf(s.endpoint, peeking(r)); a.status != http.StatusOK {
			a.send(w)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// peeking is a request for an answer that is no read to the render.
func peeking(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), peekKey{}, true))
}

// peekKey is the context's key of requests that peek.
type peekKey struct{}

// altering does f to the answers that read a render in one of its states. All others pass.
func (s *Server) altering(f fault, file string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := answerOf(s.endpoint, r)
		if a.status != http.StatusOK || !slices.Contains(f.showing(), a.members().state()) {
			a.send(w)
			return
		}
		a.link = func(ttl time.Duration) string { return links{s}.sign(file, ttl) }
		f.alter(w, a)
	})
}

// alteration sends an answer as another one.
type alteration func(w http.ResponseWriter, a *answer)

// answer is an answer on its way out.
type answer struct {
	status int
	header http.Header
	body   []byte
	link   func(ttl time.Duration) string // makes a link to the render's output; nil for the answer of a link
}

// answerOf is what h answers.
func answerOf(h http.Handler, r *http.Request) *answer {
	got := httptest.NewRecorder()
	h.ServeHTTP(got, r)
	return &answer{status: got.Code, header: got.Header(), body: got.Body.Bytes()}
}

// send sends the answer. Its Content-Length fits it.
func (a *answer) send(w http.ResponseWriter) { a.begin(w, len(a.body)) }

// begin sends the answer's first n bytes, and says in its headers that all of it comes.
func (a *answer) begin(w http.ResponseWriter, n int) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body[:n]) // a client that is gone needs no answer
}

// members are those of a render, as JSON.
type members map[string]json.RawMessage

func (a *answer) members() members {
	m := members{}
	_ = json.Unmarshal(a.body, &m) // the endpoint wrote it
	return m
}

func (m members) state() roughy.State {
	var state roughy.State
	_ = json.Unmarshal(m["state"], &state) // the endpoint wrote it
	return state
}

// set gives members a value, by name and JSON text in turn.
func (m members) set(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = json.RawMessage(pairs[i+1])
	}
}

// ofAnswer alters an answer that is sent whole.
func ofAnswer(change func(a *answer)) alteration {
	return func(w http.ResponseWriter, a *answer) {
		change(a)
		a.send(w)
	}
}

// ofMembers alters the members of a render.
func ofMembers(change func(m members, a *answer)) alteration {
	return ofAnswer(func(a *answer) {
		m := a.members()
		change(m, a)
		a.body, _ = json.Marshal(m) // texts that are JSON always marshal
	})
}

// to gives members a value, by name and JSON text in turn.
func to(pairs ...string) func(members, *answer) {
	return func(m members, _ *answer) { m.set(pairs...) }
}
