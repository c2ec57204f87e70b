package learn

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/roughy-go/roughy/internal/spec/overlay"
)

// Learned is what came of the traffic.
type Learned struct {
	Stats
	Proposals []Proposal
	Rest      []Rest // what was seen and is not proposed
	Base      overlay.Base
}

// Proposal is a change of the document. Its actions belong together, in their order.
type Proposal struct {
	Kind       Kind
	Text       string // what was seen, in words
	Confidence string // low, medium or high
	Evidence   Evidence
	Actions    []overlay.Action
}

// Rest is a drift that is not proposed.
type Rest struct {
	Kind     Kind
	Text     string
	Why      string
	Evidence Evidence
}

// leastShare is in what part of the answers what breaks the contract has to be, to be a change of the API and no fault of it.
const leastShare = 0.02

// Learned sums up what was added so far.
func (l *Learner) Learned() Learned {
	out := Learned{Stats: l.stats, Base: l.document.base}
	all := slices.DeleteFunc(l.sorted(), l.inCrowd)
	refused, accepted := map[*drift]string{}, map[key]*drift{}
	for _, d := range all {
		if why := l.doubt(d); why != "" {
			refused[d] = why
			continue
		}
		accepted[d.key] = d
	}
	for _, c := range l.large() {
		refused[&c.drift] = c.refused
		all = append(all, &c.drift)
	}
	states := l.told(accepted)
	for _, d := range all {
		p, why := (*Proposal)(nil), refused[d]
		if why == "" {
			p, why = l.propose(d, accepted, states)
		}
		switch {
		case why != "":
			out.Rest = append(out.Rest, Rest{d.kind, l.tell(d), why, d.shown(states)})
		case p != nil:
			out.Proposals = append(out.Proposals, *p)
		}
	}
	return out
}

// told are the states that may be told: those that are documented or proposed. Any other is no word that anybody vouches for.
func (l *Learner) told(accepted map[key]*drift) map[string]bool {
	states := maps.Clone(l.states)
	for k := range accepted {
		states[k.name] = states[k.name] || k.kind == Value
	}
	return states
}

// shown is the evidence with these states alone.
func (e Evidence) shown(states map[string]bool) Evidence {
	all := e.States
	e.States = map[string]int{}
	for state, n := range all {
		if !states[state] {
			state = "another"
		}
		e.States[state] += n
	}
	return e
}

// sorted are all drifts but for formats that not all texts of a place have.
func (l *Learner) sorted() []*drift {
	alike, unlike := map[string]string{}, map[string]bool{}
	for _, t := range l.formats {
		t.alike(func(site, format string) {
			if before, known := alike[site]; known && before != format {
				unlike[site] = true
			}
			alike[site] = format
		})
		t.unlike(unlike)
	}
	var out []*drift
	for _, d := range l.drifts {
		if d.kind != Format || d.name == "" || alike[d.place] == d.name && !unlike[d.place] {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *drift) int {
		return cmp.Or(compareKinds(a.kind, b.kind), cmp.Compare(a.place, b.place), cmp.Compare(a.name, b.name))
	})
	return out
}

func compareKinds(a, b Kind) int {
	return cmp.Compare(slices.Index(kindOrder, a), slices.Index(kindOrder, b))
}

// doubt is why a drift is not proposed; "" if it is.
func (l *Learner) doubt(d *drift) string {
	exchanges, renders := l.options.Exchanges, l.options.Renders
	if d.kind.loosens() {
		exchanges = max(exchanges, 2)
		if d.ofSeveral() {
			renders = max(renders, 2)
		}
	}
	switch {
	case d.refused != "":
		return d.refused
	case d.kind == Header && l.document.At(d.place) == nil && !l.proposesStatus(d.place):
		return "its status is not proposed"
	case d.Exchanges < exchanges || d.Renders < renders:
		return fmt.Sprintf("too little was seen: wanted are at least %d in exchanges, and %d in renders", exchanges, renders)
	case d.kind.loosens() && d.kind != Null && d.name != "" && d.kind != Format && d.share() < leastShare,
		d.kind == Format && d.name == "" && d.share() < leastShare:
		return fmt.Sprintf("a conflict: it is in %.1f %% of the answers since the first of them, which looks like a fault of the API", 100*d.share())
	}
	return ""
}

