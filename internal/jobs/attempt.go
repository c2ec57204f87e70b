package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// attempt makes the output of a claimed render and publishes it. held ends when the render is not ours any more. The error is
// store.ErrFenced when another attempt has begun, a *media.Error when the output cannot be made, and any other for a fault of
// the server.
func (w *worker) attempt(ctx, held context.Context, r store.Render) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if r.Attempt > 1 {
		if err := w.sweep(held, outputs+r.ID.String()+"/"); err != nil {
			w.Logger.WarnContext(ctx, "outputs of earlier attempts not removed", w.about(r, err)...)
		}
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
	w.Observer.Render(string(roughy.StateCompleted), "")
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

// produce encodes into the scratch folder and puts the output into the bucket, under a key of this attempt alone, so that
// no other attempt can write over it.
func (w *worker) produce(ctx context.Context, r store.Render) (product, error) {
	folder, err := w.scratch.folder(r.ID.String() + "-")
	if err != nil {
		return product{}, fmt.Errorf("scratch folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	task, release, err := w.task(ctx, r, folder)
	if err != nil {
		return product{}, err
	}
	defer release()
	made := product{key: outputKey(r, task)}
	task.Output = filepath.Join(folder, path.Base(made.key))
	engine, err := w.Choose(task)
	if err != nil {
		return product{}, fmt.Errorf("choose engine: %w", err)
	}
	began := time.Now()
	err = engine.Encode(ctx, task)
	w.Observer.Encode(engine.Name(), time.Since(began))
	if err != nil {
		return product{}, fmt.Errorf("encode with %s: %w", engine.Name(), err)
	}
	made.engine = engine.Name()
	made.size, err = w.upload(ctx, made.key, task)
	return made, err
}

// task reads what the engine needs; scratch is for an input that has to be fetched. release ends the use of the input file.
func (w *worker) task(ctx context.Context, r store.Render, scratch string) (t media.Task, release func(), err error) {
	var a store.Asset
	err = w.outlast(ctx, func() (err error) {
		a, err = w.Store.Asset(ctx, r.Owner, r.AssetID)
		return err
	})
	if err != nil {
		return media.Task{}, nil, err
	}
	t = media.Task{Source: a.Source, Spec: r.Output}
	if r.CutID != nil {
		err = w.outlast(ctx, func() error {
			c, err := w.Store.Cut(ctx, r.Owner, *r.CutID)
			t.Segments = c.Segments
			return err
		})
		if err != nil {
			return media.Task{}, nil, err
		}
	}
	err = w.outlast(ctx, func() error {
		t.Input, release, err = w.Bucket.Local(ctx, a.Key, scratch)
		return err
	})
	if err != nil {
		return media.Task{}, nil, fmt.Errorf("fetch input: %w", err)
	}
	return t, release, nil
}

func (w *worker) upload(ctx context.Context, key string, t media.Task) (size int64, err error) {
	f, err := os.Open(t.Output)
	if err != nil {
		return 0, fmt.Errorf("open output: %w", err)
	}
	defer f.Close()
	err = w.outlast(ctx, func() (err error) {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		size, err = w.Bucket.Upload(ctx, key, media.ContentType(t.Format()), f)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("upload output: %w", err)
	}
	return size, nil
}

// outlast repeats what failed because the bucket or the database was gone: an encoding is too dear to be made again for that.
func (w *worker) outlast(ctx context.Context, f func() error) error {
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := f()
		if err != nil && !w.outage(err) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, pauses(), backoff.WithMaxElapsedTime(outageTime))
	return err
}

// outage reports whether an error says nothing against the render, since the bucket or the database was gone.
func (w *worker) outage(err error) bool {
	return errors.Is(err, blobs.ErrUnreachable) || w.Store.Outage(err)
}

// pauses are those between repetitions: what comes back is noticed soon.
func pauses() backoff.RetryOption {
	b := backoff.NewExponentialBackOff()
	b.MaxInterval = 2 * time.Second
	return backoff.WithBackOff(b)
}

// publish is not stopped half-way: the output is there, and a write that was cut off would leave open whether it counts.
func (w *worker) publish(ctx context.Context, r store.Render, p product) error {
	err := w.persist(ctx, r, "output not published", func(ctx context.Context) error {
		return w.Store.Publish(ctx, r.ID, r.Attempt, p.key, p.size)
	})
	if errors.Is(err, store.ErrFenced) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime) // what stays is swept
		defer cancel()
		if gone := w.Bucket.Delete(ctx, p.key); gone != nil {
			w.Logger.WarnContext(ctx, "output of overtaken attempt not deleted", w.about(r, gone)...)
		}
	}
	return err
}

// beats is how many signs of life a worker gives while a lease lasts.
const beats = 3

// hold gives signs of life while the attempt lasts, until done is called. The context ends with store.ErrFenced as its cause
// when another attempt has begun.
func (w *worker) hold(ctx context.Context, r store.Render) (held context.Context, done func()) {
	held, cancel := context.WithCancelCause(ctx)
	var beat sync.WaitGroup
	beat.Go(func() {
		tick := time.NewTicker(w.Lease / beats)
		defer tick.Stop()
		silent := false // the last sign did not come through: it is told once
		for {
			select {
			case <-held.Done():
				return
			case <-tick.C:
			}
			err := w.beat(held, r)
			switch {
			case errors.Is(err, store.ErrFenced):
				cancel(err)
			case err != nil && held.Err() == nil && !silent:
				w.Logger.WarnContext(held, "lease of render not extended", w.about(r, err)...)
			}
			silent = err != nil
		}
	})
	return held, func() {
		cancel(nil)
		beat.Wait()
	}
}

// beat does not wait for longer than the next sign is due: a connection may have died without a word.
func (w *worker) beat(ctx context.Context, r store.Render) error {
	ctx, cancel := context.WithTimeout(ctx, w.Lease/beats)
	defer cancel()
	return w.Store.Beat(ctx, r.ID, r.Attempt)
}
