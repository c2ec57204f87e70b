package learn

import (
	"hash/fnv"
	"strings"
	"time"
)

// Kind is what a drift is about; the package doc lists them.
type Kind string

// The kinds, in the order in which they are proposed.
const (
	Field    Kind = "field"
	Value    Kind = "value"
	Status   Kind = "status"
	Content  Kind = "content"
	Header   Kind = "header"
	Null     Kind = "null"
	Type     Kind = "type"
	Format   Kind = "format"
	Required Kind = "required"
)

var kindOrder = []Kind{Field, Value, Status, Content, Header, Null, Type, Format, Required}

// loosens tells a kind that takes back some of what is promised.
func (k Kind) loosens() bool { return k == Null || k == Type || k == Format || k == Required }

// key is what the sightings of one drift have in common.
type key struct {
	kind  Kind
	place string // pointer of what has to change in the document
	name  string // of the member, the header, the type or the media type; the word; the status
}

// drift is what was seen of one difference between the traffic and the document.
type drift struct {
	key
	Evidence
	renders map[uint64]struct{}
	of      map[*operation]bool
	since   *entry // whose answers it is in; nil if nobody counts them
	before  int    // its answers before the first sighting
	shape   shape  // of the values: of a field, a header, or a status's bodies
	status  *statusDrift
	refused string // why it is never proposed; "" if it may be
}

// Evidence is why a drift is believed.
type Evidence struct {
	Exchanges   int
	Renders     int  // at most 4096 are told apart
	MoreRenders bool // there were more
	First, Last time.Time
	States      map[string]int // of the answers that have one, by their member state
}

// see counts a sighting, once for each exchange.
func (s *sighting) see(k key, refused string) *drift {
	d := s.drifts[k]
	if d == nil {
		if len(s.drifts) >= mostDrifts {
			s.stats.Forgotten++
			return nil
		}
		d = s.newDrift(k, refused)
		s.drifts[k] = d
	}
	s.count(d)
	return d
}

func (s *sighting) newDrift(k key, refused string) *drift {
	d := &drift{key: k, renders: map[uint64]struct{}{}, of: map[*operation]bool{}, Evidence: Evidence{States: map[string]int{}}, refused: refused, since: s.answer}
	if s.answer != nil {
		d.before = s.answer.count - 1
	}
	return d
}

func (s *sighting) count(d *drift) {
	s.looks[d.key]++
	if s.looks[d.key] > 1 {
		return
	}
	d.Exchanges++
	d.of[s.operation] = true
	if at := s.entry.Sent; !at.IsZero() {
		if d.First.IsZero() || at.Before(d.First) {
			d.First = at
		}
		if at.After(d.Last) {
			d.Last = at
		}
	}
	if state := s.state(); state != "" {
		d.States[state]++
	}
	d.render(renderOf(s.entry.URL.Path))
}

// ofSeveral tells whether it could have been seen in more than one render.
func (d *drift) ofSeveral() bool {
	for o := range d.of {
		if o.several {
			return true
		}
	}
	return false
}

func renderOf(path string) uint64 { return hash(strings.ToLower(path)) }

func (d *drift) render(sum uint64) {
	switch {
	case len(d.renders) < mostRenders:
		d.renders[sum] = struct{}{}
	default:
		if _, known := d.renders[sum]; !known {
			d.MoreRenders = true
		}
	}
	d.Renders = len(d.renders)
}

// share is in what part of the answers it was, since the first time.
func (d *drift) share() float64 {
	if d.since == nil || d.since.count <= d.before {
		return 1
	}
	return float64(d.Exchanges) / float64(d.since.count-d.before)
}

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return h.Sum64()
}
