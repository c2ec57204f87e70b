package traffic

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/secret"
)

// preface stands at the top of every baseline that is written.
const preface = `# What is accepted although the contract says otherwise: each finding for a reason, and until a day.
# Reasons and days are for people to change; --write-baseline adds what is new and keeps the rest.
# A finding that is no longer there is told as stale: take it out. After its day, it counts again.
`

// ReadBaseline reads a file as the package doc describes it. Its errors are one line that begins with file:line, and say what to
// write.
func ReadBaseline(name string, data []byte) (*Baseline, error) {
	var root, second yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:%s: no YAML: %s", name, lineOf(err), spoken(err.Error()))
	}
	r := baselineReader{name}
	if len(root.Content) == 0 {
		return nil, fmt.Errorf("%s:1: no baseline: want version: 1 and accepted:", name)
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, r.at(&second, "a second document begins: want one")
	}
	return r.baseline(root.Content[0])
}

var lineNumber = regexp.MustCompile(`line (\d+)`)

func lineOf(err error) string {
	if m := lineNumber.FindStringSubmatch(err.Error()); m != nil {
		return m[1]
	}
	return "1"
}

// spoken is a text from elsewhere as an error may repeat it.
func spoken(text string) string {
	letters := []rune(strings.Join(strings.Fields(secret.Mask(text)), " "))
	return string(letters[:min(len(letters), 100)])
}

// baselineReader knows where it reads.
type baselineReader struct{ name string }

func (r baselineReader) at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.name, max(n.Line, 1), fmt.Sprintf(format, args...))
}

func (r baselineReader) baseline(n *yaml.Node) (*Baseline, error) {
	top, err := r.mapping(n, "version", "accepted")
	if err != nil {
		return nil, err
	}
	switch version := top["version"]; {
	case version == nil:
		return nil, r.at(n, "no version: write version: 1")
	case version.Value != "1":
		return nil, r.at(version, "version %q is not known: want 1", spoken(version.Value))
	}
	b := &Baseline{accepted: map[key]*acceptance{}}
	list := top["accepted"]
	switch {
	case list == nil || list.Tag == "!!null":
		return b, nil
	case list.Kind != yaml.SequenceNode:
		return nil, r.at(list, "accepted is no list")
	}
	for _, item := range list.Content {
		a, err := r.acceptance(item)
		if err != nil {
			return nil, err
		}
		if before := b.accepted[a.key]; before != nil {
			return nil, r.at(item, "%s is accepted twice: see %s", spoken(a.key.String()), before.place)
		}
		b.accepted[a.key] = a
	}
	return b, nil
}

// mapping are the members of an object that may have these names.
func (r baselineReader) mapping(n *yaml.Node, names ...string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, r.at(n, "want %s", strings.Join(names, ", "))
	}
	out := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(names, name.Value):
			return nil, r.at(name, "%q is not known here: want %s", spoken(name.Value), strings.Join(names, ", "))
		case out[name.Value] != nil:
			return nil, r.at(name, "%s comes twice", name.Value)
		}
		out[name.Value] = value
	}
	return out, nil
}

func (r baselineReader) acceptance(n *yaml.Node) (*acceptance, error) {
	names := []string{"rule", "operation", "pointer", "document", "reason", "expires"}
	members, err := r.mapping(n, names...)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, name := range names {
		if value := members[name]; value != nil {
			if value.Kind != yaml.ScalarNode {
				return nil, r.at(value, "%s is no text", name)
			}
			if value.Tag != "!!null" {
				texts[name] = strings.TrimSpace(value.Value)
			}
		}
	}
	a := &acceptance{
		key:    key{texts["operation"], texts["rule"], contract.AnyIndex(texts["pointer"]), texts["document"]},
		reason: texts["reason"], expires: texts["expires"], place: fmt.Sprintf("%s:%d", r.name, n.Line),
	}
	_, err = time.Parse(time.DateOnly, a.expires)
	switch {
	case a.rule == "":
		return nil, r.at(n, "no rule: write which finding it is, as reports name it, such as rule: schema.enum")
	case a.reason == "":
		return nil, r.at(n, "%s has no reason: write why it is accepted, as reason: …", spoken(a.key.String()))
	case a.expires == "":
		return nil, r.at(n, "%s has no day on which it expires: write one, as expires: 2027-02-23", spoken(a.key.String()))
	case err != nil:
		return nil, r.at(members["expires"], "expires is no day: write one as 2027-02-23")
	}
	return a, nil
}

// written is an entry as the file has it.
type written struct {
	Rule      string    `yaml:"rule"`
	Operation string    `yaml:"operation,omitempty"`
	Pointer   string    `yaml:"pointer,omitempty"`
	Document  string    `yaml:"document,omitempty"`
	Reason    string    `yaml:"reason"`
	Expires   yaml.Node `yaml:"expires"`
}

// Encode is the file, in a fixed order. A reason that is blank is an error: nobody could read the file back.
func (b *Baseline) Encode() ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	file := struct {
		Version  int       `yaml:"version"`
		Accepted []written `yaml:"accepted"`
	}{Version: 1, Accepted: []written{}}
	for _, a := range b.sorted() {
		if strings.TrimSpace(a.reason) == "" {
			return nil, fmt.Errorf("baseline: %s has no reason: give one", a.key)
		}
		file.Accepted = append(file.Accepted, written{a.rule, a.operation, a.pointer, a.document, a.reason,
			yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: a.expires}})
	}
	text, err := yaml.Dump(file, yaml.WithIndent(2))
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	return append([]byte(preface), text...), nil
}
