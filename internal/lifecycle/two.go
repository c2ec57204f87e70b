package lifecycle

import (
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
)

// twoReads is the table of rules over two successive reads of one render.
func twoReads() []check {
	return []check{
		stated("terminal", "a terminal state never changes",
			"reference: state", leftTerminal),
		inferred("backward", "state moves from pending to processing to a terminal one",
			"reference: state; concepts/render", movedBackward),
		inferred("settled", "nothing but the link changes once state is terminal",
			"reference: state", changedSettled),
		constant(),
	}
}

// constant holds whatever the order in which two reads were made.
func constant() check {
	return inferred("constant", "asset_id, cut_id, output and created_at never change",
		"reference: asset_id, cut_id, output, created_at", changedConstant)
}

func leftTerminal(r reads) []defect {
	left := terminal(r.before.state) && r.now.State != r.before.state
	return when(left, defect{"state", move(r)})
}

func movedBackward(r reads) []defect {
	backward := r.before.state == gen.RenderStateProcessing && r.now.State == gen.RenderStatePending
	return when(backward, defect{"state", move(r)})
}

// changedSettled leaves out what leftTerminal and changedConstant judge.
func changedSettled(r reads) []defect {
	if !terminal(r.before.state) || r.now.State != r.before.state {
		return nil
	}
	return changed(r.before, r.nowSnap, []member{
		{"size_bytes", func(s snapshot) any { return s.size }},
		{"error_code", func(s snapshot) any { return s.code }},
		{"error_message", func(s snapshot) any { return s.message }},
		{"started_at", func(s snapshot) any { return s.started }},
		{"completed_at", func(s snapshot) any { return s.completed }},
	})
}

func changedConstant(r reads) []defect {
	return changed(r.before, r.nowSnap, []member{
		{"asset_id", func(s snapshot) any { return s.asset }},
		{"cut_id", func(s snapshot) any { return s.cut }},
		{"output", func(s snapshot) any { return s.output }},
		{"created_at", func(s snapshot) any { return s.created }},
	})
}

// member is a name and how to take its comparable value.
type member struct {
	name string
	of   func(snapshot) any
}

func changed(a, b snapshot, members []member) []defect {
	var out []defect
	for _, m := range members {
		if m.of(a) != m.of(b) {
			out = append(out, defect{m.name, "another value than in the read before"})
		}
	}
	return out
}

// move names a change of state. A state that is not documented is not repeated.
func move(r reads) string {
	if !r.now.State.Valid() {
		return "another state after " + string(r.before.state)
	}
	return string(r.now.State) + " after " + string(r.before.state)
}

// snapshot is a render without pointers and without its link, so that it can be kept and compared.
type snapshot struct {
	id, asset          uuid.UUID
	cut                optional[uuid.UUID]
	state              gen.RenderState
	output             output
	size               optional[int64]
	code, message      optional[string]
	created            time.Time
	started, completed optional[time.Time]

	sent, answered time.Time // of the read; zero if nobody knows
}

// follows tells whether a read was made after another had its answer.
func (s snapshot) follows(t snapshot) bool { return !s.sent.Before(t.answered) }

type output struct {
	format       optional[gen.RenderFormat]
	resolution   optional[gen.RenderResolution]
	video, audio optional[int]
	frameRate    optional[float64]
}

// optional is a pointer's value, or that there was none.
type optional[T comparable] struct {
	value T
	set   bool
}

func snapshotOf(r gen.Render) snapshot {
	o := r.Output
	return snapshot{
		id: r.ID, asset: r.AssetID, cut: value(r.CutID), state: r.State,
		output: output{
			format: value(o.Format), resolution: value(o.Resolution),
			video: value(o.VideoBitrate), audio: value(o.AudioBitrate), frameRate: value(o.FrameRate),
		},
		size: value(r.SizeBytes), code: value(r.ErrorCode), message: value(r.ErrorMessage),
		created: moment(r.CreatedAt), started: instant(r.StartedAt), completed: instant(r.CompletedAt),
	}
}

func value[T comparable](p *T) optional[T] {
	if p == nil {
		return optional[T]{}
	}
	return optional[T]{*p, true}
}

// moment makes two equal times compare equal by ==, whatever offset they were written with.
func moment(t time.Time) time.Time { return t.Round(0).UTC() }

func instant(p *time.Time) optional[time.Time] {
	if p == nil {
		return optional[time.Time]{}
	}
	return optional[time.Time]{moment(*p), true}
}
