package lifecycle_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/lifecycle"
)

func TestTwoReads(t *testing.T) {
	t.Parallel()
	const pending, processing = gen.RenderStatePending, gen.RenderStateProcessing
	const completed, failed = gen.RenderStateCompleted, gen.RenderStateFailed
	same := func(*gen.Render) {}
	tests := []struct {
		name     string
		from, to gen.RenderState
		change   func(*gen.Render)
		want     []string
	}{
		{"no change", processing, processing, same, nil},
		{"a start", pending, processing, same, nil},
		{"an end", processing, completed, same, nil},
		{"an end whose start was missed", pending, completed, same, nil},
		{"a failure before the start", pending, failed, same, nil},
		{"a fresh link", completed, completed, func(r *gen.Render) { r.DownloadURL = new("https://b/?2") }, nil},
		{"the same moment in another zone", completed, completed, func(r *gen.Render) {
			r.CreatedAt = r.CreatedAt.In(time.FixedZone("", 3600))
		}, nil},
		{"back to pending", processing, pending, same, []string{"warning lifecycle.backward /state"}},
		{"completed and then processing", completed, processing, same, []string{"violation lifecycle.terminal /state"}},
		{"completed and then failed", completed, failed, same, []string{"violation lifecycle.terminal /state"}},
		{"failed and then something new", failed, "cancelled", same, []string{"violation lifecycle.terminal /state"}},
		{"something new and then completed", "cancelled", completed, same, nil},
		{"another size when completed", completed, completed, func(r *gen.Render) { r.SizeBytes = new(int64(1)) },
			[]string{"warning lifecycle.settled /size_bytes"}},
		{"another reason when failed", failed, failed, func(r *gen.Render) { r.ErrorCode, r.ErrorMessage = new("b"), nil },
			[]string{"warning lifecycle.settled /error_code", "warning lifecycle.settled /error_message"}},
		{"other moments when completed", completed, completed, func(r *gen.Render) { r.StartedAt, r.CompletedAt = nil, &r.CreatedAt },
			[]string{"warning lifecycle.settled /started_at", "warning lifecycle.settled /completed_at"}},
		{"another source", pending, processing, func(r *gen.Render) { r.AssetID, r.CutID = uuid.Nil, &uuid.Max },
			[]string{"warning lifecycle.constant /asset_id", "warning lifecycle.constant /cut_id"}},
		{"another output and creation", pending, pending, func(r *gen.Render) {
			r.Output.FrameRate, r.CreatedAt = new(29.97), r.CreatedAt.Add(1)
		}, []string{"warning lifecycle.constant /output", "warning lifecycle.constant /created_at"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := lifecycle.NewHistory(10)
			require.Empty(t, observe(h, render(tt.from)))
			r := render(tt.to)
			tt.change(&r)
			require.ElementsMatch(t, tt.want, told(observe(h, r)))
		})
	}
}

func TestAnyMemberOfOutputIsCompared(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*gen.RenderOutput){
		"format":        func(o *gen.RenderOutput) { o.Format = new(gen.RenderFormatMp4) },
		"resolution":    func(o *gen.RenderOutput) { o.Resolution = new(gen.RenderResolutionN4K) },
		"video bitrate": func(o *gen.RenderOutput) { o.VideoBitrate = new(1) },
		"audio bitrate": func(o *gen.RenderOutput) { o.AudioBitrate = new(1) },
		"frame rate":    func(o *gen.RenderOutput) { o.FrameRate = new(0.0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := lifecycle.NewHistory(1)
			r := render(gen.RenderStatePending)
			observe(h, r)
			change(&r.Output)
			require.Equal(t, []string{"warning lifecycle.constant /output"}, told(observe(h, r)))
		})
	}
}

func TestHistoryKeepsNoPointers(t *testing.T) {
	t.Parallel()
	h, r := lifecycle.NewHistory(1), render(gen.RenderStateCompleted)
	observe(h, r)
	*r.SizeBytes = 1
	require.Equal(t, []string{"warning lifecycle.settled /size_bytes"}, told(observe(h, r)))
}