// proposesStatus tells whether the response at a place is going to be there.
func (l *Learner) proposesStatus(place string) bool {
	_, status := up(place)
	d := l.drifts[key{Status, place, status}]
	return d != nil && l.doubt(d) == ""
}

// confidence is how far a drift is believed.
func (d *drift) confidence() string {
	kinds := slices.DeleteFunc(d.shape.kinds(), func(t string) bool { return t == "null" })
	switch {
	case d.kind.loosens() && d.kind != Null && d.share() < 0.5, d.Exchanges < 5 || d.Renders < 3:
		return "low"
	case d.kind == Field && len(kinds) == 0, len(kinds) > 2: // nobody knows what it is
		return "low"
	case d.Exchanges < 20 || d.Renders < 10, len(kinds) > 1:
		return "medium"
	}
	return "high"
}

// propose makes a proposal of a drift; nil where another one speaks for it, and why where the document does not allow one.
func (l *Learner) propose(d *drift, accepted map[key]*drift, states map[string]bool) (*Proposal, string) {
	p := &Proposal{Kind: d.kind, Text: l.tell(d), Confidence: d.confidence(), Evidence: d.shown(states)}
	var why string
	switch d.kind {
	case Field:
		p.Actions = l.document.addField(d)
	case Value:
		p.Actions = l.document.addValue(d)
	case Status:
		p.Actions = l.addStatus(d)
	case Content:
		p.Actions = l.addContent(d)
	case Header:
		p.Actions = l.document.addHeader(d)
	case Null, Type:
		together := l.sameSite(d, accepted)
		if together[0] != d {
			return nil, ""
		}
		for _, other := range together[1:] {
			p.Text += ", and as " + other.name
			p.Evidence = p.Evidence.with(other.shown(states))
		}
		p.Actions, why = l.document.widen(together)
	case Required:
		p.Actions = l.document.loosen(d, gains(accepted, d.place))
	case Format:
		p.Actions = l.document.format(d, gains(accepted, d.place))
	}
	if why != "" {
		return nil, why
	}
	for i := range p.Actions {
		p.Actions[i].Description = p.Text
		p.Actions[i].Extensions = p.extensions()
	}
	return p, ""
}

// gains tells whether the schema at a place gets a keyword that is ours, beside what it loses.
func gains(accepted map[key]*drift, place string) bool {
	for k := range accepted {
		if k.place == place && (k.kind == Value || k.kind == Null || k.kind == Type) {
			return true
		}
	}
	return false
}

// sameSite are the accepted drifts that change the types at one place, in a fixed order.
func (l *Learner) sameSite(d *drift, accepted map[key]*drift) []*drift {
	var out []*drift
	for k, other := range accepted {
		if k.place == d.place && (k.kind == Null || k.kind == Type) {
			out = append(out, other)
		}
	}
	slices.SortFunc(out, func(a, b *drift) int {
		return cmp.Or(compareKinds(a.kind, b.kind), cmp.Compare(a.name, b.name))
	})
	return out
}

// with is the evidence of two things that change one place.
func (e Evidence) with(other Evidence) Evidence {
	e.Exchanges += other.Exchanges
	e.Renders, e.MoreRenders = max(e.Renders, other.Renders), true
	for state, n := range other.States {
		e.States[state] += n
	}
	if e.First.IsZero() || !other.First.IsZero() && other.First.Before(e.First) {
		e.First = other.First
	}
	if other.Last.After(e.Last) {
		e.Last = other.Last
	}
	return e
}

// unlike notes the places that have texts without a common format.
func (t *texts) unlike(sites map[string]bool) {
	if t == nil {
		return
	}
	if t.site != "" && t.seen && len(t.formats) == 0 {
		sites[t.site] = true
	}
	for _, below := range t.members {
		below.unlike(sites)
	}
	t.items.unlike(sites)
}
