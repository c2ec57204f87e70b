package jobs_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/pgtest"
)

func TestAnEncodingOutlastsADatabaseThatIsGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ early bool }{
		"and comes back before it ends": {true},
		"and comes back after it ended": {false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := pgtest.Start(t)
			h := openHouse(t, t.TempDir(), strings.Replace(server.URL(t), "@", ":s3cret-pa55word@", 1))
			h.furnish(t)
			deaf := deafEngine{began: make(chan struct{}, 1), release: make(chan struct{})}
			var log lines
			short := func(c *jobs.Config) {
				c.Lease, c.Logger = 600*time.Millisecond, slog.New(slog.NewTextHandler(&log, nil))
			}
			q := h.started(t, engines(deaf), short)
			id := h.create(t, q)
			<-deaf.began
			h.again(t).started(t, short) // watches, and would take it
			server.Stop(t)
			if !c.early {
				close(deaf.release)
			}
			time.Sleep(3 * time.Second) // five leases
			server.Restart(t)
			if c.early {
				require.Eventually(t, func() bool { // it is told that it holds the render still
					r, err := h.store.Row(t.Context(), id)
					return err == nil && r.Beat > 3
				}, patience, 10*time.Millisecond)
				close(deaf.release)
			}
			r := h.over(t, id)
			require.Equal(t, roughy.StateCompleted, r.State)
			require.Equal(t, 1, r.Attempt)
			require.Zero(t, r.Failures)
			require.NotContains(t, log.String(), "s3cret-pa55word")
			require.Regexp(t, `level=WARN msg="queue library had trouble, and goes on by itself" source=river said=".*: .*" .*error=`, log.String())
			require.NotContains(t, log.String(), " err=")
			require.Regexp(t, `not extended.* error="database .* (cannot be reached: check that the server runs, and its address|is being stopped or started: try again)"|output not published`, log.String())
		})
	}
}