func TestHistoryForgetsTheLongestUnseen(t *testing.T) {
	t.Parallel()
	a, b, c := render(gen.RenderStateCompleted), render(gen.RenderStateCompleted), render(gen.RenderStateCompleted)
	b.ID, c.ID = uuid.New(), uuid.New()
	h := lifecycle.NewHistory(2)
	observe(h, a)
	observe(h, b)
	observe(h, a)
	require.Zero(t, h.Forgotten())
	observe(h, c)
	require.Equal(t, 1, h.Forgotten(), "b, which was seen before a")
	a.State, b.State = gen.RenderStatePending, gen.RenderStatePending
	require.NotEmpty(t, observe(h, a), "a is remembered")
	require.Empty(t, observe(h, b), "b is not")
}

func TestHistoryIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	h := lifecycle.NewHistory(0)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				r := render(gen.RenderStatePending)
				r.ID = uuid.New()
				observe(h, r)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 8*200-1, h.Forgotten())
}

// Reads that were under way at once may have been answered in any order, so only what never changes is held to them.
func TestReadsInTheOrderInWhichTheyWereMade(t *testing.T) {
	t.Parallel()
	at := func(second int) time.Time { return time.Date(2026, 10, 31, 9, 15, second, 0, time.UTC) }
	const pending, completed = gen.RenderStatePending, gen.RenderStateCompleted
	otherAsset := func(r *gen.Render) { r.AssetID = uuid.Nil }
	for _, tt := range []struct {
		name           string
		state          gen.RenderState
		change         func(*gen.Render)
		sent, answered int
		want           []string
	}{
		{"after it", pending, func(*gen.Render) {}, 4, 5, []string{"violation lifecycle.terminal /state"}},
		{"after it, though before its last byte", pending, func(*gen.Render) {}, 3, 4, []string{"violation lifecycle.terminal /state"}},
		{"meanwhile", pending, func(*gen.Render) {}, 2, 4, nil},
		{"meanwhile, and within it", pending, otherAsset, 2, 3, []string{"warning lifecycle.constant /asset_id"}},
		{"before it", pending, func(*gen.Render) {}, 0, 1, nil},
		{"before it, and of another asset", pending, otherAsset, 0, 1, []string{"warning lifecycle.constant /asset_id"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := lifecycle.NewHistory(1)
			require.Empty(t, h.Observe(render(completed), at(2), at(3)))
			r := render(tt.state)
			tt.change(&r)
			require.Equal(t, append([]string{}, tt.want...), told(h.Observe(r, at(tt.sent), at(tt.answered))))
		})
	}
	h := lifecycle.NewHistory(1)
	h.Observe(render(pending), at(4), at(5))
	require.Equal(t, []string{"violation lifecycle.terminal /state"}, told(h.Observe(render(completed), at(2), at(3))), "told when the earlier one comes later")
}

// Without times, reads come in the order in which they are told.
func TestReadsOfUnknownTimes(t *testing.T) {
	t.Parallel()
	h := lifecycle.NewHistory(1)
	h.Observe(render(gen.RenderStateCompleted), time.Time{}, time.Time{})
	require.NotEmpty(t, h.Observe(render(gen.RenderStatePending), time.Time{}, time.Time{}))
}

// observe tells of a read whose times nobody knows.
func observe(h *lifecycle.History, r gen.Render) []contract.Finding {
	return h.Observe(r, time.Time{}, time.Time{})
}

// Where many read at once each read overlaps the one before, and still a terminal state is the last that anybody may see.
func TestTerminalReadIsRememberedWhereManyOverlap(t *testing.T) {
	t.Parallel()
	at := func(second int) time.Time { return time.Date(2026, 10, 31, 9, 15, second, 0, time.UTC) }
	h := lifecycle.NewHistory(1)
	require.Empty(t, h.Observe(render(gen.RenderStateCompleted), at(0), at(2)))
	require.Empty(t, h.Observe(render(gen.RenderStateCompleted), at(1), at(9)), "which overlaps the first")
	require.Empty(t, h.Observe(render(gen.RenderStateProcessing), at(1), at(3)), "which overlaps both")
	require.Equal(t, []string{"violation lifecycle.terminal /state"}, told(h.Observe(render(gen.RenderStateProcessing), at(4), at(5))),
		"which overlaps the second, and began after the first was answered")
}
