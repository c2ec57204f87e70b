package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// attempt makes the output of a claimed render and publishes it. The error is store.ErrFenced when another attempt has
// begun, a *media.Error when the output cannot be made, and any other for a fault of the server.
func (w *worker) attempt(ctx context.Context, r store.Render) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	held, done := w.hold(ctx, r)
	defer done()
	if r.Attempt > 1 {
		w.sweep(held, r)
	}
	began := time.Now()
	made, err := w.produce(held, r)
	if cause := context.Cause(held); err != nil && errors.Is(cause, store.ErrFenced) {
		return cause
	}
	if err != nil {
		return err
	}
	if err := w.publish(ctx, r, made); err != nil {
		return err
	}
	w.Logger.InfoContext(ctx, "render completed", slog.String("render", r.ID.String()), slog.Int("attempt", r.Attempt),
		slog.String("engine", made.engine), slog.Int64("bytes", made.size), slog.Duration("took", time.Since(began)))
	return nil
}

// product is an output in the bucket.
type product struct {
	engine string // that made it
	key    string
	size   int64
}

func outputPrefix(r store.Render) string { return "renders/" + r.ID.String() + "/" }

// produce encodes into the scratch folder and puts the output into the bucket, under a key of this attempt alone, so that
// no other attempt can write over it.
func (w *worker) produce(ctx context.Context, r store.Render) (product, error) {
	folder, err := os.MkdirTemp(w.Scratch, r.ID.String()+"-")
	if err != nil {
		return product{}, fmt.Errorf("scratch folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	task, release, err := w.task(ctx, r)
	if err != nil {
		return product{}, err
	}
	defer release()
	name := fmt.Sprintf("%d.%s", r.Attempt, task.Format())
	task.Output = filepath.Join(folder, name)
	engine, err := w.Choose(task)
	if err != nil {
		return product{}, fmt.Errorf("choose engine: %w", err)
	}
	if err := engine.Encode(ctx, task); err != nil {
		return product{}, fmt.Errorf("encode with %s: %w", engine.Name(), err)
	}
	made := product{engine: engine.Name(), key: outputPrefix(r) + name}
	made.size, err = w.upload(ctx, made.key, task)
	return made, err
}

// task reads what the engine needs. release ends the use of the input file.
func (w *worker) task(ctx context.Context, r store.Render) (t media.Task, release func(), err error) {
	a, err := w.Store.Asset(ctx, r.Owner, r.AssetID)
	if err != nil {
		return media.Task{}, nil, err
	}
	t = media.Task{Source: a.Source, Spec: r.Output}
	if r.CutID != nil {
		c, err := w.Store.Cut(ctx, r.Owner, *r.CutID)
		if err != nil {
			return media.Task{}, nil, err
		}
		t.Segments = c.Segments
	}
	if t.Input, release, err = w.Bucket.Local(ctx, a.Key); err != nil {
		return media.Task{}, nil, fmt.Errorf("fetch input: %w", err)
	}
	return t, release, nil
}

func (w *worker) upload(ctx context.Context, key string, t media.Task) (int64, error) {
	f, err := os.Open(t.Output)
	if err != nil {
		return 0, fmt.Errorf("open output: %w", err)
	}
	defer f.Close()
	size, err := w.Bucket.Upload(ctx, key, media.ContentType(t.Format()), f)
	if err != nil {
		return 0, fmt.Errorf("upload output: %w", err)
	}
	return size, nil
}

// publish is not stopped half-way: the output is there, and a write that was cut off would leave open whether it counts.
func (w *worker) publish(ctx context.Context, r store.Render, p product) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	err := w.Store.Publish(ctx, r.ID, r.Attempt, p.key, p.size)
	if errors.Is(err, store.ErrFenced) {
		if gone := w.Bucket.Delete(ctx, p.key); gone != nil {
			w.Logger.WarnContext(ctx, "output of overtaken attempt not deleted", w.about(r, gone)...)
		}
	}
	return err
}

// sweep deletes what earlier attempts uploaded before they were killed: they can never be published now. Later ones are
// another worker's.
func (w *worker) sweep(ctx context.Context, r store.Render) {
	keys, err := w.Bucket.Keys(ctx, outputPrefix(r))
	if err != nil {
		w.Logger.WarnContext(ctx, "outputs of earlier attempts not listed", w.about(r, err)...)
	}
	for _, key := range keys {
		number, _, _ := strings.Cut(path.Base(key), ".")
		if n, err := strconv.Atoi(number); err != nil || n >= r.Attempt {
			continue
		}
		if err := w.Bucket.Delete(ctx, key); err != nil {
			w.Logger.WarnContext(ctx, "output of earlier attempt not deleted", w.about(r, err)...)
		}
	}
}

// hold extends the lease while the attempt lasts, until done is called. The context ends with store.ErrFenced as its cause
// when another attempt has begun.
func (w *worker) hold(ctx context.Context, r store.Render) (held context.Context, done func()) {
	held, cancel := context.WithCancelCause(ctx)
	var beat sync.WaitGroup
	beat.Go(func() {
		tick := time.NewTicker(w.Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-tick.C:
			}
			err := w.Store.Extend(held, r.ID, r.Attempt, w.Lease)
			switch {
			case errors.Is(err, store.ErrFenced):
				cancel(err)
			case err != nil && held.Err() == nil:
				w.Logger.WarnContext(held, "lease of render not extended", w.about(r, err)...)
			}
		}
	})
	return held, func() {
		cancel(nil)
		beat.Wait()
	}
}
