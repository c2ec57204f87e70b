package diff

import (
	_ "embed"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/secret"
	"github.com/roughy-go/roughy/internal/spec/place"
)

//go:embed policy.yaml
var shipped []byte

// Policy is what changes may do for a reason. The zero value tolerates nothing.
type Policy struct {
	document string // info.title of the only document that it is about, before a change or after it; "" if it is about any
	entries  []entry
}

type entry struct {
	rule, at, reason, expires string
	as                        Severity
	position                  string
}

// Outcome is what became of a policy's entries, a line each.
type Outcome struct {
	Used      int      `json:"used"`      // entries that tolerated a change
	Unused    []string `json:"unused"`    // entries that no change is about
	Stale     []string `json:"stale"`     // entries whose place is in neither document
	Expired   []string `json:"expired"`   // entries whose day has passed, and which tolerate nothing
	Elsewhere string   `json:"elsewhere"` // why none of the entries counts: the policy is about another document; "" if it is about this one
}

// Shipped is the policy for the built-in contract.
func Shipped() (Policy, error) { return ReadPolicy("internal/spec/diff/policy.yaml", shipped) }

// ReadPolicy reads a policy, whose name stands in every position. An entry without a reason, of a rule that there is not, or with a
// member that is not known is an error of one line.
func ReadPolicy(name string, data []byte) (Policy, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return Policy{}, fmt.Errorf("%s: not YAML: %s", name, oneLine(err))
	}
	r := reader{name: name}
	p := r.policy(&root)
	return p, r.err
}

// reader remembers the first thing that is wrong.
type reader struct {
	name string
	err  error
}

func (r *reader) refuse(n *yaml.Node, format string, args ...any) {
	if r.err == nil {
		r.err = errors.New(secret.Mask(fmt.Sprintf("%s: ", r.mark(n)) + fmt.Sprintf(format, args...)))
	}
}

func (r *reader) mark(n *yaml.Node) string {
	return fmt.Sprintf("%s:%d:%d", r.name, max(n.Line, 1), max(n.Column, 1))
}

func (r *reader) policy(root *yaml.Node) Policy {
	var p Policy
	if root.Kind == yaml.DocumentNode {
		root = root.Content[0]
	}
	if root.Kind != yaml.MappingNode {
		r.refuse(root, "not a policy: want the member tolerated, a list")
	}
	for key, value := range r.members(root) {
		switch {
		case key.Value == "document" && value.Kind == yaml.ScalarNode:
			p.document = value.Value
		case key.Value == "tolerated" && value.Kind == yaml.SequenceNode:
			for _, item := range value.Content {
				p.entries = append(p.entries, r.entry(item))
			}
		default:
			r.refuse(key, "%.40q: want document, a title, and tolerated, a list", key.Value)
		}
	}
	return p
}

// members goes over those of a mapping, and refuses one that comes twice.
func (r *reader) members(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	known := map[string]bool{}
	return func(yield func(key, value *yaml.Node) bool) {
		for key, value := range place.Members(n) {
			if known[key.Value] {
				r.refuse(key, "%.40q comes twice", key.Value)
			}
			known[key.Value] = true
			if !yield(key, value) {
				return
			}
		}
	}
}

func (r *reader) entry(n *yaml.Node) entry {
	e := entry{as: Warning, position: r.mark(n)}
	if n.Kind != yaml.MappingNode {
		r.refuse(n, "want an entry with rule, at and reason")
	}
	for key, value := range r.members(n) {
		text := strings.TrimSpace(value.Value)
		if value.Kind != yaml.ScalarNode {
			r.refuse(value, "%.40q: want a text", key.Value)
		}
		switch key.Value {
		case "rule":
			if e.rule = text; !known(text) {
				r.refuse(value, "no rule is called %.80q: see roughy spec rules", text)
			}
		case "at":
			e.at = strings.TrimSuffix(text, "/")
		case "as":
			e.as = r.severity(value)
		case "reason":
			e.reason = strings.Join(strings.Fields(text), " ")
		case "expires":
			if e.expires = text; !isDay(text) {
				r.refuse(value, "expires: want a day such as 2027-01-31")
			}
		default:
			r.refuse(key, "%.40q: want rule, at, as, reason and expires", key.Value)
		}
	}
	switch {
	case e.rule == "":
		r.refuse(n, "an entry without a rule")
	case !strings.HasPrefix(e.at, "/"):
		r.refuse(n, "an entry without a place: at wants a JSON pointer, such as /components/schemas/RenderState")
	case e.reason == "":
		r.refuse(n, "an entry without a reason")
	}
	return e
}

func (r *reader) severity(n *yaml.Node) Severity {
	switch n.Value {
	case "warning":
		return Warning
	case "note":
		return Note
	}
	r.refuse(n, "as: want warning or note")
	return Warning
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}
