package lifecycle

import (
	"container/list"
	"sync"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// History judges successive reads of renders. It remembers what the last read of each said, links left out, and forgets the
// render that was not observed for longest when it is full. It is safe for concurrent use; reads of one render are judged
// in the order in which they are observed.
type History struct {
	limit int

	mu        sync.Mutex
	byID      map[uuid.UUID]*list.Element // of snapshot
	recent    *list.List                  // the one observed last is in front
	forgotten int
}

// NewHistory returns a History of at most limit renders. A limit below 1 is 1.
func NewHistory(limit int) *History {
	return &History{limit: max(limit, 1), byID: map[uuid.UUID]*list.Element{}, recent: list.New()}
}

// Observe judges r against the read before it with the same id, by the rules over two reads alone (Check has the others),
// and remembers it. The first read of a render has no findings. Findings are as Check's.
func (h *History) Observe(r gen.Render) []contract.Finding {
	now := snapshotOf(r)
	before, known := h.swap(now)
	if !known {
		return nil
	}
	return judge(twoReads(), reads{asked: r.ID, before: before, now: r, nowSnap: now})
}

// Forgotten is how many renders were forgotten because the history was full. A render that comes back counts again when it
// is forgotten again.
func (h *History) Forgotten() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.forgotten
}

// swap remembers now and returns what was remembered of the same render.
func (h *History) swap(now snapshot) (before snapshot, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e, ok := h.byID[now.id]; ok {
		before = e.Value.(snapshot)
		e.Value = now
		h.recent.MoveToFront(e)
		return before, true
	}
	if len(h.byID) == h.limit {
		oldest := h.recent.Back()
		delete(h.byID, h.recent.Remove(oldest).(snapshot).id)
		h.forgotten++
	}
	h.byID[now.id] = h.recent.PushFront(now)
	return snapshot{}, false
}
