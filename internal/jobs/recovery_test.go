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

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// victimFolder names the data folder to a run of this test binary that is there to be killed.
const victimFolder = "ROUGHY_TEST_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		fmt.Fprintln(os.Stderr, serveUntilKilled(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// serveUntilKilled works on dir with an engine that never ends, and says when it encodes by a file named "encoding".
func serveUntilKilled(dir string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, dir)
	if err != nil {
		return err
	}
	b, err := blobs.Open(blobs.Config{Dir: filepath.Join(dir, "blobs"), Secret: make([]byte, 32), BaseURL: "http://127.0.0.1:1/"})
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

func TestAKilledServersRenderIsMadeOnceByTheNext(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.create(t, h.queue(t)) // by this process, worked on by the other
	victim := osexec.Command(os.Args[0], "-test.run=^$")
	victim.Env = append(os.Environ(), victimFolder+"="+h.dir)
	victim.Stderr = os.Stderr
	require.NoError(t, victim.Start())
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(h.dir, "encoding"))
		return err == nil
	}, patience, 5*time.Millisecond)
	require.NoError(t, victim.Process.Kill())
	_ = victim.Wait()

	left := h.row(t, id)
	require.Equal(t, roughy.StateProcessing, left.State)
	require.True(t, left.LeaseUntil.After(time.Now()), "the dead hold it still")
	require.Equal(t, 1, h.count(t, `SELECT count(*) FROM river_job WHERE state = 'running'`))
	scratch, err := os.ReadDir(filepath.Join(h.dir, "scratch"))
	require.NoError(t, err)
	require.NotEmpty(t, scratch)
	orphan := "renders/" + id.String() + "/1.mp4" // as if it had been killed after the upload
	_, err = h.bucket.Upload(t.Context(), orphan, "video/mp4", strings.NewReader("half"))
	require.NoError(t, err)

	engine := &copyingEngine{}
	h.started(t, engines(engine))
	r := h.over(t, id)
	require.True(t, r.CompletedAt.Before(left.LeaseUntil), "it does not wait for the lease to run out")
	require.Equal(t, roughy.StateCompleted, r.State)
	require.Equal(t, 2, r.Attempt)
	require.Equal(t, left.StartedAt, r.StartedAt)
	require.Equal(t, []string{"renders/" + id.String() + "/2.mp4"}, h.outputs(t, id))
	require.Equal(t, 1, engine.called())
	scratch, err = os.ReadDir(filepath.Join(h.dir, "scratch"))
	require.NoError(t, err)
	require.Empty(t, scratch)
}

func TestARenderThatKillsItsServerIsGivenUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	engine := &copyingEngine{}
	q := h.queue(t, engines(engine), func(c *jobs.Config) { c.Attempts = 3 })
	id := h.create(t, q)
	exec(t, h.store.Writer(), `UPDATE river_job SET state = 'running', attempt = 3`)
	require.NoError(t, q.Start(t.Context()))
	r := h.over(t, id)
	require.Equal(t, roughy.StateFailed, r.State)
	require.Equal(t, jobs.CodeInternal, r.Failure.Code)
	require.Zero(t, engine.called())
}

// River's schema is reached into by takeBack. Where this fails River was upgraded: compare river_job's states and what
// River writes for an interrupted job, then write the new version here.
func TestTakingBackIsWrittenForThisVersionOfRiver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue(t)
	require.Equal(t, 8, h.count(t, `SELECT max(version) FROM river_migration WHERE line = 'main'`))
}

func TestStopInterruptsAndTheNextStartTakesUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	blocking := newBlockingEngine()
	q := h.started(t, engines(blocking))
	id := h.create(t, q)
	<-blocking.began
	require.NoError(t, q.Stop(t.Context()), "although the encoding would never end")

	left := h.row(t, id)
	require.Equal(t, roughy.StateProcessing, left.State, "not failed, and not pending again")
	require.True(t, left.LeaseUntil.IsZero())
	require.Equal(t, 1, h.count(t, `SELECT count(*) FROM river_job WHERE state = 'available' AND attempt = 0`), "no attempt was used up")

	next := h.started(t)
	r := h.over(t, id)
	require.Equal(t, roughy.StateCompleted, r.State)
	require.Equal(t, 2, r.Attempt)
	require.Equal(t, left.StartedAt, r.StartedAt)
	require.NoError(t, next.Stop(t.Context()))
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
	h := newHouse(t)
	q := h.started(t, engines(&copyingEngine{pause: 200 * time.Millisecond}), func(c *jobs.Config) { c.Grace = patience })
	id := h.create(t, q)
	require.Eventually(t, func() bool { return h.row(t, id).State == roughy.StateProcessing }, patience, time.Millisecond)
	require.NoError(t, q.Stop(t.Context()))
	require.Equal(t, roughy.StateCompleted, h.row(t, id).State)
}

func TestStopInterruptsAtOnceWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	blocking := newBlockingEngine()
	q := h.started(t, engines(blocking), func(c *jobs.Config) { c.Grace = time.Hour })
	id := h.create(t, q)
	<-blocking.began
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.NoError(t, q.Stop(ctx), "although the grace is an hour")
	require.Equal(t, roughy.StateProcessing, h.row(t, id).State)
}
