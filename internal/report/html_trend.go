package report

import "time"

const mostBars = 60 // along an axis

// trend counts checks along an axis that nobody knows the length of: where it becomes too long, its stretches become wider. What
// is counted is combinations of filters, by their number.
type trend struct {
	next func(width int64) int64 // the next wider stretch, a multiple of this one

	width     int64
	cells     map[int64]map[int]int // by stretch
	low, high int64                 // the first and the last stretch
}

func (t *trend) add(key int64, set int) {
	if t.cells == nil {
		t.width, t.cells = 1, map[int64]map[int]int{}
		t.low, t.high = key, key
	}
	i := floor(key, t.width)
	t.low, t.high = min(t.low, i), max(t.high, i)
	t.count(i, set, 1)
	for t.high-t.low >= mostBars {
		t.widen()
	}
}

func (t *trend) count(i int64, set, n int) {
	if t.cells[i] == nil {
		t.cells[i] = map[int]int{}
	}
	t.cells[i][set] += n
}

func (t *trend) widen() {
	wide := t.next(t.width)
	factor := wide / t.width
	old := t.cells
	t.cells = map[int64]map[int]int{}
	for i, cell := range old {
		for set, n := range cell {
			t.count(floor(i, factor), set, n)
		}
	}
	t.width, t.low, t.high = wide, floor(t.low, factor), floor(t.high, factor)
}

// stretch is where on the axis a key is.
func (t *trend) stretch(key int64) int64 { return floor(key, t.width) }

// floor is n / width, rounded down.
func floor(n, width int64) int64 {
	if n < 0 {
		return -((width - 1 - n) / width)
	}
	return n / width
}

// rounder makes stretches of 1, 5, 10, 50, 100 and so on.
func rounder(width int64) int64 {
	lead := width
	for lead >= 10 {
		lead /= 10
	}
	if lead == 1 {
		return 5 * width
	}
	return 2 * width
}

// wider makes stretches of milliseconds that people count in.
func wider(width int64) int64 {
	if width < time.Second.Milliseconds() {
		return rounder(width)
	}
	steps := []time.Duration{
		time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second,
		time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	}
	for _, s := range steps {
		if ms := s.Milliseconds(); ms > width {
			return ms
		}
	}
	return 2 * width
}
