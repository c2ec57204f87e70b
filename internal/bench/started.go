package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/roughy-go/roughy"
)

// startedRenders are made in a turn, one after another, so that a worker is free for each. They begin at odd moments, and so not in
// step with whoever looks for them.
const (
	startedRenders = 200
	startedPause   = 50 * time.Millisecond
)

// startedRow is how long a render waits for its worker to begin. The turn's time is what 95 in a hundred do not exceed, by the times
// in their rows.
func (s *stage) startedRow(ctx context.Context, d database) (row, error) {
	e, err := s.endpoint(ctx, d)
	return row{name: d.started, entries: []entry{{contender: nameOurs, most: slowRounds, turn: func(ctx context.Context) (float64, error) {
		waits := make([]float64, startedRenders)
		for i := range waits {
			select {
			case <-time.After(rand.N(startedPause)):
			case <-ctx.Done():
				return 0, ctx.Err()
			}
			r, err := e.newRender(ctx, e.clip, roughy.Output{})
			if err != nil {
				return 0, fmt.Errorf("render %d: %w", i, err)
			}
			waits[i] = float64(r.StartedAt.Sub(r.CreatedAt))
		}
		return percentile(waits, 95), nil
	}}}}, err
}
