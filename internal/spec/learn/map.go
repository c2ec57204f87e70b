package learn

import (
	"maps"
	"slices"
)

// leastOfMap is how many names a map has, at least, if they are plain ones.
const leastOfMap = 4

// isMap tells objects whose members are named by what they are about: by ids, by too many names, or by some that hardly ever come together.
// No name is then in more than half of the objects that have members, and these have less than 1.5 on average; or they have more, and no
// name is in more than a tenth.
func (s *shape) isMap() bool {
	if s.unnamed != nil {
		return true
	}
	all, most := 0, 0
	for _, m := range s.members {
		n := m.count()
		all, most = all+n, max(most, n)
	}
	return len(s.members) >= leastOfMap && (2*most <= s.filled && 2*all < 3*s.filled || 10*most <= s.filled)
}

// count is of how many values it is the shape.
func (s *shape) count() int {
	n := 0
	for _, of := range s.types {
		n += of
	}
	return n
}

// values are what all members have in common.
func (s *shape) values() *shape {
	out := &shape{}
	for _, m := range s.members {
		out.merge(m)
	}
	out.merge(s.unnamed)
	return out
}

// merge learns all that another shape did, which stays as it is.
func (s *shape) merge(other *shape) {
	if other == nil {
		return
	}
	if s.types == nil {
		s.types, s.members = map[string]int{}, map[string]*shape{}
	}
	for t, n := range other.types {
		s.types[t] += n
	}
	if other.texts {
		s.narrow(slices.Clone(other.formats))
	}
	s.filled += other.filled
	for _, name := range slices.Sorted(maps.Keys(other.members)) {
		s.member(name).merge(other.members[name])
	}
	if other.unnamed != nil {
		s.unnamed = merged(s.unnamed, other.unnamed)
	}
	if other.items != nil {
		s.items = merged(s.items, other.items)
	}
}

// merged is one shape for two; the first may be nil, and learns what the second did.
func merged(s, other *shape) *shape {
	if s == nil {
		s = &shape{}
	}
	s.merge(other)
	return s
}
