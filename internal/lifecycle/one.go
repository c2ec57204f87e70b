package lifecycle

import (
	"time"

	"github.com/roughy-go/roughy/gen"
)

// oneRead is the table of rules over one read.
func oneRead() []check {
	return []check{
		stated("id", "id is the one that was asked for",
			"reference: id, render_id", foreignID),
		stated("link-early", "download_url is null or absent unless state is completed",
			"reference: download_url", linkEarly),
		inferred("link-missing", "download_url is a link once state is completed",
			"reference: download_url", linkMissing),
		stated("error-missing", "error_code and error_message say why once state is failed",
			"reference: error_code, error_message", errorMissing),
		inferred("error-early", "error_code and error_message are null unless state is failed",
			"reference: error_code, error_message", errorEarly),
		stated("completed-at-missing", "completed_at is set once state is terminal",
			"reference: completed_at", completedAtMissing),
		inferred("completed-at-early", "completed_at is null unless state is terminal",
			"reference: completed_at", completedAtEarly),
		inferred("started-at-early", "started_at is null while state is pending",
			"reference: started_at", startedAtEarly),
		inferred("time-order", "created_at, started_at and completed_at follow one another",
			"reference: created_at, started_at, completed_at", timeOrder),
		inferred("size-missing", "size_bytes is set once state is completed",
			"reference: size_bytes", sizeMissing),
	}
}

func foreignID(r reads) []defect {
	return when(r.now.ID != r.asked, defect{"id", "another uuid"})
}

func linkEarly(r reads) []defect {
	early := r.now.State.Valid() && r.now.State != gen.RenderStateCompleted
	return when(early && filled(r.now.DownloadURL), defect{"download_url", "string while " + string(r.now.State)})
}

func linkMissing(r reads) []defect {
	missing := r.now.State == gen.RenderStateCompleted && !filled(r.now.DownloadURL)
	return when(missing, defect{"download_url", absent(r.now.DownloadURL)})
}

func errorMissing(r reads) []defect {
	if r.now.State != gen.RenderStateFailed {
		return nil
	}
	return append(
		when(!filled(r.now.ErrorCode), defect{"error_code", absent(r.now.ErrorCode)}),
		when(r.now.ErrorMessage == nil, defect{"error_message", "null"})...)
}

func errorEarly(r reads) []defect {
	if !r.now.State.Valid() || r.now.State == gen.RenderStateFailed {
		return nil
	}
	got := "string while " + string(r.now.State)
	return append(
		when(r.now.ErrorCode != nil, defect{"error_code", got}),
		when(r.now.ErrorMessage != nil, defect{"error_message", got})...)
}

func completedAtMissing(r reads) []defect {
	return when(terminal(r.now.State) && r.now.CompletedAt == nil, defect{"completed_at", "null while " + string(r.now.State)})
}

func completedAtEarly(r reads) []defect {
	early := r.now.State.Valid() && !terminal(r.now.State)
	return when(early && r.now.CompletedAt != nil, defect{"completed_at", "date-time while " + string(r.now.State)})
}

func startedAtEarly(r reads) []defect {
	early := r.now.State == gen.RenderStatePending && r.now.StartedAt != nil
	return when(early, defect{"started_at", "date-time while pending"})
}

// timeOrder points at the later member of a pair that stands the wrong way round. A render that failed before it started has
// no started_at, so completed_at is held to created_at too.
func timeOrder(r reads) []defect {
	created, started, completed := &r.now.CreatedAt, r.now.StartedAt, r.now.CompletedAt
	switch {
	case before(completed, created):
		return append(when(before(started, created), defect{"started_at", "an earlier moment than created_at"}),
			defect{"completed_at", "an earlier moment than created_at"})
	case before(started, created):
		return []defect{{"started_at", "an earlier moment than created_at"}}
	default:
		return when(before(completed, started), defect{"completed_at", "an earlier moment than started_at"})
	}
}

func sizeMissing(r reads) []defect {
	missing := r.now.State == gen.RenderStateCompleted && r.now.SizeBytes == nil
	return when(missing, defect{"size_bytes", "null while completed"})
}

func when(broken bool, d defect) []defect {
	if !broken {
		return nil
	}
	return []defect{d}
}

func terminal(s gen.RenderState) bool {
	return s == gen.RenderStateCompleted || s == gen.RenderStateFailed
}

func filled(s *string) bool { return s != nil && *s != "" }

func before(a, b *time.Time) bool { return a != nil && b != nil && a.Before(*b) }

// absent names a string that is not filled.
func absent(s *string) string {
	if s == nil {
		return "null"
	}
	return "an empty string"
}
