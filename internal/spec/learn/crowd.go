package learn

import (
	"cmp"
	"maps"
	"slices"
)

// crowd is all drifts of a kind at a place. Once there are too many, all of them are refused: they are named, or made up, by what the
// answers are about.
type crowd struct {
	drift
	names int
	most  int
}

const (
	mostNew  = 100 // members at one place, and headers of one response
	fewWords = 4   // values of an enum that documents fewer; else as many as it documents
)

// everybody is the name of a crowd's drift.
const everybody = "*"

// crowded sees one drift of a crowd. It is nil where there are too many to tell them apart.
func (s *sighting) crowded(k key, refused string, most int, why string) *drift {
	place := key{k.kind, k.place, everybody}
	c := s.crowds[place]
	if c == nil {
		c = &crowd{drift: *s.newDrift(place, why), most: most}
		s.crowds[place] = c
	}
	s.count(&c.drift)
	if s.drifts[k] == nil {
		if c.names++; c.isLarge() {
			return nil
		}
	}
	return s.see(k, refused)
}

func (c *crowd) isLarge() bool { return c.names > c.most }

// large are the crowds of which all are told at once, in a fixed order.
func (l *Learner) large() []*crowd {
	all := slices.DeleteFunc(slices.Collect(maps.Values(l.crowds)), func(c *crowd) bool { return !c.isLarge() })
	slices.SortFunc(all, func(a, b *crowd) int { return cmp.Compare(a.place, b.place) })
	return all
}

// inCrowd tells whether a drift is one of too many of its kind at a place. A member or a header that comes often is none of a crowd's.
func (l *Learner) inCrowd(d *drift) bool {
	c := l.crowds[key{d.kind, d.place, everybody}]
	if c == nil || !c.isLarge() || d.name == "" {
		return false
	}
	return d.kind == Value || d.since == nil || float64(d.Exchanges) < commonShare*float64(d.since.count)
}

// commonShare is in what part of the answers a member or a header is that comes often.
const commonShare = 0.1
