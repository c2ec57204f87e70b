package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// mostLate bounds a look at the retries. Those beyond come when these are done.
const mostLate = 1000

// retries reads the jobs that are dated: new ones are not.
func (p *reaper) retries(ctx context.Context) ([]*rivertype.JobRow, error) {
	list := river.NewJobListParams().Kinds(renderArgs{}.Kind()).Queues(queueName).Priorities(river.PriorityDefault).
		States(rivertype.JobStateAvailable, rivertype.JobStateRetryable, rivertype.JobStateScheduled).
		Where("scheduled_at > '1971-01-01'").First(mostLate)
	jobs, err := p.client.JobList(ctx, list)
	if err != nil {
		return nil, fmt.Errorf("list retries: %w", err)
	}
	return jobs.Jobs, nil
}

// reapLate replaces the retries that waited for longer than they should: a clock stepped, or new jobs are in front of them.
func (p *reaper) reapLate(ctx context.Context, late []*rivertype.JobRow, at span) (err error) {
	seen := make(map[int64]*sighting, len(late))
	for _, job := range late {
		s := again(p.late[job.ID], sighting{attempt: job.Attempt, since: at.ended})
		seen[job.ID] = s
		if !s.settled && at.tooLong(s.since.Add(p.Backoff(job.Attempt))) {
			failure := p.replace(ctx, job)
			s.settled, err = failure == nil, errors.Join(err, failure)
		}
	}
	p.late = seen
	return err
}
