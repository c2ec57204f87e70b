package report

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/roughy-go/roughy/internal/contract"
)

const (
	mostSets    = 300    // combinations of filters that are told apart when exchanges are counted
	mostInSets  = 10_000 // filters in all of them
	mostFilters = 24     // of one exchange, where its combination is not told apart
)

// filter is what exchanges can be picked by: a verdict, a rule, a field, a render, a stretch of time.
type filter struct {
	kind, value string
	worst       contract.Verdict // of a rule or a field: the severest finding
	count       int              // exchanges that it picks; not counted for renders and stretches of time

	number int // among all filters
	id     int // among those of the page, from 1; 0 if nothing on the page sets it
}

// filters knows all filters, and which combinations of them exchanges have. With those counted, a filtered page can tell exact
// numbers although it does not list every exchange. The zero value is empty.
type filters struct {
	Rough bool // some findings or combinations were not told apart: a filtered count may be too low

	known  map[[2]string]*filter
	sets   [][]*filter
	byKey  map[string]int
	inSets int
	shown  []*filter
}

// get is the one filter of that kind and value.
func (f *filters) get(kind, value string) *filter {
	if known := f.known[[2]string{kind, value}]; known != nil {
		return known
	}
	if f.known == nil {
		f.known = map[[2]string]*filter{}
	}
	fresh := &filter{kind: kind, value: value, number: len(f.known)}
	f.known[[2]string{kind, value}] = fresh
	return fresh
}

// of counts a check for each filter that picks it, and returns those.
func (f *filters) of(c Check, found []*group) []*filter {
	out := []*filter{f.get("verdict", c.outcome().String())}
	pick := func(one *filter, v contract.Verdict) {
		one.worst = max(one.worst, v)
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	if c.Problem != "" {
		pick(f.get("read", "no"), 0)
	}
	if len(c.Accepted) > 0 {
		pick(f.get("accepted", "yes"), 0)
	}
	for _, g := range found {
		if g == nil {
			f.Rough = true
			continue
		}
		pick(f.rule(g), g.Severity)
		pick(f.field(g), g.Severity)
	}
	for _, one := range out {
		one.count++
	}
	return out
}

func (f *filters) rule(g *group) *filter { return f.get("rule", shown(g.Rule)) }

func (f *filters) field(g *group) *filter {
	return f.get("field", clipped(Printable(place(g.Finding))))
}

// set is the number of a combination. Where there are too many, it is that of the verdict alone.
func (f *filters) set(picked []*filter) int {
	var key []byte
	for _, one := range picked {
		key = binary.AppendUvarint(key, uint64(one.number))
	}
	if i, known := f.byKey[string(key)]; known {
		return i
	}
	// Each verdict alone always has a place, so this ends there.
	if len(picked) > 1 && (len(f.sets) >= mostSets || f.inSets+len(picked) > mostInSets) {
		f.Rough = true
		return f.set(picked[:1])
	}
	if f.byKey == nil {
		f.byKey = map[string]int{}
	}
	f.byKey[string(key)] = len(f.sets)
	f.sets = append(f.sets, picked)
	f.inSets += len(picked)
	return len(f.sets) - 1
}

// show puts a filter on the page, and returns its id there.
func (f *filters) show(one *filter) int {
	if one.id == 0 {
		f.shown = append(f.shown, one)
		one.id = len(f.shown)
	}
	return one.id
}

// most is the filters of a kind: the worst first, of these those that pick most.
func (f *filters) most(kind string) []*filter {
	var out []*filter
	for _, one := range f.known {
		if one.kind == kind {
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b *filter) int {
		return cmp.Or(cmp.Compare(b.worst, a.worst), cmp.Compare(b.count, a.count), cmp.Compare(a.value, b.value))
	})
	return out
}

// outcome is that of a combination's exchanges.
func (f *filters) outcome(set int) outcome {
	for o := range outcomes {
		if f.sets[set][0].value == o.String() {
			return o
		}
	}
	return outcomeOutside
}

// ids are those of the filters that are on the page.
func ids(picked []*filter) []int {
	out := []int{}
	for _, one := range picked {
		if one.id > 0 {
			out = append(out, one.id)
		}
	}
	return out
}

// pageData is what the script counts from.
type pageData struct {
	Filters [][2]string `json:"filters"` // kind and value of each, by its id - 1
	Sets    [][]int     `json:"sets"`    // ids of filters
	Cells   [][3]int    `json:"cells"`   // the id of a stretch of time or 0, a set, and how many exchanges have both
	Rough   bool        `json:"rough"`
}

// data is complete once everything is shown.
func (f *filters) data(cells [][3]int) pageData {
	out := pageData{Filters: [][2]string{}, Sets: [][]int{}, Cells: cells, Rough: f.Rough}
	for _, one := range f.shown {
		out.Filters = append(out.Filters, [2]string{one.kind, one.value})
	}
	for _, picked := range f.sets {
		out.Sets = append(out.Sets, ids(picked))
	}
	return out
}
