package roughytest

import (
	"cmp"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// placeholder is the output of a render whose bytes nobody cares about.
const placeholder = "the output of a render\n"

// row is a render on its way.
type row struct {
	spec  Render
	owner string
	now   roughy.Render
	since time.Time // when its state began
	reads int       // of its state

	instead http.Handler // answers in the place of the endpoint; nil: nothing does
	link    alteration   // of the link's next good answer; nil: there is none
}

// newRow is the row of a render in its first state.
func newRow(spec Render) *row {
	if spec.Bytes == nil {
		spec.Bytes = []byte(placeholder)
	}
	spec.Output.Format = cmp.Or(spec.Output.Format, roughy.FormatMP4)
	created := time.Now().Round(0).UTC()
	r := &row{spec: spec, owner: cmp.Or(spec.Owner, defaultOwner), since: created, now: roughy.Render{
		ID: identifier(spec.ID), AssetID: identifier(spec.AssetID), CutID: spec.CutID,
		State: roughy.StatePending, Output: spec.Output, CreatedAt: created,
	}}
	switch spec.State {
	case roughy.StateProcessing:
		r.step(created)
	case roughy.StateCompleted, roughy.StateFailed:
		if spec.State == roughy.StateCompleted {
			r.spec.Failure = nil
		} else if spec.Failure == nil {
			r.spec.Failure = &roughy.Failure{Code: "internal", Message: "Something went wrong on our side."}
		}
		r.step(created)
		r.step(created)
	}
	return r
}

// identifier is id, or a new one with the time in front, as the API's are.
func identifier(id uuid.UUID) uuid.UUID {
	if id != uuid.Nil {
		return id
	}
	return uuid.Must(uuid.NewV7())
}

// read is the render as the next read sees it.
func (r *row) read() roughy.Render {
	now := time.Now()
	r.catchUp(now)
	seen := r.now
	if r.reads++; r.spec.Reads > 0 && r.reads >= r.spec.Reads {
		r.step(now)
	}
	return seen
}

// catchUp moves on through the states that have lasted long enough.
func (r *row) catchUp(now time.Time) {
	for r.spec.Every > 0 && !r.now.State.Terminal() && now.Sub(r.since) >= r.spec.Every {
		r.step(r.since.Add(r.spec.Every))
	}
}

// step moves on to the next state, if there is one.
func (r *row) step(at time.Time) {
	switch r.now.State {
	case roughy.StatePending:
		at = at.Round(0).UTC()
		r.now.State, r.now.StartedAt = roughy.StateProcessing, &at
		r.since, r.reads = at, 0
	case roughy.StateProcessing:
		r.end(at)
	}
}

// end moves on to the terminal state.
func (r *row) end(at time.Time) {
	at = at.Round(0).UTC()
	r.now.State, r.now.CompletedAt = roughy.StateCompleted, &at
	if r.spec.Failure != nil {
		failure := *r.spec.Failure
		r.now.State, r.now.Failure = roughy.StateFailed, &failure
		return
	}
	size := int64(len(r.spec.Bytes))
	r.now.SizeBytes = &size
}

// file names the render's output.
func (r *row) file() string { return r.now.ID.String() + "." + string(r.now.Output.Format) }
