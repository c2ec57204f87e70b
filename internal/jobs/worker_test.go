package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// failingEngine fails each time, and counts.
type failingEngine struct {
	err   error
	calls atomic.Int32
}

func (*failingEngine) Name() string { return "failing" }

func (e *failingEngine) Encode(context.Context, media.Task) error {
	e.calls.Add(1)
	return e.err
}

// panickingEngine panics.
type panickingEngine struct{}

func (panickingEngine) Name() string                             { return "panicking" }
func (panickingEngine) Encode(context.Context, media.Task) error { panic("the engine's fault") }

func TestWhatCannotBeMadeFailsAtOnce(t *testing.T) {
	t.Parallel()
	refusal := &media.Error{Code: "corrupt", Message: "The source is broken."}
	refuse := func(c *jobs.Config) { c.Choose = func(media.Task) (media.Engine, error) { return nil, refusal } }
	for name, change := range map[string]func(*jobs.Config){
		"no engine":                     refuse,
		"the engine's refusal":          engines(&failingEngine{err: refusal}),
		"the engine's refusal, wrapped": engines(&failingEngine{err: fmt.Errorf("ffmpeg: %w", refusal)}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			q := h.started(t, change)
			r := h.over(t, h.create(t, q))
			require.Equal(t, roughy.StateFailed, r.State)
			require.Equal(t, &roughy.Failure{Code: "corrupt", Message: "The source is broken."}, r.Failure)
			require.Equal(t, 1, r.Attempt)
			require.Empty(t, h.outputs(t, r.ID))
		})
	}
}

func TestAFaultOfTheServersIsTriedAgainAndThenGivenUp(t *testing.T) {
	t.Parallel()
	secret := errors.New("open /srv/private/clip: permission denied")
	for name, c := range map[string]struct {
		change func(*jobs.Config)
		spoil  func(h house)
	}{
		"an engine's fault":        {change: engines(&failingEngine{err: secret})},
		"an engine's panic":        {change: engines(panickingEngine{})},
		"an engine without output": {change: engines(&failingEngine{})},
		"an input that is gone":    {spoil: func(h house) { _ = h.bucket.Delete(context.Background(), h.asset.Key) }},
		"a scratch folder that is gone": {change: func(c *jobs.Config) {
			inner := c.Choose
			c.Choose = func(t media.Task) (media.Engine, error) {
				_ = os.RemoveAll(c.Scratch)
				return inner(t)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			if c.spoil != nil {
				c.spoil(h)
			}
			scratch := t.TempDir()
			q := h.started(t, func(config *jobs.Config) {
				config.Attempts, config.Scratch = 3, scratch
				if c.change != nil {
					c.change(config)
				}
			})
			r := h.over(t, h.create(t, q))
			require.Equal(t, roughy.StateFailed, r.State)
			require.Equal(t, jobs.CodeInternal, r.Failure.Code)
			require.Equal(t, "The render could not be made because of a fault of the server. Create it again; the server's log has the reason.", r.Failure.Message)
			require.Equal(t, 3, r.Attempt)
			require.Equal(t, 2, r.Failures, "the last one is the failure that is told")
		})
	}
}

func TestAFullFolderIsLoggedInTheStoresWords(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		var log lines
		full := &os.PathError{Op: "write", Path: filepath.Join(h.dir, "scratch", "1.mp4"), Err: syscall.ENOSPC}
		q := h.started(t, engines(&failingEngine{err: full}), func(c *jobs.Config) {
			c.Attempts, c.Logger = 2, slog.New(slog.NewTextHandler(&log, nil))
		})
		r := h.over(t, h.create(t, q))
		require.Equal(t, jobs.CodeInternal, r.Failure.Code)
		for _, msg := range []string{"render is tried again", "render given up"} {
			require.Regexp(t, `msg="`+msg+`" render=`+r.ID.String()+` attempt=\d error="no space left in `+h.dir+`: free some"`, log.String())
		}
	})
}

func TestAFaultThatPassesIsForgotten(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		broken, sound := &failingEngine{err: errors.New("for now")}, &copyingEngine{}
		q := h.started(t, func(c *jobs.Config) {
			c.Choose = func(media.Task) (media.Engine, error) {
				if broken.calls.Load() < 2 {
					return broken, nil
				}
				return sound, nil
			}
		})
		r := h.over(t, h.create(t, q))
		require.Equal(t, roughy.StateCompleted, r.State)
		require.Equal(t, "renders/"+r.ID.String()+"/3.mp4", r.OutputKey)
		require.Nil(t, r.Failure)
	})
}

func TestARenderIsHeldWhileItsEncodingLasts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		short := func(c *jobs.Config) { c.Lease = 600 * time.Millisecond }
		q := h.started(t, engines(&copyingEngine{pause: 2 * time.Second}), short)
		if h.store.Postgres() {
			h.again(t).started(t, short) // another process watches, too
		}
		r := h.over(t, h.create(t, q))
		require.Equal(t, 1, r.Attempt)
		require.Zero(t, r.Failures)
	})
}

// overtake makes the test the holder of a render that a queue works on.
func (h house) overtake(t *testing.T, id uuid.UUID) store.Render {
	t.Helper()
	r := h.row(t, id)
	require.NoError(t, h.store.Release(t.Context(), id, r.Attempt))
	second, err := h.store.Claim(t.Context(), id, r.Job)
	require.NoError(t, err)
	return second
}

func TestAnOvertakenWorkerPublishesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		deaf := deafEngine{began: make(chan struct{}, 1), release: make(chan struct{})}
		q := h.started(t, engines(deaf), func(c *jobs.Config) { c.Lease = time.Minute })
		id := h.create(t, q)
		<-deaf.began
		second := h.overtake(t, id)
		close(deaf.release)
		h.idle(t)
		require.Empty(t, h.outputs(t, id), "its output is gone")
		require.NoError(t, h.store.Publish(t.Context(), id, second.Attempt, "renders/x/2.mp4", 1))
		require.Equal(t, "renders/x/2.mp4", h.row(t, id).OutputKey)
	})
}

func TestAnOvertakenEncodingIsCancelled(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		blocking := newBlockingEngine()
		q := h.started(t, engines(blocking), func(c *jobs.Config) { c.Lease = 2 * time.Second })
		id := h.create(t, q)
		<-blocking.began
		h.overtake(t, id)
		h.idle(t)
		require.Equal(t, 2, h.row(t, id).Attempt)
		require.Equal(t, roughy.StateProcessing, h.row(t, id).State)
	})
}

func TestAJobWhoseRenderIsOverDoesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h house) {
		engine := &copyingEngine{}
		q := h.started(t, engines(engine))
		before := h.over(t, h.create(t, q))
		again := `UPDATE river_job SET state = 'available', finalized_at = NULL`
		require.Eventually(t, func() bool {
			return h.count(t, `SELECT count(*) FROM river_job WHERE state = 'completed'`) == 1
		}, patience, 5*time.Millisecond)
		exec(t, h.store.Writer(), again)
		require.Eventually(t, func() bool {
			return h.count(t, `SELECT count(*) FROM river_job WHERE state = 'completed' AND attempt = 2`) == 1
		}, patience, 5*time.Millisecond)
		require.Equal(t, before, h.row(t, before.ID))
		require.Equal(t, 1, engine.called())
	})
}
