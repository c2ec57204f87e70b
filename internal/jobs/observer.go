package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river/riverdriver"
)

// Observer counts what a queue does. It is called from several goroutines, and holds the worker up.
type Observer interface {
	// Encode tells of an encoding that ended, well or not, by which engine and how long it took.
	Encode(engine string, took time.Duration)

	// Render tells of a render that was brought to an end here, with its terminal state and, if it failed, its error code.
	Render(state, errorCode string)
}

// nobody counts.
type nobody struct{}

func (nobody) Encode(string, time.Duration) {}
func (nobody) Render(string, string)        {}

// Jobs counts the jobs of all processes by River's states: available are due, scheduled and retryable wait for their time,
// running are worked on. Those that ended are kept, and counted, for a day.
func (q *Queue) Jobs(ctx context.Context) (map[string]int, error) {
	counted, err := q.driver.GetExecutor().JobCountByAllStates(ctx, &riverdriver.JobCountByAllStatesParams{})
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	jobs := make(map[string]int, len(counted))
	for state, n := range counted {
		jobs[string(state)] = n
	}
	return jobs, nil
}
