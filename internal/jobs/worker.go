package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

const queueName = "renders"

// settleTime bounds a write that must happen although the job was cancelled.
const settleTime = 10 * time.Second

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
}

// NextRetry is River's question when to try again.
func (w *worker) NextRetry(job *river.Job[renderArgs]) time.Time {
	return time.Now().Add(w.Backoff(job.Attempt))
}

// Work makes one attempt at a render. River counts in job.Attempt the attempts that failed or were killed, not those that
// were stopped; the row counts all.
func (w *worker) Work(ctx context.Context, job *river.Job[renderArgs]) error {
	r, err := w.Store.Claim(ctx, job.Args.RenderID, w.Lease)
	switch {
	case errors.Is(err, store.ErrTerminal), errors.Is(err, roughy.ErrNotFound):
		return nil
	case errors.Is(err, store.ErrLeased):
		return river.JobSnooze(max(time.Until(r.LeaseUntil), 0))
	case err != nil:
		return err
	}
	err = errKilled
	if job.Attempt <= w.Attempts {
		err = w.attempt(ctx, r)
	}
	return w.settle(ctx, job.Attempt, r, err)
}

// settle turns how the attempt went into the render's state and into what River does next.
func (w *worker) settle(ctx context.Context, try int, r store.Render, err error) error {
	var refused *media.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrFenced):
		// The job belongs to whoever overtook. It must not end before they do, or it could not be taken back from them.
		w.Logger.WarnContext(ctx, "render was overtaken", w.about(r, err)...)
		return river.JobSnooze(w.Lease)
	case ctx.Err() != nil:
		w.letGo(ctx, r)
		w.Logger.WarnContext(ctx, "encoding interrupted; it is taken up at the next start", slog.String("render", r.ID.String()))
		return fmt.Errorf("encoding interrupted: %w", ctx.Err())
	case errors.As(err, &refused):
		w.Logger.WarnContext(ctx, "render failed", w.about(r, refused)...)
		return w.fail(ctx, r, roughy.Failure{Code: refused.Code, Message: refused.Message})
	case try >= w.Attempts:
		w.Logger.ErrorContext(ctx, "render given up", w.about(r, err)...)
		return w.fail(ctx, r, roughy.Failure{
			Code: CodeInternal, Message: "The render could not be made because of a fault of the server. Create it again; the server's log has the reason.",
		})
	default:
		w.Logger.WarnContext(ctx, "render is tried again", w.about(r, err)...)
		w.letGo(ctx, r)
		return err
	}
}

func (w *worker) fail(ctx context.Context, r store.Render, f roughy.Failure) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	err := w.Store.Fail(ctx, r.ID, r.Attempt, f)
	if errors.Is(err, store.ErrFenced) {
		return river.JobSnooze(w.Lease)
	}
	return err // of the database: River tries again, and finds the attempts used up
}

// letGo ends the lease so that the next attempt need not wait for it. Where that does not work the lease runs out.
func (w *worker) letGo(ctx context.Context, r store.Render) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if err := w.Store.Release(ctx, r.ID, r.Attempt); err != nil {
		w.Logger.WarnContext(ctx, "lease of render not released", w.about(r, err)...)
	}
}

// about is what a line of the log tells of a render and an error. Trouble with the data folder is told in the store's words; what
// is refused has its own.
func (w *worker) about(r store.Render, err error) []any {
	if _, refused := errors.AsType[*media.Error](err); !refused {
		err = w.Store.Explain(err)
	}
	return []any{slog.String("render", r.ID.String()), slog.Int("attempt", r.Attempt), slog.Any("error", err)}
}
