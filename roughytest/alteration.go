package roughytest

import (
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

// alteration answers in the place of the endpoint, whose answer it gets.
type alteration func(w http.ResponseWriter, r *http.Request, a *answer)

// Answer makes h answer the good reads of a render, until Mend. What h answers is not held to the contract.
func (s *Server) Answer(id uuid.UUID, h http.Handler) {
	s.t.Helper()
	defer s.mu.Unlock()
	s.locked(id, "answer").alter = func(w http.ResponseWriter, r *http.Request, _ *answer) { h.ServeHTTP(w, r) }
}

// altered lets the answers to good reads be altered where their render asks for it. All others pass, so that without a good
// key nobody learns anything.
func (s *Server) altered(endpoint http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		alter, file := s.alteration(r)
		if alter == nil {
			endpoint.ServeHTTP(w, r)
			return
		}
		got := httptest.NewRecorder()
		endpoint.ServeHTTP(got, r)
		a := &answer{status: got.Code, header: got.Header(), body: got.Body.Bytes()}
		if a.status != http.StatusOK {
			a.send(w)
			return
		}
		a.link = func(ttl time.Duration) string { return links{s}.sign(file, ttl) }
		alter(w, r, a)
	})
}

// alteration is that of the render that a request asks for; nil if there is none.
func (s *Server) alteration(r *http.Request) (alter alteration, file string) {
	id, _ := uuid.Parse(path.Base(r.URL.Path)) // what is none, no render has
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.rows[id]
	if asked == nil || asked.alter == nil {
		return nil, ""
	}
	return asked.alter, asked.file()
}

// answer is an answer on its way out.
type answer struct {
	status int
	header http.Header
	body   []byte
	link   func(ttl time.Duration) string // makes a link to the render's output
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
	return func(w http.ResponseWriter, _ *http.Request, a *answer) {
		change(a)
		a.send(w)
	}
}

// ofMembers alters the members of a render, if its state is one of those, or any if there are none.
func ofMembers(change func(m members, a *answer), states ...roughy.State) alteration {
	return ofAnswer(func(a *answer) {
		m := members{}
		_ = json.Unmarshal(a.body, &m) // the endpoint wrote it
		if len(states) == 0 || slices.Contains(states, m.state()) {
			change(m, a)
			a.body, _ = json.Marshal(m) // texts that are JSON always marshal
		}
	})
}

// to gives members a value, by name and JSON text in turn.
func to(pairs ...string) func(members, *answer) {
	return func(m members, _ *answer) { m.set(pairs...) }
}
