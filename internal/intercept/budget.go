package intercept

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"

	"github.com/roughy-go/roughy/internal/contract"
)

// budget is how many bytes all copies that are held at once may have.
type budget struct {
	limit int64
	used  atomic.Int64
}

// take reports whether n more bytes fit, and counts them if they do.
func (b *budget) take(n int64) bool {
	if b.used.Add(n) <= b.limit {
		return true
	}
	b.give(n)
	return false
}

func (b *budget) give(n int64) { b.used.Add(-n) }

const (
	leastStep = 512 // of a copy's growth, so that a body that drips in is not moved for each drop
	fewBytes  = 64  // are kept of a body that is too long to hold, outside the budget
)

// copied is the copy of one body. It grows as the body comes.
type copied struct {
	budget *budget
	cap    int64
	expect int64        // how long the body is to be; less than it has if nobody knows
	taken  atomic.Int64 // from the budget
	bytes  []byte
	unseen contract.Unseen // why bytes is not all that came; nothing is added from then on
}

// add reports whether p, and all that came before, is in the copy. What does not fit is left out as a whole.
func (c *copied) add(p []byte) bool {
	switch need := len(c.bytes) + len(p); {
	case c.unseen != "":
	case int64(need) > c.cap:
		c.unseen = contract.OverCap
	case need > cap(c.bytes) && !c.grow(need):
		c.unseen = contract.OverBudget
	default:
		c.bytes = append(c.bytes, p...)
	}
	return c.unseen == ""
}

// fill reads from r into the copy, by way of the buffer. It ends with a read that failed, io.EOF included, or with next, the bytes
// that do not fit.
func (c *copied) fill(r io.Reader, buffer []byte) (next []byte, err error) {
	for {
		n, err := r.Read(buffer)
		if !c.add(buffer[:n]) {
			return buffer[:n], err
		}
		if err != nil {
			return nil, err
		}
	}
}

// tee is add for who needs a whole copy or none. One that stays a part is given up at once, so that others have its place.
func (c *copied) tee(p []byte) {
	if len(p) == 0 || c.add(p) {
		return
	}
	first := c.bytes
	if len(first) == 0 {
		first = p
	}
	if len(first) > fewBytes || c.taken.Load() > 0 {
		c.bytes = bytes.Clone(first[:min(len(first), fewBytes)])
		c.free()
	}
}

// grow makes room for need bytes. It doubles, so that a long body is not moved again and again.
func (c *copied) grow(need int) bool {
	size := min(int64(max(need, 2*cap(c.bytes), leastStep)), c.cap)
	if c.expect >= int64(need) {
		size = min(size, c.expect)
	}
	more := size - c.taken.Load()
	if !c.budget.take(more) {
		return false
	}
	c.taken.Add(more)
	grown := make([]byte, len(c.bytes), size)
	copy(grown, c.bytes)
	c.bytes = grown
	return true
}

// free gives back what was taken from the budget, once, from whatever goroutine. The bytes stay with whoever was told of them.
func (c *copied) free() { c.budget.give(c.taken.Swap(0)) }

const bufferSize = 32 << 10

// buffers are for bytes on their way. It implements httputil.BufferPool.
type buffers struct{ pool sync.Pool }

// Get returns a buffer of bufferSize bytes.
func (b *buffers) Get() []byte {
	if p, ok := b.pool.Get().(*[bufferSize]byte); ok {
		return p[:]
	}
	return make([]byte, bufferSize)
}

// Put takes a buffer back.
func (b *buffers) Put(p []byte) { b.pool.Put((*[bufferSize]byte)(p)) }
