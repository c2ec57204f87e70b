// Package diff tells what a change of an OpenAPI document does to those who use the API and to those who serve it.
//
// Compare holds two documents side by side; the Report lists each change once, with its lines in both, and says whether the version
// announces what breaks.
//
// # Where changes come from
//
// What breaks, and whom, is oasdiff's judgement, rule by rule, but for a few that it takes for harmless and we do not; Rules names its
// rules and ours. The documents are also compared as they are written, member by member. What that finds and no rule of oasdiff speaks
// of is listed too: texts, examples, servers, extensions, and whatever else is left, as unclassified, which is a warning, so that nothing
// is silently taken for harmless.
//
// # What says the same
//
// Both comparisons follow references, make an allOf part of its schema, give the parameters of a path to its operations, and hold a
// status that only one document names against what answers for it in the other. If the branches of an allOf contradict each other,
// oasdiff sees it as it is written.
//
// # Severities
//
//	breaking  a client that was right before can fail: all that oasdiff calls an error
//	warning   it may break, or nobody can tell: what oasdiff calls a warning, a server that is gone, what is unclassified
//	note      nothing that was right before can fail
//
// # Versions
//
// A break is announced by a higher major number in info.version, or, while that is 0, by a higher minor one: as semantic versioning
// has it. A pre-release of such a version promises nothing yet. A version that is no semantic one announces nothing. A Policy tolerates
// changes for a reason.
//
// # Limits
//
// A document has at most 1 MB, 5,000 members in an object and 1,000 levels, and its aliases stand for at most 100,000 values.
package diff

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// Document is one of the two sides.
type Document struct {
	Name string // as positions have it
	Data []byte
}

// Report is what one document makes of another.
type Report struct {
	Base         Side     `json:"base"`
	Head         Side     `json:"head"`
	Changes      []Change `json:"changes"`      // the worst first
	Announced    bool     `json:"announced"`    // the version says that something breaks
	Announcement string   `json:"announcement"` // how it does, or why it does not, in words
	Policy       Outcome  `json:"policy"`
}

// Side is how a document is called.
type Side struct {
	Name    string `json:"name"`
	Version string `json:"version"` // info.version
}

// Count is how many changes have a severity.
func (r Report) Count(s Severity) int {
	n := 0
	for _, c := range r.Changes {
		if c.Severity == s {
			n++
		}
	}
	return n
}

// Broken tells whether something breaks that the version does not announce.
func (r Report) Broken() bool { return !r.Announced && r.Count(Breaking) > 0 }

// Compare says what changes from base to head. Documents that contract.Load does not take, that are of two dialects, or of two APIs,
// are an error of one line.
func Compare(base, head Document, policy Policy, today time.Time) (Report, error) {
	from, to, err := both(func() (side, error) { return read(base) }, func() (side, error) { return read(head) })
	if err != nil {
		return Report{}, err
	}
	if err := compatible(from, to); err != nil {
		return Report{}, err
	}
	found, err := ask(from, to)
	if err != nil {
		return Report{}, err
	}
	written, err := edits(from.Document, to.Document)
	if err != nil {
		return Report{}, err
	}
	r := Report{Base: from.side(), Head: to.side(), Changes: join(from, to, found, written)}
	r.Announced, r.Announcement = announced(r.Base.Version, r.Head.Version)
	r.Policy = policy.apply(r.Changes, from, to, today)
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Operation, b.Operation))
	})
	return r, nil
}

// side is a document that can be used, as it was written.
type side struct {
	*place.Document
	data  []byte
	name  string
	paths table
}

// What a document may be. The time of the YAML parser grows with the square of the members of an object.
const (
	mostBytes   = 1_000_000
	mostMembers = 5_000
)

func read(d Document) (side, error) {
	if len(d.Data) > mostBytes {
		return side{}, fmt.Errorf("%s: longer than 1 MB, the most that is compared", d.Name)
	}
	written, err := place.Parse(d.Name, d.Data)
	if err != nil {
		return side{}, err
	}
	if n := crowded(written.Root()); n != nil {
		return side{}, fmt.Errorf("%s: an object with %d members: want one with at most %d", written.Mark(n), len(n.Content)/2, mostMembers)
	}
	if err := quoted(written); err != nil {
		return side{}, err
	}
	if _, err := contract.Load(d.Name, d.Data); err != nil {
		return side{}, err
	}
	paths := part{{pointer: "/paths", node: written.At("/paths")}}
	return side{written, d.Data, d.Name, indexed(paths.members())}, nil
}

// crowded is the first object with too many members, as they are written; nil if there is none.
func crowded(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.MappingNode && len(n.Content)/2 > mostMembers {
		return n
	}
	for _, child := range n.Content {
		if found := crowded(child); found != nil {
			return found
		}
	}
	return nil
}

// both does one thing and then the other, as far as there is no error.
func both[T any](first, second func() (T, error)) (a, b T, err error) {
	if a, err = first(); err == nil {
		b, err = second()
	}
	return a, b, err
}

func (s side) info(member string) string {
	text, _ := place.Text(s.At("/info"), member)
	return text
}

func (s side) side() Side { return Side{s.name, s.info("version")} }

// compatible refuses what is not two states of one document.
func compatible(base, head side) error {
	from, _ := place.Text(base.Root(), "openapi")
	to, _ := place.Text(head.Root(), "openapi")
	if from[:3] != to[:3] { // contract.Load takes 3.0 and 3.1 alone
		return fmt.Errorf("%s is OpenAPI %s, %s is %s: schemas of two dialects cannot be compared: convert one of them", base.name, from, head.name, to)
	}
	if base.info("title") == head.info("title") || len(base.paths) == 0 || len(head.paths) == 0 {
		return nil
	}
	for path := range base.paths {
		if head.paths.find("/paths", path) != nil {
			return nil
		}
	}
	return fmt.Errorf("%s and %s are documents of two APIs: neither a path nor info.title is the same", base.name, head.name)
}
