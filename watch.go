package roughy

import (
	"context"
	"iter"
	"reflect"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/lifecycle"
)

// Watch reads a render at once and then again and again (WithPolling, and not before a Retry-After, obeyed up to
// RetryOptions.MaxAfter), and yields it each time that it has changed; a fresh link alone is no change. It ends after a terminal
// state. It ends too, with a nil render and the error, when a read fails as Render's would, when reads contradict one another in
// Enforce, or when ctx ends. A break ends it as well; it starts no goroutine. In ReportOnly an undocumented state is yielded, and is
// not terminal.
func (c *Client) Watch(ctx context.Context, id uuid.UUID) iter.Seq2[*Render, error] {
	return func(yield func(*Render, error) bool) {
		history, pause := lifecycle.NewHistory(1), c.pause()
		var last Render
		for reads := 0; ; reads++ {
			r, after, err := c.read(ctx, id, history)
			if err != nil {
				yield(nil, err)
				return
			}
			state := r.State // the caller may change r
			if reads == 0 || changed(last, *r) {
				last = r.clone()
				pause.Reset()
				if !yield(r, nil) {
					return
				}
			}
			if state.Terminal() {
				return
			}
			if err := sleep(ctx, max(pause.NextBackOff(), min(after, c.retry.MaxAfter))); err != nil {
				yield(nil, c.wrap("watch render "+id.String()+", which is "+c.clean(string(state)), err))
				return
			}
		}
	}
}

// Wait watches a render until its state is terminal and returns it: check its State, for a render that failed is no error.
// Its errors are Watch's.
func (c *Client) Wait(ctx context.Context, id uuid.UUID) (*Render, error) {
	var last *Render
	for r, err := range c.Watch(ctx, id) {
		if err != nil {
			return nil, err
		}
		last = r
	}
	return last, nil
}

// pause makes the growing pauses between reads.
func (c *Client) pause() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		InitialInterval: c.first, MaxInterval: c.max, Multiplier: 1.5, RandomizationFactor: 0.2,
	}
}

// clone is r with nothing that both share.
func (r Render) clone() Render {
	r.CutID, r.SizeBytes, r.StartedAt, r.CompletedAt = copied(r.CutID), copied(r.SizeBytes), copied(r.StartedAt), copied(r.CompletedAt)
	r.Failure = copied(r.Failure)
	o := &r.Output
	o.VideoBitrate, o.AudioBitrate, o.FrameRate = copied(o.VideoBitrate), copied(o.AudioBitrate), copied(o.FrameRate)
	return r
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}

// changed leaves the link out, which is another one at each read.
func changed(a, b Render) bool {
	a.DownloadURL, b.DownloadURL = "", ""
	return !reflect.DeepEqual(a, b)
}
