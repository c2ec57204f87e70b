package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"github.com/roughy-go/roughy/internal/store"
)

// looks is how often the reaper looks while a lease lasts.
const looks = 6

// mostRunning bounds a look at River's running jobs. It is River's own bound: each is a worker, or was one that died within
// a day.
const mostRunning = 10_000

// reaper gives renders back whose workers are gone: those that are held without a sign of life, and those whose job was taken
// by a process that died before it could claim them. Every started queue has one. It goes by its own clock alone, which
// counts how long it watched and cannot be set; each of its writes is refused when the worker did something meanwhile, or
// another reaper was first.
type reaper struct {
	Config
	client *river.Client[*sql.Tx]
	driver riverdriver.Driver[*sql.Tx]
	assign func(ctx context.Context, tx *sql.Tx, render uuid.UUID, old int64) error // the queue's

	looked time.Time               // when the last look ended; zero: it saw nothing
	held   map[uuid.UUID]*sighting // by render
	taken  map[int64]*sighting     // by job that runs
	late   map[int64]*sighting     // by job that is to be tried again
	failed bool                    // the last look; the next failure is not told
}

// run looks until ctx ends.
func (p *reaper) run(ctx context.Context) {
	tick := time.NewTicker(p.Lease / looks)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := p.look(ctx)
		if err != nil && ctx.Err() == nil && !p.failed {
			p.Logger.WarnContext(ctx, "not all workers watched", slog.Any("error", p.Store.Explain(err)))
		}
		p.failed = err != nil
	}
}

// look compares what is held with what was seen before. Who was not watched for a while, because this process was stopped or the
// database was gone or took no writes, is watched anew: then the workers could not give a sign of life either.
func (p *reaper) look(ctx context.Context) error {
	began := time.Now()
	if began.Sub(p.looked) > p.Lease/2 {
		p.held, p.taken, p.late = nil, nil, nil
	}
	p.looked = time.Time{} // in case it sees nothing
	ctx, cancel := context.WithTimeout(ctx, p.Lease)
	defer cancel()
	held, running, err := p.read(ctx)
	if err != nil {
		return err
	}
	late, err := p.retries(ctx)
	if err != nil {
		return err
	}
	if len(held)+len(running) > 0 {
		if err := p.Store.Writable(ctx); err != nil {
			return err
		}
	}
	seen := span{began: began, ended: time.Now(), most: p.Lease}
	p.looked = seen.ended
	return errors.Join(p.reap(ctx, held, running, seen), p.reapLate(ctx, late, seen))
}

// everything gives all back at once. It is for who knows that no other process works.
func (p *reaper) everything(ctx context.Context) error {
	held, running, err := p.read(ctx)
	if err != nil {
		return err
	}
	p.held, p.taken = nil, nil
	return p.reap(ctx, held, running, span{began: time.Now()})
}

// read reads what workers hold, and what they have taken.
func (p *reaper) read(ctx context.Context) (held []store.Render, running []*rivertype.JobRow, err error) {
	list := river.NewJobListParams().Kinds(renderArgs{}.Kind()).States(rivertype.JobStateRunning).First(mostRunning)
	jobs, err := p.client.JobList(ctx, list)
	if err != nil {
		return nil, nil, fmt.Errorf("list running jobs: %w", err)
	}
	held, err = p.Store.Held(ctx)
	return held, jobs.Jobs, err
}

// reap does what there is to do; what cannot be done now, such as a row that is locked, is left to the next look and keeps no other
// render waiting.
func (p *reaper) reap(ctx context.Context, held []store.Render, running []*rivertype.JobRow, at span) error {
	owned := make(map[int64]bool, len(held))
	for _, r := range held {
		owned[r.Job] = true
	}
	return errors.Join(p.reapHeld(ctx, held, at), p.reapTaken(ctx, running, owned, at))
}

// reapHeld takes back what is held without a sign of life.
func (p *reaper) reapHeld(ctx context.Context, held []store.Render, at span) (err error) {
	seen := make(map[uuid.UUID]*sighting, len(held))
	for _, r := range held {
		s := again(p.held[r.ID], sighting{attempt: r.Attempt, beat: r.Beat, since: at.ended})
		seen[r.ID] = s
		if at.tooLong(s.since) {
			err = errors.Join(err, p.takeBack(ctx, r))
		}
	}
	p.held = seen
	return err
}

