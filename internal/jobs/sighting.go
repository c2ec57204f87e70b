package jobs

import "time"

// sighting is what was seen last, and since when nothing else was.
type sighting struct {
	attempt int
	beat    int64
	since   time.Time
	settled bool // by the job's end
}

// again is the sighting of before if nothing has changed since then, else the one of now.
func again(before *sighting, now sighting) *sighting {
	if before != nil && before.attempt == now.attempt && before.beat == now.beat {
		return before
	}
	return &now
}

// span is when a look began and ended, and for how long what it sees may stand still.
type span struct {
	began, ended time.Time
	most         time.Duration
}

// tooLong reports whether what has been the same since then, when an earlier look ended, stands still for too long.
func (s span) tooLong(since time.Time) bool { return s.began.Sub(since) > s.most }
