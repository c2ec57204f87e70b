package jobs_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/pgtest"
	"github.com/roughy-go/roughy/internal/s3test"
)

// victim holds, for a run of this test binary that is there to be killed, the data folder and the database.
const victim = "ROUGHY_TEST_VICTIM"

func TestMain(m *testing.M) {
	if house := os.Getenv(victim); house != "" {
		dir, address, _ := strings.Cut(house, "|")
		fmt.Fprintln(os.Stderr, serveUntilKilled(dir, address))
		os.Exit(1)
	}
	if plan := os.Getenv(crashPlan); plan != "" {
		fmt.Fprintln(os.Stderr, playPart(plan))
		os.Exit(1)
	}
	if err := s3test.Setenv(); err != nil { // for the processes of the crash test, too
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// serveUntilKilled works with an engine that never ends, and says when it encodes by a file named "encoding".
func serveUntilKilled(dir, address string) error {
	ctx := context.Background()
	s, err := openStore(ctx, dir, address)
	if err != nil {
		return err
	}
	b, err := openBucket(ctx, dir, "")
	if err != nil {
		return err
	}
	engine := newBlockingEngine()
	choose := func(media.Task) (media.Engine, error) { return engine, nil }
	q, err := jobs.Open(ctx, jobs.Config{Store: s, Bucket: b, Choose: choose})
	if err != nil {
		return err
	}
	if err := q.Start(ctx); err != nil {
		return err
	}
	<-engine.began
	if err := os.WriteFile(filepath.Join(dir, "encoding"), nil, 0o600); err != nil {
		return err
	}
	select {}
}

func TestAKilledWorkersRenderIsMadeOnceByAnother(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		id := h.create(t, h.queue(t)) // by this process, worked on by the other
		cmd := osexec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), victim+"="+h.dir+"|"+h.address)
		cmd.Stderr = os.Stderr
		require.NoError(t, cmd.Start())
		require.Eventually(t, func() bool {
			_, err := os.Stat(filepath.Join(h.dir, "encoding"))
			return err == nil
		}, patience, 5*time.Millisecond)
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()

		left := h.row(t, id)
		require.Equal(t, roughy.StateProcessing, left.State)
		require.Positive(t, left.Beat, "the dead hold it still")
		require.Equal(t, 1, h.count(t, `SELECT count(*) FROM river_job WHERE state = 'running'`))
		require.NotEmpty(t, h.scratch(t))
		orphan := "renders/" + id.String() + "/1.mp4" // as if it had been killed after the upload
		_, err := h.bucket.Upload(t.Context(), orphan, "video/mp4", strings.NewReader("half"))
		require.NoError(t, err)

		engine := &copyingEngine{}
		lease := time.Second
		if !h.store.Postgres() {
			lease = time.Hour // nobody else works there, so nothing is waited for
		}
		h.started(t, engines(engine), func(c *jobs.Config) { c.Lease = lease })
		r := h.over(t, id)
		require.Equal(t, roughy.StateCompleted, r.State)
		require.Equal(t, 2, r.Attempt)
		require.Equal(t, 1, r.Failures)
		require.Equal(t, left.StartedAt, r.StartedAt)
		require.Equal(t, []string{"renders/" + id.String() + "/2.mp4"}, h.outputs(t, id))
		require.Equal(t, 1, engine.called())
		require.Empty(t, h.scratch(t))
	})
}

func TestAJobThatWasTakenAndNeverClaimedIsReplaced(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		engine := &copyingEngine{}
		q := h.queue(t, engines(engine), func(c *jobs.Config) { c.Lease = 300 * time.Millisecond })
		id := h.create(t, q)
		exec(t, h.store.Writer(), `UPDATE river_job SET state = 'running', attempt = 1`) // as if its process had been killed
		first := h.row(t, id).Job
		require.NoError(t, q.Start(t.Context()))
		r := h.over(t, id)
		require.Equal(t, roughy.StateCompleted, r.State)
		require.NotEqual(t, first, r.Job)
		require.Equal(t, 1, r.Attempt)
		require.Equal(t, 2, h.count(t, `SELECT count(*) FROM river_job`), "one in its place, and no more")

		h.idle(t)
		require.Equal(t, 1, h.count(t, `SELECT count(*) FROM river_job WHERE state = 'cancelled'`), "nobody runs it")
		require.Equal(t, 1, engine.called())
	})
}

func TestWhatIsTakenBackIsNext(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.queue(t, engines(&copyingEngine{pause: 200 * time.Millisecond}), func(c *jobs.Config) { c.Lease, c.Workers = 300*time.Millisecond, 1 })
		id := h.create(t, q)
		exec(t, h.store.Writer(), `UPDATE river_job SET state = 'running', attempt = 1`) // as if its process had been killed
		var last uuid.UUID
		for range 20 {
			last = h.create(t, q)
		}
		require.NoError(t, q.Start(t.Context()))
		h.over(t, id)
		require.Equal(t, roughy.StatePending, h.row(t, last).State, "it waited before those that came after it")
	})
}

