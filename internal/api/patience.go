package api

import (
	"context"
	"fmt"
	"time"
)

// DefaultPatience is what Config.Patience is unless it is set. It is less than a server of NewHTTPServer has for an answer.
const DefaultPatience = 10 * time.Second

// patience is how long one request may wait for all that it has to read.
type patience time.Duration

// reading is the context of a read of a request, whose own is ctx.
func (p patience) reading(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithDeadline(ctx, callOf(ctx).started.Add(time.Duration(p)))
}

// judge is the error of a read, which is not available if it was still going on when patience was over.
func (p patience) judge(reading, ctx context.Context, err error) error {
	if err != nil && reading.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: no answer in %v: %w", ErrUnavailable, time.Duration(p), err)
	}
	return err
}
