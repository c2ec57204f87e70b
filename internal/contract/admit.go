package contract

import (
	"slices"
	"strconv"
	"unsafe"
)

// answer is what admit says of a value.
type answer uint8

const (
	admitted answer = iota // the full engine would find nothing here but the strangers that are listed
	refused                // it would find something
	unsure                 // who knows
	broken                 // not JSON that admit can read, which leaves nothing to say of the rest either
)

// admission is one walk of admit over the bytes of a body: once, from state to state, without making a value of them. It
// lists the members that no schema names, and where it cannot admit, what to ask the full engine: about each value that is
// not admitted, and about nothing around it.
type admission struct {
	scanner
	anything  *state
	path      []hop
	strangers spots // members that no schema names
	questions spots // values to ask the full engine about

	trials   int               // alternatives that are being tried, in which nothing is asked
	fuel     int               // bytes that may still be read ahead
	effort   int               // steps that are left, for the full engine too
	outcomes map[place]outcome // of those within other alternatives
	seen     []uint64          // bits of the open objects' members that a rule names
	others   []string          // names of the open objects' other members, to find one that comes twice
}

// hop is one step of the way to a value.
type hop struct {
	name  string // of a member
	index int    // of an item; -1 for a member
}

// spot is a value met on the way.
type spot struct {
	at         []hop
	start, end int
	*state              // what to ask about it
	said       answer   // of admit
	stranger   *Finding // what to say about it
}

// spots are at most mostSpots values; the rest are counted.
type spots struct {
	list []spot
	more int
}

const (
	mostSpots = 2000
	mostOpen  = 500 // levels of objects and arrays that admit follows; the full decoder goes further
)

func (s *spots) add(one spot) {
	if len(s.list) == mostSpots {
		s.more++
		return
	}
	s.list = append(s.list, one)
}

// admit walks over a body. Where it is not broken, the lists have all there is to say and to ask.
func (a *admission) admit(s *state, body []byte) answer {
	// The text is the body's own bytes: nobody writes to it while it is judged, and nothing that outlives that keeps a part.
	a.text, a.at, a.fuel = unsafe.String(unsafe.SliceData(body), len(body)), 0, 64*len(body)+4096
	if said := a.value(s); said == broken || a.skim() != 0 || a.at < len(a.text) {
		return broken
	}
	return admitted
}

// tokensOf is a way as the tokens of a JSON pointer.
func tokensOf(way []hop) []string {
	out := make([]string, len(way))
	for i, s := range way {
		if out[i] = s.name; s.index >= 0 {
			out[i] = strconv.Itoa(s.index)
		}
	}
	return out
}

// reset forgets the body, and keeps lists of ordinary size.
func (a *admission) reset() {
	const ordinary = 1000
	if cap(a.others) > ordinary || cap(a.questions.list) > ordinary || cap(a.strangers.list) > ordinary || len(a.outcomes) > ordinary {
		*a = admission{}
		return
	}
	clear(a.path[:cap(a.path)])
	clear(a.others[:cap(a.others)])
	clear(a.questions.list)
	clear(a.strangers.list)
	clear(a.outcomes)
	*a = admission{outcomes: a.outcomes, path: a.path[:0], others: a.others[:0], seen: a.seen[:0],
		questions: spots{list: a.questions.list[:0]}, strangers: spots{list: a.strangers.list[:0]}}
}

// value goes over one value. It puts a question where it cannot admit, and goes on; in a trial it stops there.
func (a *admission) value(s *state) answer {
	k := startKinds[a.skim()]
	if k == kindCount || len(a.path) > mostOpen {
		return broken
	}
	start, strangers, questions := a.at, a.strangers, a.questions
	said := a.by(s.rules[k], k)
	if said == admitted || said == broken || a.trials > 0 {
		return said
	}
	a.strangers, a.questions = strangers, questions // the full engine is asked about all of it
	a.questions.add(spot{at: slices.Clone(a.path), start: start, end: a.at, state: s, said: said})
	return admitted
}

// by holds a value to a rule, and passes over it, unless that ends a trial.
func (a *admission) by(r *rule, k kind) answer {
	start, said := a.at, refused
	switch {
	case r.refused:
	case r.unsure:
		said = unsure
	case r.alternatives == nil:
		return a.walk(r, k)
	default:
		if said = a.alternatives(r, k); said == admitted || said == broken {
			return said
		}
	}
	if a.trials > 0 {
		return said
	}
	a.at = start
	return max(said, a.walk(a.anything.rules[k], k))
}

