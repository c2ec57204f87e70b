package intercept_test

import (
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

const (
	path  = "/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90"
	clean = `{"id":"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90","asset_id":"0192f0c0-11aa-7d0e-8f23-6b5a4c3d2e1f","cut_id":null,` +
		`"state":"pending","output":{},"size_bytes":null,"error_code":null,"error_message":null,` +
		`"created_at":"2026-10-31T09:15:00Z","started_at":null,"completed_at":null}`
	broken = `{"id":"sk_tOpSeCrEt"}`
)

// reports collects what OnReport is told.
type reports struct {
	mu  sync.Mutex
	all []contract.Report
}

func (r *reports) add(seen intercept.Seen) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, seen.Report)
}

// only is the one report that there has to be.
func (r *reports) only(t *testing.T) contract.Report {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	require.Len(t, r.all, 1)
	return r.all[0]
}

func (r *reports) none(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	require.Empty(t, r.all)
}

// options loads our own document.
func options(t *testing.T, m contract.Mode) (intercept.Options, *reports) {
	t.Helper()
	document, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	c, err := contract.Load("openapi.yaml", document, contract.AnyHost())
	require.NoError(t, err)
	told := &reports{}
	return intercept.Options{Judge: c, Mode: m, OnReport: told.add}, told
}

func rules(r contract.Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Rule)
	}
	return out
}

func TestAnyOtherModeIsEnforce(t *testing.T) {
	t.Parallel()
	for side, between := range sides {
		for _, mode := range []contract.Mode{-1, contract.Off + 1} {
			t.Run(side, func(t *testing.T) {
				t.Parallel()
				o, told := sights(t, mode)
				c, url := between(t, o, answer(200, broken))
				body, err := get(t, c, url+path)
				require.NotContains(t, body, "tOpSeCrEt")
				require.Equal(t, side == "transport", err != nil)
				require.True(t, (<-told).Withheld)
			})
		}
	}
}
