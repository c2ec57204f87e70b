package contract

import "math/bits"

// alternatives tries each way to read a value, but for those that the words in it rule out: with one left, there is nothing to
// try. Where more than one fits, all their schemas hold for its members, and unless that makes no difference, only the full
// engine knows what it comes to.
func (a *admission) alternatives(r *rule, k kind) answer {
	start := a.at
	left := a.unexcluded(r, k)
	if bits.OnesCount64(left) == 1 {
		return a.by(r.alternatives[bits.TrailingZeros64(left)], k)
	}
	o, known := a.outcomes[place{r, start}]
	if !known {
		o = a.try(r, k, left)
		a.remember(place{r, start}, o)
	}
	for _, s := range o.strangers.list {
		a.strangers.add(s)
	}
	a.strangers.more += o.strangers.more
	a.at = o.end
	return o.said
}

// place is a rule with alternatives, and where a value is held to it; outcome what comes of that.
type place struct {
	*rule
	start int
}

type outcome struct {
	said      answer
	end       int
	strangers spots
}

// remember keeps an outcome for when it is asked for again, by another way to read what is around it: without, the work would
// double with every level.
func (a *admission) remember(p place, o outcome) {
	switch {
	case a.trials == 0:
		clear(a.outcomes)
	case a.outcomes == nil:
		a.outcomes = map[place]outcome{p: o}
	default:
		a.outcomes[p] = o
	}
}

// mostOutcomes is how many outcomes are worth remembering. Who has more is not tried any further.
const mostOutcomes = 100_000

func (a *admission) try(r *rule, k kind, left uint64) (out outcome) {
	if len(a.outcomes) > mostOutcomes {
		return outcome{said: unsure, end: a.at}
	}
	start, before := a.at, a.strangers
	fitting, doubtful := 0, false
	a.trials++
	a.strangers = spots{}
	for i, one := range r.alternatives {
		if left>>i&1 == 0 {
			continue
		}
		a.at, a.strangers = start, out.strangers
		said := a.by(one, k)
		if out.said = max(out.said, said); said == broken {
			break
		}
		doubtful = doubtful || said == unsure
		if said == admitted {
			fitting++
			out.end, out.strangers = a.at, a.strangers
		}
	}
	a.trials--
	a.strangers = before
	switch {
	case out.said == broken:
		return outcome{said: broken, end: a.at}
	case doubtful || fitting > 1 && (!r.severalFit || len(out.strangers.list) > 0):
		return outcome{said: unsure, end: start}
	case fitting == 0:
		return outcome{said: refused, end: start}
	}
	out.said = admitted
	return out
}

// unexcluded is which alternatives are left, a bit for each, once those are out that want other words of the members that the
// object has.
func (a *admission) unexcluded(r *rule, k kind) (left uint64) {
	left = 1<<len(r.alternatives) - 1
	if k != kindObject || !r.worded || a.fuel <= 0 {
		return left
	}
	peek := scanner{text: a.text, at: a.at}
	for more := peek.take('{') && peek.skim() == '"'; more && left&(left-1) != 0; more = peek.take(',') && peek.skim() == '"' {
		name, _, ok := peek.string()
		if !ok || !peek.take(':') {
			break
		}
		if peek.skim() == '"' {
			word, escaped, _ := peek.string()
			for i := range r.alternatives {
				if !escaped && r.alternatives[i].excludes(name, word) {
					left &^= 1 << i
				}
			}
		} else if !peek.pass() {
			break
		}
	}
	a.fuel -= peek.at - a.at
	return left
}
