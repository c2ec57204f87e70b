package roughytest

import (
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

// Render is a render to add. Its zero value is one of the owner of Server.Key, pending until Server.Advance, that will be an
// mp4 of a few bytes.
type Render struct {
	// Bytes are what the link leads to once the render is completed; their number is its size_bytes. They are not copied.
	// Default: a few bytes of text.
	Bytes []byte

	// Output is what was asked for. Default: the format mp4.
	Output roughy.Output

	// State is what it is in at first. Default: pending.
	State roughy.State

	// Failure is what it fails with in place of being completed, unless State is completed already. Default: it completes; if
	// State is failed, the code internal.
	Failure *roughy.Failure

	// Reads is after how many reads of a state the next one follows: with 1, three reads see pending, processing and
	// completed. HEAD is a read too. Default: reads change nothing.
	Reads int

	// Every is how long a state lasts until the next one follows, by time.Now. With Reads too, what comes first counts.
	// Default: time changes nothing.
	Every time.Duration

	// Owner is whose it is. Default: the owner of Server.Key.
	Owner string

	ID      uuid.UUID  // Default: a new one.
	AssetID uuid.UUID  // Default: a new one.
	CutID   *uuid.UUID // Default: none, the whole asset.
}

// Add adds a render and returns its id. An id that is taken ends the test, and so does what a render of the contract cannot have:
// another state, format or resolution, a frame rate that is no number, a Failure without a code or a message.
func (s *Server) Add(r Render) uuid.UUID {
	s.t.Helper()
	if err := r.mistake(); err != nil {
		s.t.Fatalf("roughytest: add: %v", err)
	}
	added := newRow(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	id := added.now.ID
	if s.rows[id] != nil {
		s.t.Fatalf("roughytest: add: there is a render %s already", id)
	}
	s.rows[id] = added
	return id
}

// mistake is what a render cannot have.
func (r Render) mistake() error {
	switch o := r.Output; {
	case r.State != "" && !gen.RenderState(r.State).Valid():
		return fmt.Errorf("state %q: want pending, processing, completed or failed", r.State)
	case o.Format != "" && !gen.RenderFormat(o.Format).Valid():
		return fmt.Errorf("output format %q: want mp4, mov, m4a or mp3", o.Format)
	case o.Resolution != "" && !gen.RenderResolution(o.Resolution).Valid():
		return fmt.Errorf("output resolution %q: want 720p, 1080p or 4k", o.Resolution)
	case o.FrameRate != nil && (math.IsNaN(*o.FrameRate) || math.IsInf(*o.FrameRate, 0)):
		return fmt.Errorf("output frame rate %v: want a number that JSON has", *o.FrameRate)
	default:
		return incomplete(r.Failure)
	}
}

// incomplete is what a failure lacks, if there is one.
func incomplete(f *roughy.Failure) error {
	if f != nil && (f.Code == "" || f.Message == "") {
		return fmt.Errorf("failure with code %q and message %q: want both, as a failed render has them", f.Code, f.Message)
	}
	return nil
}

// Advance moves a render to its next state and returns that: from pending to processing, from there to completed, or to failed if
// its Render has a Failure. A render whose state is terminal ends the test.
func (s *Server) Advance(id uuid.UUID) roughy.State {
	s.t.Helper()
	defer s.mu.Unlock()
	r := s.unfinished(id, "advance")
	r.step(time.Now())
	return r.now.State
}

// Fail ends a render that is pending or processing, with an error_code and an error_message. A render whose state is
// terminal ends the test, and so does a code or a message that is "".
func (s *Server) Fail(id uuid.UUID, code, message string) {
	s.t.Helper()
	failure := &roughy.Failure{Code: code, Message: message}
	if err := incomplete(failure); err != nil {
		s.t.Fatalf("roughytest: fail: %v", err)
	}
	defer s.mu.Unlock()
	r := s.unfinished(id, "fail")
	r.spec.Failure = failure
	r.end(time.Now())
}

// Remove takes a render away, as the deletion of its asset does: it is not found from the next request on, nor is what its links
// led to.
func (s *Server) Remove(id uuid.UUID) {
	s.t.Helper()
	defer s.mu.Unlock()
	s.locked(id, "remove")
	delete(s.rows, id)
}

// locked locks the server, for the caller to unlock, and finds a render, or ends the test.
func (s *Server) locked(id uuid.UUID, doing string) *row {
	s.t.Helper()
	s.mu.Lock()
	r := s.rows[id]
	if r == nil {
		s.t.Fatalf("roughytest: %s: there is no render %s", doing, id)
	}
	return r
}

// unfinished is locked, for a render whose state is not terminal yet.
func (s *Server) unfinished(id uuid.UUID, doing string) *row {
	s.t.Helper()
	r := s.locked(id, doing)
	r.catchUp(time.Now())
	if r.now.State.Terminal() {
		s.t.Fatalf("roughytest: %s: the render %s is %s already", doing, id, r.now.State)
	}
	return r
}
