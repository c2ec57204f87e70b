package api

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// DefaultRenderMemory is a good Config.RenderMemory for a store whose renders stay: they take a few hundred bytes each.
const DefaultRenderMemory = 256

// over is the renders that were over when they were read. Nothing of them changes any more but their links, for which whoever has a
// render reads it again and again.
type over struct {
	store Store
	patience
	most int // 0: the store is asked each time

	mu    sync.Mutex
	known map[whose]last
}

// whose is a render as its owner asks for it: nobody else gets what is known of it.
type whose struct {
	owner string
	id    uuid.UUID
}

// last is a render as it stays. What it points to is shared by all answers.
type last struct {
	render    roughy.Render
	outputKey string
}

// read is the render and the key of its output, from memory or from the store.
func (o *over) read(ctx context.Context, w whose) (roughy.Render, string, error) {
	if l, ok := o.recall(w); ok {
		return l.render, l.outputKey, nil
	}
	reading, cancel := o.reading(ctx)
	defer cancel()
	r, outputKey, err := o.store.ReadRender(reading, w.owner, w.id)
	if err == nil && o.most > 0 && r.State.Terminal() {
		o.remember(w, last{r, outputKey})
	}
	return r, outputKey, o.judge(reading, ctx, err)
}

func (o *over) recall(w whose) (l last, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l, ok = o.known[w]
	return l, ok
}

// remember forgets any other where there is no room.
func (o *over) remember(w whose, l last) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for other := range o.known {
		if len(o.known) < o.most {
			break
		}
		delete(o.known, other)
	}
	o.known[w] = l
}
