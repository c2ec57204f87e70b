package report

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

const (
	mostTimelines = 10_000 // renders that are followed
	mostTold      = 200    // that are on the page
	mostSegments  = 60     // of one render
	allSegments   = 60_000 // of all renders
)

// timelines follows renders from read to read. The zero value follows none.
type timelines struct {
	byRender map[string]*timeline
	further  int // reads of renders that are not followed, because there were too many
	segments int // of all
}

// timeline is what was read of one render.
type timeline struct {
	render   string
	order    int
	reads    int
	troubled int // reads whose answer was not ok
	worst    outcome
	timeless bool // some read has no time
	segments []segment
	more     int // reads that are in no segment, because there were too many
}

// segment is successive reads of one state and one outcome.
type segment struct {
	state       string
	outcome     outcome
	first, last time.Time
	reads       int
}

func (t *timelines) add(c Check) {
	if c.Render == "" {
		return
	}
	render := shown(c.Render)
	one := t.byRender[render]
	if one == nil {
		if len(t.byRender) >= mostTimelines {
			t.further++
			return
		}
		if t.byRender == nil {
			t.byRender = map[string]*timeline{}
		}
		one = &timeline{render: render, order: len(t.byRender)}
		t.byRender[render] = one
	}
	before := len(one.segments)
	one.add(c, t.segments < allSegments)
	t.segments += len(one.segments) - before
}

// add counts a read, and puts it into a segment: into a new one only if there is room.
func (t *timeline) add(c Check, room bool) {
	o := c.outcome()
	t.reads++
	t.worst = max(t.worst, o)
	t.timeless = t.timeless || c.Started.IsZero()
	if o > outcomeOK {
		t.troubled++
	}
	fresh := segment{state: cmp.Or(shown(c.State), "no state"), outcome: o, first: c.Started, last: c.Started, reads: 1}
	if n := len(t.segments); n > 0 && t.segments[n-1].goesOn(fresh) {
		t.segments[n-1].last = c.Started
		t.segments[n-1].reads++
		return
	}
	if !room || len(t.segments) >= mostSegments {
		t.more++
		return
	}
	t.segments = append(t.segments, fresh)
}

// goesOn is whether the next read tells nothing new.
func (s segment) goesOn(next segment) bool {
	return s.state == next.state && s.outcome == next.outcome && !next.first.Before(s.last)
}

// worstFirst is the renders with trouble first, each group in the order they came up.
func (t *timelines) worstFirst() []*timeline {
	var out []*timeline
	for _, one := range t.byRender {
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b *timeline) int {
		return cmp.Or(
			cmp.Compare(max(b.worst, outcomeOK), max(a.worst, outcomeOK)),
			cmp.Compare(b.troubled, a.troubled),
			cmp.Compare(a.order, b.order),
		)
	})
	return out
}

// pageTimelines is a row for each render, and how many have none.
type pageTimelines struct {
	Rows    []pageTimeline
	More    int
	Further int
	States  []string // that came up, for the legend
}

type pageTimeline struct {
	Render   string
	Filter   int
	Spans    []pageSpan
	Marks    []pageSpan
	States   string
	Reads    int
	Lasted   string
	Worst    outcome
	Troubled int
	More     int
}

// pageSpan is a part of a line that is 1000 long; a mark is at its beginning.
type pageSpan struct {
	X, Width string
	Class    string
	Label    string
}

func (h *htmlWriter) pageTimelines() pageTimelines {
	all := h.timelines.worstFirst()
	out := pageTimelines{Further: h.timelines.further, More: max(len(all)-mostTold, 0)}
	for _, one := range all[:min(len(all), mostTold)] {
		row := one.page()
		row.Filter = h.filters.show(h.filters.get("render", one.render))
		out.Rows = append(out.Rows, row)
		for _, s := range one.segments {
			if class := stateClass(s.state); !slices.Contains(out.States, class) {
				out.States = append(out.States, class)
			}
		}
	}
	slices.SortFunc(out.States, func(a, b string) int { return cmp.Compare(stateOrder(a), stateOrder(b)) })
	return out
}

func (t *timeline) page() pageTimeline {
	segments := slices.Clone(t.segments)
	if !t.timeless {
		slices.SortStableFunc(segments, func(a, b segment) int { return a.first.Compare(b.first) })
	}
	out := pageTimeline{
		Render: t.render, Reads: t.reads, Worst: t.worst, Troubled: t.troubled, More: t.more,
		States: states(segments),
	}
	edges := t.edges(segments)
	for i, s := range segments {
		label := s.state + ", " + counted(s.reads, "read")
		if !t.timeless {
			label += " from " + s.first.UTC().Format("15:04:05.000") + " UTC"
		}
		span := pageSpan{
			X: coordinate(edges[i]), Width: coordinate(edges[i+1] - edges[i]), Class: stateClass(s.state), Label: label,
		}
		out.Spans = append(out.Spans, span)
		if s.outcome > outcomeOK {
			span.X, span.Class, span.Label = coordinate(min(max(edges[i], 8), 992)), s.outcome.Class(), s.outcome.String()+": "+label
			out.Marks = append(out.Marks, span)
		}
	}
	if !t.timeless && len(segments) > 0 {
		if lasted := end(segments).Sub(segments[0].first); lasted > 0 {
			out.Lasted = period(lasted)
		}
	}
	return out
}

// edges are where segments begin, and where the last ends: by time if all are known, else each read is as long as another. The
// last read gets some length too, since the state goes on.
func (t *timeline) edges(segments []segment) []float64 {
	const length, tail = 1000, 60
	out := make([]float64, 0, len(segments)+1)
	whole := time.Duration(0)
	if !t.timeless {
		whole = end(segments).Sub(segments[0].first)
	}
	reads := 0
	for _, s := range segments {
		if whole > 0 {
			out = append(out, (length-tail)*float64(s.first.Sub(segments[0].first))/float64(whole))
		} else {
			out = append(out, length*float64(reads)/float64(t.reads-t.more))
		}
		reads += s.reads
	}
	return append(out, length)
}

func end(segments []segment) time.Time {
	var last time.Time
	for _, s := range segments {
		if s.last.After(last) {
			last = s.last
		}
	}
	return last
}

// states is the way through them in words.
func states(segments []segment) string {
	var words []string
	for _, s := range segments {
		if len(words) == 0 || words[len(words)-1] != s.state {
			words = append(words, s.state)
		}
	}
	if len(words) > 6 {
		words = append(words[:5], "… "+words[len(words)-1])
	}
	return strings.Join(words, " → ")
}

// stateClass is the name of a state in the style sheet and in the legend.
func stateClass(state string) string {
	if stateOrder(state) == len(knownStates()) {
		return "other"
	}
	return state
}

func stateOrder(state string) int {
	if i := slices.Index(knownStates(), state); i >= 0 {
		return i
	}
	return len(knownStates())
}

func knownStates() []string { return []string{"pending", "processing", "completed", "failed"} }
