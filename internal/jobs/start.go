package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Start works until Stop. On SQLite it locks the data folder first, and takes up what a killed process left; the error is
// store.ErrInUse when another process works on the folder. ctx bounds the start alone.
func (q *Queue) Start(ctx context.Context) (err error) {
	var undo []func() error
	defer func() {
		if err != nil {
			_ = last(undo)
		}
	}()
	alone := !q.config.Store.Postgres()
	if alone {
		unlock, err := q.config.Store.Lock()
		if err != nil {
			return err
		}
		undo = append(undo, unlock)
	}
	s, err := takeScratch(q.config.Scratch)
	if err != nil {
		return fmt.Errorf("start queue: scratch folder: %w", err)
	}
	undo, q.worker.scratch = append(undo, s.release), s
	watch := &reaper{Config: q.config, client: q.client, driver: q.driver, assign: q.assign}
	if alone {
		if err := watch.everything(ctx); err != nil {
			return fmt.Errorf("start queue: %w", err)
		}
	}
	lasting := context.WithoutCancel(ctx)
	if err := q.client.Start(lasting); err != nil {
		return fmt.Errorf("start queue: %w", err)
	}
	undo = append(undo, background(lasting, watch.run, q.sweeping))
	q.end = func() error { return last(undo) }
	return nil
}

// background runs fs until stop is called, which waits for them.
func background(ctx context.Context, fs ...func(context.Context)) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Go(func() { f(ctx) })
	}
	return func() error {
		cancel()
		wg.Wait()
		return nil
	}
}

// last calls fs, the last one first.
func last(fs []func() error) error {
	var errs []error
	for i := len(fs) - 1; i >= 0; i-- {
		errs = append(errs, fs[i]())
	}
	return errors.Join(errs...)
}

// Stop takes no more jobs, gives those under way Config.Grace to finish, then interrupts them; they go back to the queue
// and are taken up at the next start, or by another process. When ctx ends first they are interrupted then. A queue that was
// not started is stopped.
func (q *Queue) Stop(ctx context.Context) error {
	if q.end == nil {
		return nil
	}
	if err := q.client.Stop(ctx); err != nil {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.config.Grace)
		defer cancel()
		if err := q.client.StopAndCancel(hard); err != nil {
			return fmt.Errorf("stop queue: %w", err)
		}
	}
	end := q.end
	q.end = nil
	return end()
}
