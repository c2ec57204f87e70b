package lifecycle

import (
	"container/list"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// History judges successive reads of renders. It remembers what the last read of each said, links left out, and forgets the
// render that was not observed for longest when it is full. It is safe for concurrent use.
type History struct {
	limit int

	mu        sync.Mutex
	byID      map[uuid.UUID]*list.Element // of memory
	recent    *list.List                  // the one observed last is in front
	forgotten int
}

// MostRenders is how many renders a History of what many clients read remembers: a check, a proxy.
const MostRenders = 10_000

// NewHistory returns a History of at most limit renders. A limit below 1 is 1.
func NewHistory(limit int) *History {
	return &History{limit: max(limit, 1), byID: map[uuid.UUID]*list.Element{}, recent: list.New()}
}

// memory is what is remembered of one render.
type memory struct {
	latest  snapshot  // the read that was sent last
	settled *snapshot // the first read that was answered in a terminal state; nil if there is none
}

// Observe judges r against earlier reads with the same id, by the rules over two reads alone (Check has the others), and
// remembers it. The first read of a render has no findings. Findings are as Check's.
//
// Reads may come in another order than they were made in: sent is when the request was sent, answered when the answer came. Of two
// reads that were under way at once nobody knows which was first, so only what never changes is compared. Without times, the read
// is taken to be later than the one before.
func (h *History) Observe(r gen.Render, sent, answered time.Time) []contract.Finding {
	now := snapshotOf(r)
	now.sent, now.answered = sent, answered
	known, ok := h.swap(now)
	before := known.beside(now)
	switch {
	case !ok:
		return nil
	case now.follows(before):
		return judge(twoReadsTable, reads{before: before, now: r, nowSnap: now})
	case before.follows(now):
		return judge(twoReadsTable, reads{before: now, now: gen.Render{State: before.state}, nowSnap: before})
	default:
		return judge(anyTwoReadsTable, reads{before: before, now: r, nowSnap: now})
	}
}

// beside is the read that another is held to: the latest one, unless that says less than a terminal one that came before both.
func (m memory) beside(now snapshot) snapshot {
	if m.settled != nil && now.follows(*m.settled) && (!now.follows(m.latest) || !terminal(m.latest.state)) {
		return *m.settled
	}
	return m.latest
}

// Forgotten is how many renders were forgotten because the history was full. A render that comes back counts again when it
// is forgotten again.
func (h *History) Forgotten() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.forgotten
}

// swap remembers now and returns what was remembered of the same render.
func (h *History) swap(now snapshot) (before memory, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e, known := h.byID[now.id]
	if !known {
		if len(h.byID) == h.limit {
			oldest := h.recent.Back()
			delete(h.byID, h.recent.Remove(oldest).(memory).latest.id)
			h.forgotten++
		}
		h.byID[now.id] = h.recent.PushFront(memory{latest: now}.with(now))
		return memory{}, false
	}
	before = e.Value.(memory)
	e.Value = before.with(now)
	h.recent.MoveToFront(e)
	return before, true
}

// with is the memory after one more read.
func (m memory) with(now snapshot) memory {
	if !now.sent.Before(m.latest.sent) {
		m.latest = now
	}
	if terminal(now.state) && (m.settled == nil || now.answered.Before(m.settled.answered)) {
		m.settled = &now
	}
	return m
}