// reapTaken replaces the jobs that run and own no render.
func (p *reaper) reapTaken(ctx context.Context, running []*rivertype.JobRow, owned map[int64]bool, at span) (err error) {
	seen := make(map[int64]*sighting, len(running))
	for _, job := range running {
		s := again(p.taken[job.ID], sighting{attempt: job.Attempt, since: at.ended})
		seen[job.ID] = s
		if owned[job.ID] {
			s.since, s.settled = at.ended, false // what becomes of the render is its holder's to say, who may just be about to end the job
		} else if !s.settled && at.tooLong(s.since) {
			failure := p.replace(ctx, job)
			s.settled, err = failure == nil, errors.Join(err, failure)
		}
	}
	p.taken = seen
	return err
}

// takeBack lets go of a claim and gives its render a new job, in one step.
func (p *reaper) takeBack(ctx context.Context, r store.Render) error {
	err := p.inTx(ctx, func(tx *sql.Tx) error {
		if err := p.Store.TakeBack(ctx, tx, r); err != nil {
			return err
		}
		if err := p.assign(ctx, tx, r.ID, r.Job); err != nil {
			return err
		}
		return p.end(ctx, tx, r.Job)
	})
	return p.told(ctx, r.ID, "a worker is gone: its render is taken up again", err)
}

// replace gives the render of a job that came to nothing a new one. Most often it is another job's by now, or over; then the job
// just ends.
func (p *reaper) replace(ctx context.Context, job *rivertype.JobRow) error {
	var args renderArgs
	if err := json.Unmarshal(job.EncodedArgs, &args); err != nil {
		return fmt.Errorf("read job %d: %w", job.ID, err)
	}
	err := p.inTx(ctx, func(tx *sql.Tx) error {
		if err := p.assign(ctx, tx, args.RenderID, job.ID); err != nil {
			return err
		}
		return p.end(ctx, tx, job.ID)
	})
	if errors.Is(err, store.ErrFenced) {
		return p.endVain(ctx, args.RenderID, job.ID)
	}
	if job.State != rivertype.JobStateRunning {
		return err
	}
	return p.told(ctx, args.RenderID, "a worker was gone before it began: its render is taken up again", err)
}

// endVain ends a job that can never claim its render again. One that may just have claimed it is left alone: its worker needs it.
func (p *reaper) endVain(ctx context.Context, render uuid.UUID, job int64) error {
	r, err := p.Store.Row(ctx, render)
	if err != nil {
		return err
	}
	if !r.State.Terminal() && (r.Job == job || r.Job == 0) {
		return nil
	}
	return p.inTx(ctx, func(tx *sql.Tx) error { return p.end(ctx, tx, job) })
}

// inTx is the store's, and waits for no lock for longer than until the next look.
func (p *reaper) inTx(ctx context.Context, f func(tx *sql.Tx) error) error {
	return p.Store.InTx(ctx, func(tx *sql.Tx) error {
		if err := p.Store.LockTimeout(ctx, tx, p.Lease/looks); err != nil {
			return err
		}
		return f(tx)
	})
}

// end ends a job. River's client would leave a running one to its worker, which is gone; if it is not, River does nothing when it
// ends a job that has ended.
func (p *reaper) end(ctx context.Context, tx *sql.Tx, job int64) error {
	now := time.Now()
	_, err := p.driver.UnwrapExecutor(tx).JobSetStateIfRunningMany(ctx, &riverdriver.JobSetStateIfRunningManyParams{
		ID: []int64{job}, State: []rivertype.JobState{rivertype.JobStateCancelled}, FinalizedAt: []*time.Time{&now},
		Attempt: []*int{nil}, ErrData: [][]byte{nil}, ScheduledAt: []*time.Time{nil}, MetadataDoMerge: []bool{false}, MetadataUpdates: [][]byte{nil},
	})
	if err == nil {
		_, err = p.client.JobCancelTx(ctx, tx, job) // one that waits
	}
	if err != nil && !errors.Is(err, rivertype.ErrNotFound) {
		return fmt.Errorf("end job %d: %w", job, err)
	}
	return nil
}

func (p *reaper) told(ctx context.Context, render uuid.UUID, what string, err error) error {
	switch {
	case errors.Is(err, store.ErrFenced):
		return nil
	case err != nil:
		return err
	}
	p.Logger.WarnContext(ctx, what, slog.String("render", render.String()))
	return nil
}