// A process that was stopped in the middle of a transaction keeps what it locked until the server ends that.
func TestARowThatIsLockedKeepsNoOtherRenderWaiting(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir(), pgtest.URL(t))
	h.furnish(t)
	q := h.queue(t, func(c *jobs.Config) { c.Lease = 600 * time.Millisecond })
	ids := []uuid.UUID{h.create(t, q), h.create(t, q), h.create(t, q)}
	exec(t, h.store.Writer(), `UPDATE river_job SET state = 'running', attempt = 1`) // as if their process had been killed
	exec(t, h.store.Writer(), `UPDATE renders SET state = 'processing', attempt = 1, beat = 1, started_at = created_at`)
	frozen, err := pgx.Connect(t.Context(), h.address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, frozen.Close(context.Background())) })
	tx, err := frozen.Begin(t.Context())
	require.NoError(t, err)
	locked := ids[1]
	_, err = tx.Exec(t.Context(), `UPDATE renders SET beat = beat WHERE id = $1`, locked.String())
	require.NoError(t, err)
	require.NoError(t, q.Start(t.Context()))
	h.over(t, ids[0])
	h.over(t, ids[2])
	require.Equal(t, roughy.StateProcessing, h.row(t, locked).State)
	require.NoError(t, tx.Rollback(t.Context()))
	require.Equal(t, roughy.StateCompleted, h.over(t, locked).State)
}

func TestARenderThatKillsItsServerIsGivenUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		engine := &copyingEngine{}
		q := h.queue(t, engines(engine), func(c *jobs.Config) { c.Attempts, c.Lease = 3, 300*time.Millisecond })
		id := h.create(t, q)
		exec(t, h.store.Writer(), `UPDATE renders SET state = 'processing', started_at = created_at, attempt = 7, beat = 5, failures = 2`)
		require.NoError(t, q.Start(t.Context()))
		r := h.over(t, id)
		require.Equal(t, roughy.StateFailed, r.State)
		require.Equal(t, jobs.CodeInternal, r.Failure.Code)
		require.Equal(t, 3, r.Failures)
		require.Zero(t, engine.called())
	})
}

func TestStopInterruptsAndTheNextStartTakesUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		blocking := newBlockingEngine()
		q := h.started(t, engines(blocking))
		id := h.create(t, q)
		<-blocking.began
		require.NoError(t, q.Stop(t.Context()), "although the encoding would never end")

		left := h.row(t, id)
		require.Equal(t, roughy.StateProcessing, left.State, "not failed, and not pending again")
		require.Zero(t, left.Beat)
		require.Zero(t, left.Failures)
		require.Equal(t, 1, h.count(t, `SELECT count(*) FROM river_job WHERE state = 'available' AND attempt = 0`), "no attempt was used up")

		next := h.started(t)
		r := h.over(t, id)
		require.Equal(t, roughy.StateCompleted, r.State)
		require.Equal(t, 2, r.Attempt)
		require.Equal(t, left.StartedAt, r.StartedAt)
		require.NoError(t, next.Stop(t.Context()))
	})
}

func TestAnInterruptionIsOneLineOfOurs(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		grace time.Duration
		stop  context.Context
	}{
		"the grace is over":     {time.Millisecond, context.Background()},
		"the context has ended": {time.Hour, ended},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			var log lines
			blocking := newBlockingEngine()
			q := h.started(t, engines(blocking), func(config *jobs.Config) {
				config.Logger, config.Grace = slog.New(slog.NewTextHandler(&log, nil)), c.grace
			})
			id := h.create(t, q)
			<-blocking.began
			require.NoError(t, q.Stop(c.stop))
			require.Regexp(t, `^[^\n]*msg="encoding interrupted; it is taken up at the next start" render=`+id.String()+`\n$`, log.String())
		})
	}
}

func TestStopLetsAnEncodingFinishWithinItsGrace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		q := h.started(t, engines(&copyingEngine{pause: 200 * time.Millisecond}), func(c *jobs.Config) { c.Grace = patience })
		id := h.create(t, q)
		require.Eventually(t, func() bool { return h.row(t, id).State == roughy.StateProcessing }, patience, time.Millisecond)
		require.NoError(t, q.Stop(t.Context()))
		require.Equal(t, roughy.StateCompleted, h.row(t, id).State)
	})
}

func TestStopInterruptsAtOnceWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		blocking := newBlockingEngine()
		q := h.started(t, engines(blocking), func(c *jobs.Config) { c.Grace = time.Hour })
		id := h.create(t, q)
		<-blocking.began
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		require.NoError(t, q.Stop(ctx), "although the grace is an hour")
		require.Equal(t, roughy.StateProcessing, h.row(t, id).State)
	})
}