// walk goes over a value of one type, and holds it to a rule without alternatives.
func (a *admission) walk(r *rule, k kind) answer {
	raw, escaped, ok := "", false, false
	switch k {
	case kindArray:
		return a.array(r)
	case kindObject:
		seen, others := len(a.seen), len(a.others)
		said := a.object(r)
		a.seen, a.others = a.seen[:seen], a.others[:others]
		return said
	case kindString:
		raw, escaped, ok = a.string()
		escaped = (escaped && len(r.tests) > 0) || !a.spend(r.steps, raw)
	case kindNumber:
		raw, ok = a.number()
		escaped = !ordinary(raw) || len(r.tests) > 0 && len(raw) > mostDigits && readDecimal(raw).long
	default:
		raw, ok = a.word()
	}
	switch {
	case !ok:
		return broken
	case escaped: // it is not what it looks like
		return unsure
	}
	return r.hold(raw)
}

// spend takes off the steps that patterns take over a text, and tells whether there were as many.
func (a *admission) spend(steps int, text string) bool {
	a.effort -= steps * len(text)
	return steps == 0 || a.effort >= 0
}

func (r *rule) hold(raw string) answer {
	for _, t := range r.tests {
		if !t.holds(raw) {
			return refused
		}
	}
	return admitted
}

func (r *rule) count(n int) answer {
	if n < r.least || r.most >= 0 && n > r.most {
		return refused
	}
	return admitted
}

// array goes over an array, to its end unless that ends a trial.
func (a *admission) array(r *rule) answer {
	a.at++
	if a.take(']') {
		return r.count(0)
	}
	for i := 0; ; i++ {
		a.path = append(a.path, hop{index: i})
		said := a.value(r.item(i))
		a.path = a.path[:len(a.path)-1]
		switch {
		case said != admitted:
			return said
		case a.take(']'):
			return r.count(i + 1)
		case !a.take(','):
			return broken
		}
	}
}

// item is the state of an item; nil where the rule does not know.
func (r *rule) item(i int) *state {
	if i < len(r.prefix) {
		return r.prefix[i]
	}
	return r.items
}

// object goes over an object, to its end unless that ends a trial.
func (a *admission) object(r *rule) answer {
	seen, others, worst := len(a.seen), len(a.others), admitted
	for range r.required {
		a.seen = append(a.seen, 0)
	}
	a.at++
	n := 0
	for more := !a.take('}'); more; n++ {
		said := a.member(r, seen)
		if said == broken || said != admitted && a.trials > 0 {
			return said
		}
		worst = max(worst, said)
		if more = a.take(','); !more && !a.take('}') {
			return broken
		}
	}
	for i, bits := range r.required {
		if a.seen[seen+i]&bits != bits {
			worst = max(worst, refused)
		}
	}
	if twice(a.others[others:]) {
		return unsure
	}
	return max(worst, r.count(n))
}

// member goes over one member of an object, whose bits start at seen.
func (a *admission) member(r *rule, seen int) answer {
	if a.skim() != '"' {
		return broken
	}
	name, escaped, ok := a.string()
	if !ok || !a.take(':') {
		return broken
	}
	said := admitted
	st, named := a.anything, true
	if escaped {
		said = unsure // which member it is, the full decoder knows
	} else if m := r.members.find(name); m != nil {
		st, named = m.state, m.documented
		if place := &a.seen[seen+m.index/64]; *place>>(m.index%64)&1 == 1 {
			said = unsure // the last one counts
		} else {
			*place |= 1 << (m.index % 64)
		}
	} else if a.others = append(a.others, name); !a.spend(r.steps, name) {
		said = unsure
	} else {
		st, named = r.other(name)
	}
	if st == nil {
		said, st = max(said, refused), a.anything
	}
	a.skim()
	start := a.at
	a.path = append(a.path, hop{name, -1})
	said = max(said, a.value(st))
	if !named && r.stranger != nil {
		a.strangers.add(spot{at: slices.Clone(a.path), start: start, end: a.at, stranger: r.stranger})
	}
	a.path = a.path[:len(a.path)-1]
	return said
}

// other is the state of a member that the table does not hold, and whether a pattern names it.
func (r *rule) other(name string) (st *state, named bool) {
	matched := 0
	for i, p := range r.patterns {
		if p.MatchString(name) {
			matched |= 1 << i
		}
	}
	return r.rest[matched], matched > 0
}

// twice sorts names to tell whether one comes twice.
func twice(names []string) bool {
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return true
		}
	}
	return false
}
