package learn

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// texts are the places in the bodies of a response whose texts are documented without a format. A tree, by the members on the way.
type texts struct {
	site    string // where the text's schema is written; "" on the way to others
	members map[string]*texts
	items   *texts

	seen    bool
	formats []string            // that all so far had
	values  map[uint64]struct{} // told apart, up to a few: one value alone tells nothing
}

// formatWords are what a format may be proposed for: a text that has one of these cannot have it by chance. A link is one by chance.
var formatWords = []string{"uuid", "date-time", "date"}

const (
	mostTexts  = 1000
	deepTexts  = 12
	fewValues  = 3
	leastAlike = 2
)

// texts are those of a response; nil if it has none.
func (l *Learner) texts(e *entry) *texts {
	if e == nil {
		return nil
	}
	if t, known := l.formats[e.pointer]; known {
		return t
	}
	var t *texts
	if content := l.document.At(place.Join(e.pointer, "content")); content != nil && content.Kind == yaml.MappingNode && len(content.Content) == 2 {
		left := mostTexts
		t = l.document.texts(place.Join(e.pointer, "content", content.Content[0].Value, "schema"), deepTexts, &left)
	}
	l.formats[e.pointer] = t
	return t
}

// texts looks for places below a schema.
func (d *document) texts(schema string, deep int, left *int) *texts {
	at := d.Resolve(schema)
	n := d.At(at)
	if n == nil || n.Kind != yaml.MappingNode || deep == 0 || *left <= 0 {
		return nil
	}
	*left--
	t := &texts{members: map[string]*texts{}}
	if slices.Contains(types(n), "string") && d.isOpen(n) {
		t.site = at
	}
	properties := place.Member(n, "properties")
	for i := 0; properties != nil && i+1 < len(properties.Content); i += 2 {
		name := properties.Content[i].Value
		if below := d.texts(place.Join(at, "properties", name), deep-1, left); below != nil {
			t.members[name] = below
		}
	}
	if place.Member(n, "items") != nil {
		t.items = d.texts(place.Join(at, "items"), deep-1, left)
	}
	if t.site == "" && len(t.members) == 0 && t.items == nil {
		return nil
	}
	return t
}

// isOpen tells a schema that takes any text.
func (d *document) isOpen(n *yaml.Node) bool {
	for _, keyword := range []string{"format", "enum", "const", "pattern", "allOf", "anyOf", "oneOf", "not"} {
		if place.Member(n, keyword) != nil {
			return false
		}
	}
	return true
}

// look notes the formats of the texts in a body.
func (t *texts) look(s *sighting) {
	if t == nil || s.body == nil {
		return
	}
	t.walk(s, jsontext.NewDecoder(bytes.NewReader(s.body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)))
}

// walk goes over one value; ok is false where the body is no JSON.
func (t *texts) walk(s *sighting, d *jsontext.Decoder) (ok bool) {
	kind := d.PeekKind()
	switch {
	case t == nil || kind == '{' && len(t.members) == 0 || kind == '[' && t.items == nil:
		return d.SkipValue() == nil
	case kind == '{':
		_, _ = d.ReadToken()
		for d.PeekKind() == '"' {
			name, err := d.ReadToken()
			if err != nil || !t.members[name.String()].walk(s, d) {
				return false
			}
		}
		_, err := d.ReadToken()
		return err == nil
	case kind == '[':
		_, _ = d.ReadToken()
		for d.PeekKind() != ']' {
			if !t.items.walk(s, d) {
				return false
			}
		}
		_, err := d.ReadToken()
		return err == nil
	}
	raw, err := d.ReadValue()
	if err == nil && kind == '"' && t.site != "" {
		t.note(s, raw)
	}
	return err == nil
}

// note looks at one text. The first that has no format ends it for the place.
func (t *texts) note(s *sighting, raw jsontext.Value) {
	if t.seen && len(t.formats) == 0 {
		return
	}
	plain, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return
	}
	found := slices.DeleteFunc(formatsOf(string(plain)), func(f string) bool { return !slices.Contains(formatWords, f) })
	if !t.seen {
		t.seen, t.formats, t.values = true, found, map[uint64]struct{}{}
	}
	t.formats = slices.DeleteFunc(t.formats, func(f string) bool { return !slices.Contains(found, f) })
	if len(t.formats) == 0 {
		return
	}
	if len(t.values) < fewValues {
		t.values[hash(string(plain))] = struct{}{}
	}
	s.see(key{Format, t.site, t.formats[0]}, "")
}

// alike goes over the places whose texts all have one format, and have it more than once.
func (t *texts) alike(visit func(site, format string)) {
	if t == nil {
		return
	}
	if t.site != "" && len(t.formats) > 0 && len(t.values) >= leastAlike {
		visit(t.site, t.formats[0])
	}
	for _, below := range t.members {
		below.alike(visit)
	}
	t.items.alike(visit)
}
