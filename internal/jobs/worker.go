package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

const queueName = "renders"

const (
	// outageTime bounds the repetition of what must happen.
	outageTime = time.Minute
	// settleTime bounds each write, and all of them once the job was cancelled.
	settleTime = 10 * time.Second
)

// errKilled stands for the attempts that ended with their process.
var errKilled = errors.New("every attempt ended with its process")

// renderArgs is a job: the render to make. All else is read from the row.
type renderArgs struct {
	RenderID uuid.UUID `json:"render_id"`
}

// Kind is the job's name in River's table.
func (renderArgs) Kind() string { return "render" }

// InsertOpts lets River try for ever: when to give up is settle's to say, because a job that River throws away would leave
// its render unfinished.
func (renderArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueName, MaxAttempts: math.MaxInt16}
}

type worker struct {
	river.WorkerDefaults[renderArgs]
	Config
	scratch *scratch // of this process
}

// NextRetry is River's question when to try again.
func (w *worker) NextRetry(job *river.Job[renderArgs]) time.Time {
	return time.Now().Add(w.Backoff(job.Attempt))
}

// Work makes one attempt at a render. A job that finds the render over, held or another job's was in vain and ends: whoever
// else has it sees to it. A render whose every attempt ended with its process is given up.
func (w *worker) Work(ctx context.Context, job *river.Job[renderArgs]) error {
	r, err := w.Store.Claim(ctx, job.Args.RenderID, job.ID)
	switch {
	case errors.Is(err, store.ErrTerminal), errors.Is(err, store.ErrHeld), errors.Is(err, store.ErrFenced), errors.Is(err, roughy.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	held, done := w.hold(ctx, r)
	defer done()
	err = errKilled
	if r.Failures < w.Attempts {
		err = w.attempt(ctx, held, r)
	}
	return w.settle(ctx, r, err)
}

// settle turns how the attempt went into the render's state and into what River does next.
func (w *worker) settle(ctx context.Context, r store.Render, err error) error {
	var refused *media.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrFenced):
		w.Logger.WarnContext(ctx, "render was overtaken", w.about(r, err)...)
		return nil
	case ctx.Err() != nil:
		w.Logger.WarnContext(ctx, "encoding interrupted; it is taken up at the next start", slog.String("render", r.ID.String()))
		_ = w.persist(ctx, r, "lease of render not released", func(ctx context.Context) error { return w.Store.Release(ctx, r.ID, r.Attempt) })
		return fmt.Errorf("encoding interrupted: %w", ctx.Err())
	case errors.As(err, &refused):
		w.Logger.WarnContext(ctx, "render failed", w.about(r, refused)...)
		return w.fail(ctx, r, roughy.Failure{Code: refused.Code, Message: refused.Message})
	case w.outage(err):
		w.Logger.WarnContext(ctx, "render waits for the bucket or the database", w.about(r, err)...)
		again := w.persist(ctx, r, "lease of render not released", func(ctx context.Context) error { return w.Store.Release(ctx, r.ID, r.Attempt) })
		if errors.Is(again, store.ErrFenced) {
			return nil
		}
		return err
	case r.Failures+1 >= w.Attempts:
		w.Logger.ErrorContext(ctx, "render given up", w.about(r, err)...)
		return w.fail(ctx, r, roughy.Failure{
			Code: CodeInternal, Message: "The render could not be made because of a fault of the server. Create it again; the server's log has the reason.",
		})
	default:
		w.Logger.WarnContext(ctx, "render is tried again", w.about(r, err)...)
		again := w.persist(ctx, r, "failure of attempt not recorded", func(ctx context.Context) error { return w.Store.GiveBack(ctx, r.ID, r.Attempt) })
		if errors.Is(again, store.ErrFenced) {
			return nil
		}
		return err
	}
}

func (w *worker) fail(ctx context.Context, r store.Render, f roughy.Failure) error {
	err := w.persist(ctx, r, "failure of render not recorded", func(ctx context.Context) error { return w.Store.Fail(ctx, r.ID, r.Attempt, f) })
	switch {
	case errors.Is(err, store.ErrFenced):
		return nil
	case err == nil:
		w.Observer.Render(string(roughy.StateFailed), f.Code)
	}
	return err
}

// persist repeats a write until it is done or refused, so that it outlasts a database that is gone, for however long; what else
// keeps it from being done is given a minute. It is not cut off with ctx, but then ends soon. Where it gives up the render is held
// no more, and the reaper of some process sees to it.
func (w *worker) persist(ctx context.Context, r store.Render, otherwise string, write func(context.Context) error) error {
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(settleTime, cancel) })()
	began := time.Now()
	_, err := backoff.Retry(lasting, func() (struct{}, error) {
		once, cancel := context.WithTimeout(lasting, settleTime) // a connection may have died without a word
		defer cancel()
		err := write(once)
		tired := time.Since(began) > outageTime && once.Err() == nil && !w.Store.Outage(err)
		if errors.Is(err, store.ErrFenced) || err != nil && tired {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, pauses(), backoff.WithMaxElapsedTime(0))
	if err != nil && !errors.Is(err, store.ErrFenced) {
		w.Logger.WarnContext(ctx, otherwise, w.about(r, err)...)
	}
	return err
}

// about is what a line of the log tells of a render and an error. Trouble with the data folder is told in the store's words; what
// is refused has its own.
func (w *worker) about(r store.Render, err error) []any {
	if _, refused := errors.AsType[*media.Error](err); !refused {
		err = w.Store.Explain(err)
	}
	return []any{slog.String("render", r.ID.String()), slog.Int("attempt", r.Attempt), slog.Any("error", err)}
}
