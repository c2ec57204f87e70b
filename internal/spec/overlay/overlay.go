// Package overlay reads OpenAPI Overlays, and applies them to a document so that all they do not speak of stays as it is written:
// every other byte, comment and blank line, and the order.
//
// [Read] takes an overlay, [Overlay.Encode] writes one, and [Apply] edits the text of a document.
//
// # Overlays
//
// OpenAPI Overlay 1.0: a list of actions, each with a JSONPath (RFC 9535) as its target and what to do there. An update is merged:
// objects member by member, what is in a list already is not added again, and a value is only replaced by one of its kind. A remove
// takes out all that the target selects; where that is nothing, and what is above it is there, it is done already. An action that takes
// out a member, and the next one that puts a member of that name there, are one: the new value stands where the old one stood.
//
// An overlay that Encode wrote says in x-base which document it was made for, by a digest of what that says, and each action has its
// reasons in x- members. These are for people, and Apply leaves them out.
//
// # What is refused
//
// An action that hits nothing. An overlay for another document than this one, unless all that it asks for is there already. Two
// actions that ask for different things in one place. What would change something each time it is applied, such as the removal of an
// item by its number. A place that cannot be edited without changing another: one behind an alias, or with an anchor that aliases
// share. Each has its line, and nothing is changed then.
//
// What Apply returns has been read again, and says what the overlay asks for and nothing else.
package overlay

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/secret"
)

// Overlay is a list of changes to a document.
type Overlay struct {
	Title   string
	Version string
	Extends string // the document's name; "" if it says none
	Base    Base   // the document that it was made for; its zero value is any
	Actions []Action

	name string // where it was read
}

// Base is what is known of the document that an overlay was made for.
type Base struct {
	Version string // info.version
	Digest  string // of what the document says, as Digest has it; "" if nobody knows
}

// Action is one change.
type Action struct {
	Target      string     // JSONPath
	Description string     // for people
	Update      *yaml.Node // what to merge; nil if there is nothing
	Remove      bool
	Extensions  []Extension // in their order

	line int
}

// Extension is an x- member of an action.
type Extension struct {
	Name  string
	Value any // as YAML's encoder takes it
}

// mostBytes an overlay may have: as many as a document.
const mostBytes = 10_000_000

// Read reads an overlay of at most 10 MB, YAML or JSON, whose name stands in its errors: one line, with file:line where there is one.
func Read(name string, data []byte) (*Overlay, error) {
	if len(data) > mostBytes {
		return nil, fmt.Errorf("%s: more than 10 MB: want an overlay of at most that", name)
	}
	var root, second yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: not YAML or JSON: %s", name, spoken(err.Error()))
	}
	if len(root.Content) == 0 {
		return nil, fmt.Errorf("%s: empty: want an OpenAPI overlay", name)
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: a second document begins: want one", name)
	}
	r := reader{name}
	return r.overlay(root.Content[0])
}

// spoken is a text from elsewhere as an error may repeat it.
func spoken(text string) string {
	letters := []rune(strings.Join(strings.Fields(secret.Mask(text)), " "))
	return string(letters[:min(len(letters), 200)])
}

// reader knows where it reads.
type reader struct{ name string }

func (r reader) at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.name, max(n.Line, 1), fmt.Sprintf(format, args...))
}

func (r reader) overlay(n *yaml.Node) (*Overlay, error) {
	version := member(n, "overlay")
	switch {
	case n.Kind != yaml.MappingNode || version == nil:
		return nil, r.at(n, "no OpenAPI overlay: want overlay: 1.0.0 and actions")
	case !strings.HasPrefix(version.Value, "1.0."):
		return nil, r.at(version, "overlay %q is not supported: want 1.0.0", spoken(version.Value))
	}
	o := &Overlay{Extends: text(n, "extends"), name: r.name}
	if info := member(n, "info"); info != nil {
		o.Title, o.Version = text(info, "title"), text(info, "version")
	}
	if base := member(n, "x-base"); base != nil {
		o.Base = Base{text(base, "version"), text(base, "digest")}
	}
	actions := member(n, "actions")
	if actions == nil || actions.Kind != yaml.SequenceNode {
		return nil, r.at(n, "no list of actions")
	}
	for _, item := range actions.Content {
		a, err := r.action(item)
		if err != nil {
			return nil, err
		}
		o.Actions = append(o.Actions, a)
	}
	return o, nil
}

func (r reader) action(n *yaml.Node) (Action, error) {
	a := Action{Target: text(n, "target"), Description: text(n, "description"), Update: member(n, "update"), line: n.Line}
	switch remove := member(n, "remove"); {
	case n.Kind != yaml.MappingNode || a.Target == "":
		return a, r.at(n, "an action without a target: write a JSONPath, such as target: $.info")
	case remove != nil && remove.ShortTag() != "!!bool":
		return a, r.at(remove, "remove: want true or false")
	default:
		a.Remove = remove != nil && strings.EqualFold(remove.Value, "true")
	}
	if a.Update == nil && !a.Remove {
		return a, r.at(n, "an action that does nothing: want update or remove: true")
	}
	if a.Remove {
		a.Update = nil // the specification: it has no impact then
	}
	return a, nil
}

// text is a member that says something in one value.
func text(n *yaml.Node, name string) string {
	if v := member(n, name); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}

// member is a mapping's own member of a name; nil if there is none.
func member(n *yaml.Node, name string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}
