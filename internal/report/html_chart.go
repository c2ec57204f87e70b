package report

import (
	"fmt"
	"slices"
	"time"
)

// pageChart is a bar for each stretch, one rectangle in it for each outcome.
type pageChart struct {
	ByTime  bool
	Bars    []pageBar
	Legend  []outcome
	Most    int      // exchanges in the highest bar
	Ticks   []string // evenly along the axis
	Width   string   // of a bar, in words
	Untimed int      // exchanges that are in no bar
}

type pageBar struct {
	X      int
	Label  string
	Filter int
	Total  int
	Parts  []pageSlice
}

type pageSlice struct {
	Outcome   outcome
	Count     int
	Y, Height string // of 100
}

// chart is over time if any times are known, else by number; and what the script counts from.
func (h *htmlWriter) chart() (pageChart, [][3]int) {
	t, out := &h.numbers, pageChart{}
	cells := [][3]int{}
	if len(h.times.cells) > 0 {
		t, out.ByTime = &h.times, true
		for set, n := range h.untimed {
			out.Untimed += n
			cells = append(cells, [3]int{0, set, n})
		}
	}
	if len(t.cells) == 0 {
		return out, cells
	}
	for _, cell := range t.cells {
		out.Most = max(out.Most, total(cell))
	}
	for i := t.low; i <= t.high; i++ {
		bar := h.bar(t, i, out)
		bar.X = len(out.Bars)
		out.Bars = append(out.Bars, bar)
		for set, n := range t.cells[i] {
			cells = append(cells, [3]int{bar.Filter, set, n})
		}
	}
	slices.SortFunc(cells, func(a, b [3]int) int { return slices.Compare(a[:], b[:]) })
	out.Legend, out.Width = legend(h.totals), t.unit(out.ByTime)
	for _, i := range []int{0, len(out.Bars) / 2, len(out.Bars)} {
		out.Ticks = append(out.Ticks, t.tick(t.low+int64(i), out.ByTime))
	}
	return out, cells
}

func total(cell map[int]int) int {
	sum := 0
	for _, n := range cell {
		sum += n
	}
	return sum
}

func legend(t Totals) []outcome {
	var out []outcome
	for o := outcomes - 1; o >= 0; o-- {
		if o.count(t) > 0 {
			out = append(out, o)
		}
	}
	return out
}

func (h *htmlWriter) bar(t *trend, i int64, chart pageChart) pageBar {
	out := pageBar{Label: t.label(i, chart.ByTime)}
	if len(t.cells[i]) > 0 {
		out.Filter = h.filters.show(h.stretchFilter(t, i, chart.ByTime))
	}
	var counts [outcomes]int
	for set, n := range t.cells[i] {
		counts[h.filters.outcome(set)] += n
		out.Total += n
	}
	top := 100.0
	for o := range outcomes {
		if counts[o] == 0 {
			continue
		}
		height := 100 * float64(counts[o]) / float64(chart.Most)
		top -= height
		out.Parts = append(out.Parts, pageSlice{o, counts[o], coordinate(top), coordinate(height)})
	}
	slices.Reverse(out.Parts)
	return out
}

func (h *htmlWriter) stretchFilter(t *trend, i int64, byTime bool) *filter {
	if byTime {
		return h.filters.get("time", time.UnixMilli(i*t.width).UTC().Format("2006-01-02T15:04:05.999Z"))
	}
	return h.filters.get("number", t.label(i, false))
}

// label is a stretch in words.
func (t *trend) label(i int64, byTime bool) string {
	if !byTime {
		from, to := i*t.width+1, (i+1)*t.width
		if from == to {
			return fmt.Sprintf("#%d", from)
		}
		return fmt.Sprintf("#%d to #%d", from, to)
	}
	return time.UnixMilli(i*t.width).UTC().Format("2 Jan 2006, "+t.clock()) + ", " + t.unit(true)
}

// tick is where a stretch begins and the one before it ends, as short as it can be.
func (t *trend) tick(i int64, byTime bool) string {
	if !byTime {
		return fmt.Sprintf("#%d", max(i*t.width, 1))
	}
	layout := t.clock()
	if (t.high-t.low+1)*t.width >= 24*time.Hour.Milliseconds() {
		layout = "2 Jan " + layout
	}
	if t.width >= 24*time.Hour.Milliseconds() {
		layout = "2 Jan 2006"
	}
	return time.UnixMilli(i * t.width).UTC().Format(layout)
}

// clock is as exact as a stretch is wide.
func (t *trend) clock() string {
	switch {
	case t.width < time.Second.Milliseconds():
		return "15:04:05.000"
	case t.width < time.Minute.Milliseconds():
		return "15:04:05"
	default:
		return "15:04"
	}
}

// unit is how wide a stretch is, in words.
func (t *trend) unit(byTime bool) string {
	if !byTime {
		return counted(int(t.width), "exchange")
	}
	return period(time.Duration(t.width) * time.Millisecond)
}

// Of is how many exchanges of the bar became this.
func (b pageBar) Of(o outcome) int {
	for _, p := range b.Parts {
		if p.Outcome == o {
			return p.Count
		}
	}
	return 0
}
