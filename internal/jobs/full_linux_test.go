package jobs_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
)

// fillingEngine leaves no room at its first encoding, before or after its output. Later ones go well.
type fillingEngine struct {
	fill   func(output string) error
	before bool
	calls  atomic.Int32
}

func (*fillingEngine) Name() string { return "filling" }

func (e *fillingEngine) Encode(_ context.Context, t media.Task) error {
	output := bytes.Repeat([]byte{'x'}, 1<<20) // more than any rest of room
	first := e.calls.Add(1) == 1
	if first && e.before {
		if err := e.fill(t.Output); err != nil {
			return err
		}
	}
	if err := os.WriteFile(t.Output, output, 0o600); err != nil || !first || e.before {
		return err
	}
	return e.fill(t.Output)
}

func TestARenderOutlastsAFullDisk(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]bool{"as it is encoded": true, "as it is kept": false} {
		for database, address := range databases {
			t.Run(name+", "+database, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				whole := smallDisk(t, dir)
				h := openHouse(t, dir, address(t))
				h.furnish(t)
				filler := filepath.Join(dir, "filler")
				engine := &fillingEngine{before: before, fill: func(string) error { return fill(filler) }}
				if !whole { // only root can give it a disk of its own: then the output alone has no room
					engine.before, engine.fill = true, func(output string) error { return os.Symlink("/dev/full", output) }
				}
				var log lines
				q := h.started(t, engines(engine), func(c *jobs.Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
				id := h.create(t, q)
				require.Eventually(t, func() bool { return strings.Contains(log.String(), "render is tried again") }, patience, 5*time.Millisecond)
				require.Contains(t, log.String(), "no space left in "+dir+": free some")
				require.NoError(t, os.RemoveAll(filler))

				r := h.over(t, id)
				require.Equal(t, roughy.StateCompleted, r.State, log.String())
				require.Equal(t, []string{r.OutputKey}, h.outputs(t, id))
				require.EqualValues(t, 1<<20, *r.SizeBytes)
				require.Equal(t, int(engine.calls.Load()), r.Attempt)
				require.Equal(t, r.Attempt-1, r.Failures)
				require.Empty(t, h.scratch(t))
				requireNoTemporaries(t, dir)
			})
		}
	}
}
