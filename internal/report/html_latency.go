package report

import (
	"math"
	"math/bits"
	"time"
)

const (
	finer      = 6  // of two: 64 bins for each doubling of the time, so that a percentile is off by at most 1 %
	mostColumn = 36 // in the chart
)

// latency counts how long exchanges took, in bins that become wider with the time.
type latency struct {
	bins     [64 << finer]int
	count    int
	min, max time.Duration
}

// add takes 0 or less for a time that nobody knows.
func (l *latency) add(d time.Duration) {
	if d <= 0 {
		return
	}
	if l.count == 0 || d < l.min {
		l.min = d
	}
	l.max = max(l.max, d)
	l.count++
	l.bins[bin(d)]++
}

// bin is the power of two below a time, and the next bits.
func bin(d time.Duration) int {
	power := bits.Len64(uint64(d)) - 1
	rest := uint64(d) << (63 - power) << 1
	return power<<finer | int(rest>>(64-finer))
}

// edge is the time where a bin begins.
func edge(bin int) time.Duration {
	return time.Duration(math.Ldexp(1+float64(bin&(1<<finer-1))/(1<<finer), bin>>finer))
}

// percentile is the time that this share of all exchanges did not go beyond.
func (l *latency) percentile(share float64) time.Duration {
	rank := int(math.Ceil(share * float64(l.count)))
	for i, n := range l.bins {
		if rank -= n; rank <= 0 {
			return min(max(edge(i)+(edge(i+1)-edge(i))/2, l.min), l.max)
		}
	}
	return l.max
}

// pageLatency is the histogram and what can be read from it.
type pageLatency struct {
	Count   int
	Columns []pageColumn
	Marks   []pageMark
	Ticks   []string
	Facts   []pageFact
	Most    int
}

type pageColumn struct {
	X, Count int
	Y        string // of 100
	Height   string
	Label    string
}

// pageMark is a percentile's place along the columns.
type pageMark struct{ Name, X string }

type pageFact struct{ Name, Value string }

func (l *latency) page() pageLatency {
	out := pageLatency{Count: l.count}
	if l.count == 0 {
		return out
	}
	out.Facts = append(out.Facts, pageFact{"fastest", period(l.min)})
	step := l.step()
	low := bin(l.min) / step
	for _, p := range []struct {
		name  string
		share float64
	}{{"p50", 0.5}, {"p95", 0.95}, {"p99", 0.99}} {
		d := l.percentile(p.share)
		out.Facts = append(out.Facts, pageFact{p.name, period(d)})
		out.Marks = append(out.Marks, pageMark{p.name, coordinate(position(d)/float64(step) - float64(low))})
	}
	out.Facts = append(out.Facts, pageFact{"slowest", period(l.max)})
	out.Columns, out.Most = l.columns(step)
	for _, i := range []int{low, (low + bin(l.max)/step + 1) / 2, bin(l.max)/step + 1} {
		out.Ticks = append(out.Ticks, period(edge(i*step)))
	}
	return out
}

// position is a time on the axis of bins, exactly.
func position(d time.Duration) float64 {
	i := bin(d)
	from, to := edge(i), edge(i+1)
	return float64(i) + float64(d-from)/float64(max(to-from, 1))
}

// step is how many bins make a column: as few as fit.
func (l *latency) step() int {
	step := 4
	for (bin(l.max)/step - bin(l.min)/step) >= mostColumn {
		step *= 2
	}
	return step
}

func (l *latency) columns(step int) (out []pageColumn, most int) {
	low := bin(l.min) / step
	counts := make([]int, bin(l.max)/step-low+1)
	for i, n := range l.bins {
		if n > 0 {
			counts[i/step-low] += n
			most = max(most, counts[i/step-low])
		}
	}
	for x, n := range counts {
		height := 100 * float64(n) / float64(most)
		from := (low + x) * step
		out = append(out, pageColumn{
			X: x, Count: n, Y: coordinate(100 - height), Height: coordinate(height),
			Label: period(edge(from)) + " to " + period(edge(from+step)),
		})
	}
	return out, most
}
