package lifecycle_test

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/lifecycle"
)

var id = uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")

// render returns a render in a state, as the documentation describes it.
func render(state gen.RenderState) gen.Render {
	created := time.Date(2026, 10, 31, 9, 15, 0, 0, time.UTC)
	r := gen.Render{ID: id, AssetID: uuid.Max, State: state, CreatedAt: created}
	if state != gen.RenderStatePending {
		r.StartedAt = new(created.Add(time.Second))
	}
	switch state {
	case gen.RenderStateCompleted:
		r.CompletedAt, r.SizeBytes = new(created.Add(time.Minute)), new(int64(7340032))
		r.DownloadURL = new("https://storage.example/a.mp4?X-Amz-Signature=0f1e2d")
	case gen.RenderStateFailed:
		r.CompletedAt = new(created.Add(time.Minute))
		r.ErrorCode, r.ErrorMessage = new("source_unreadable"), new("The source is no video.")
	}
	return r
}

// told is what the tests compare of findings: severity, rule and pointer.
func told(findings []contract.Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, f.Severity.String()+" "+f.Rule+" "+f.Pointer)
	}
	return out
}

func TestOneRead(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 10, 31, 9, 14, 59, 0, time.UTC)
	tests := []struct {
		name   string
		state  gen.RenderState
		breach func(*gen.Render)
		want   []string
	}{
		{"a pending render", gen.RenderStatePending, func(*gen.Render) {}, nil},
		{"a processing render", gen.RenderStateProcessing, func(*gen.Render) {}, nil},
		{"a completed render", gen.RenderStateCompleted, func(*gen.Render) {}, nil},
		{"a failed render", gen.RenderStateFailed, func(*gen.Render) {}, nil},
		{"a render that failed before it started", gen.RenderStateFailed, func(r *gen.Render) { r.StartedAt = nil }, nil},
		{"moments that coincide", gen.RenderStateCompleted, func(r *gen.Render) {
			r.StartedAt, r.CompletedAt = &r.CreatedAt, &r.CreatedAt
		}, nil},
		{"another id", gen.RenderStatePending, func(r *gen.Render) { r.ID = uuid.Nil },
			[]string{"violation lifecycle.id /id"}},
		{"a link while processing", gen.RenderStateProcessing, func(r *gen.Render) { r.DownloadURL = new("https://a/") },
			[]string{"violation lifecycle.link-early /download_url"}},
		{"a link on a failed render", gen.RenderStateFailed, func(r *gen.Render) { r.DownloadURL = new("https://a/") },
			[]string{"violation lifecycle.link-early /download_url"}},
		{"no link on a completed render", gen.RenderStateCompleted, func(r *gen.Render) { r.DownloadURL = nil },
			[]string{"warning lifecycle.link-missing /download_url"}},
		{"an empty link on a completed render", gen.RenderStateCompleted, func(r *gen.Render) { r.DownloadURL = new("") },
			[]string{"warning lifecycle.link-missing /download_url"}},
		{"a failed render without a reason", gen.RenderStateFailed, func(r *gen.Render) { r.ErrorCode, r.ErrorMessage = nil, nil },
			[]string{"violation lifecycle.error-missing /error_code", "violation lifecycle.error-missing /error_message"}},
		{"a failed render with an empty code", gen.RenderStateFailed, func(r *gen.Render) { r.ErrorCode = new("") },
			[]string{"violation lifecycle.error-missing /error_code"}},
		{"an error while processing", gen.RenderStateProcessing, func(r *gen.Render) { r.ErrorCode, r.ErrorMessage = new("x"), new("y") },
			[]string{"warning lifecycle.error-early /error_code", "warning lifecycle.error-early /error_message"}},
		{"a terminal render that never ended", gen.RenderStateFailed, func(r *gen.Render) { r.CompletedAt = nil },
			[]string{"violation lifecycle.completed-at-missing /completed_at"}},
		{"an end before the end", gen.RenderStateProcessing, func(r *gen.Render) { r.CompletedAt = r.StartedAt },
			[]string{"warning lifecycle.completed-at-early /completed_at"}},
		{"a start while pending", gen.RenderStatePending, func(r *gen.Render) { r.StartedAt = &r.CreatedAt },
			[]string{"warning lifecycle.started-at-early /started_at"}},
		{"a start before the creation", gen.RenderStateProcessing, func(r *gen.Render) { r.StartedAt = &early },
			[]string{"warning lifecycle.time-order /started_at"}},
		{"an end before the start", gen.RenderStateCompleted, func(r *gen.Render) { r.CompletedAt = &r.CreatedAt },
			[]string{"warning lifecycle.time-order /completed_at"}},
		{"an end before the creation", gen.RenderStateFailed, func(r *gen.Render) { r.StartedAt, r.CompletedAt = nil, &early },
			[]string{"warning lifecycle.time-order /completed_at"}},
		{"everything before the creation", gen.RenderStateCompleted, func(r *gen.Render) { r.StartedAt, r.CompletedAt = &early, &early },
			[]string{"warning lifecycle.time-order /started_at", "warning lifecycle.time-order /completed_at"}},
		{"no size on a completed render", gen.RenderStateCompleted, func(r *gen.Render) { r.SizeBytes = nil },
			[]string{"warning lifecycle.size-missing /size_bytes"}},
		{"a state of another day", gen.RenderStateCompleted, func(r *gen.Render) { r.State = "cancelled" }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := render(tt.state)
			tt.breach(&r)
			require.ElementsMatch(t, tt.want, told(lifecycle.Check(id, r)))
		})
	}
}

func TestFindingsHoldNoValues(t *testing.T) {
	t.Parallel()
	r := render(gen.RenderStatePending)
	r.ID = uuid.Max
	r.DownloadURL, r.ErrorCode, r.ErrorMessage = new("https://host/?sig=tOpSeCrEt"), new("tOpSeCrEt"), new("tOpSeCrEt")
	findings := lifecycle.Check(id, r)
	require.Len(t, findings, 4)
	for _, f := range findings {
		require.Equal(t, contract.LayerLifecycle, f.Layer)
		require.NotContains(t, f.String(), "tOpSeCrEt")
		require.NotContains(t, f.String(), r.ID.String())
	}
}

func TestRulesAreThePackageDocumentation(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "lifecycle.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	require.NoError(t, err)
	var documented [][]string
	for line := range strings.Lines(file.Doc.Text()) {
		if strings.HasPrefix(line, "\tlifecycle.") {
			documented = append(documented, strings.Fields(line))
		}
	}
	var want [][]string
	for _, r := range lifecycle.Rules() {
		basis := "inferred"
		if r.Stated {
			basis = "stated"
		}
		require.Equal(t, r.Stated, r.Severity == contract.Violation, r.ID)
		require.NotEmpty(t, r.Source, r.ID)
		want = append(want, append([]string{r.ID, r.Severity.String(), basis}, strings.Fields(r.Meaning)...))
	}
	require.Equal(t, want, documented)
}
