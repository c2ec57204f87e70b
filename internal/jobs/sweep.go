package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// outputs is the folder of all outputs in the bucket.
const outputs = "renders/"

// outputKey is where the attempt's output is put: no other attempt writes there.
func outputKey(r store.Render, t media.Task) string {
	return fmt.Sprintf("%s%s/%d.%s", outputs, r.ID, r.Attempt, t.Format())
}

// maker says which attempt at which render a key is for.
func maker(key string) (render uuid.UUID, attempt int, ok bool) {
	folder, name, _ := strings.Cut(strings.TrimPrefix(key, outputs), "/")
	number, _, _ := strings.Cut(name, ".")
	render, idErr := uuid.Parse(folder)
	attempt, err := strconv.Atoi(number)
	return render, attempt, strings.HasPrefix(key, outputs) && idErr == nil && err == nil
}

// orphaned reports whether the bytes of key, which an attempt at r uploaded, can never be published. What is orphaned stays so:
// attempts count up, and a render that is over does not change.
func orphaned(r store.Render, key string, attempt int) bool {
	return key != r.OutputKey && (attempt < r.Attempt || r.State.Terminal())
}

// Sweep removes what attempts uploaded and can never publish, because another has begun or the render is over, the
// scratch folders of processes that ended, and what uploads left that were killed Config.Stale ago. It never removes a published
// output nor one that may yet be published, and leaves alone what the database knows nothing of. A started queue sweeps at once
// and every Config.Sweep; Sweep may be called beside it.
func (q *Queue) Sweep(ctx context.Context) error {
	if err := sweepScratch(q.config.Scratch); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("sweep scratch folder: %w", err)
	}
	if err := q.config.sweep(ctx, outputs); err != nil {
		return fmt.Errorf("sweep outputs: %w", err)
	}
	if err := q.config.Bucket.Sweep(ctx, q.config.Stale); err != nil {
		return fmt.Errorf("sweep bucket: %w", err)
	}
	return nil
}

// sweep removes the orphaned outputs whose keys begin with prefix.
func (c Config) sweep(ctx context.Context, prefix string) error {
	var r store.Render // the last one that was read: its outputs are listed together
	for entry, err := range c.Bucket.Keys(ctx, prefix) {
		if err != nil {
			return err
		}
		key := entry.Key
		id, attempt, ok := maker(key)
		if !ok {
			continue
		}
		if r.ID != id {
			r, err = c.Store.Row(ctx, id)
		}
		switch {
		case errors.Is(err, roughy.ErrNotFound):
			continue
		case err != nil:
			return err
		case !orphaned(r, key, attempt):
			continue
		}
		if err := c.Bucket.Delete(ctx, key); err != nil {
			return err
		}
		c.Logger.InfoContext(ctx, "orphaned output removed", slog.String("render", id.String()), slog.Int("attempt", attempt))
	}
	return nil
}

// sweeping sweeps now and then until ctx ends.
func (q *Queue) sweeping(ctx context.Context) {
	tick := time.NewTicker(q.config.Sweep)
	defer tick.Stop()
	for {
		if err := q.Sweep(ctx); err != nil && ctx.Err() == nil {
			q.config.Logger.WarnContext(ctx, "orphaned outputs not swept", slog.Any("error", q.config.Store.Explain(err)))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
