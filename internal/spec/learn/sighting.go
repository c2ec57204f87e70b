package learn

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/place"
	"github.com/roughy-go/roughy/internal/traffic"
)

// sighting is one exchange, as it is looked at.
type sighting struct {
	*Learner
	entry     traffic.Entry
	body      []byte // as it was judged; nil if it was not
	operation *operation
	answer    *entry // the response that is documented for its status; nil if there is none
	own       bool   // by that status itself
	looks     map[key]int
	looked    int
	stated    *string
	masked    *traffic.Mask
}

// finding collects what the contract has to say of the exchange.
func (s *sighting) finding(f contract.Finding) {
	above, last := up(f.Document)
	if strings.Contains(f.Pointer, "***") {
		s.stats.Broken["a member of "+s.document.called(above)+" whose name is no plain one"]++
		return
	}
	switch {
	case f.Rule == "undocumented-field":
		s.field(above, f.Pointer)
	case f.Rule == "schema.additionalProperties", f.Rule == "schema.unevaluatedProperties":
		s.field(above, f.Pointer)
	case f.Rule == "schema.enum":
		s.value(above, f.Pointer)
	case f.Rule == "schema.type":
		s.otherType(above, last, f)
	case f.Rule == "schema.format" && f.Layer == contract.LayerBody:
		s.see(key{Format, above, ""}, "")
	case f.Rule == "schema.required":
		_, name := up(f.Pointer)
		s.see(key{Required, above, name}, unnamed(name))
	case f.Rule == "content-type" && s.answer != nil:
		s.content()
	default:
		s.stats.Broken[f.Rule]++
	}
}

// field sees a member that the schema at a place does not name.
func (s *sighting) field(schema, pointer string) {
	_, name := up(pointer)
	d := s.crowded(key{Field, schema, name}, unnamed(name), mostNew, "so many new members are a map's")
	if raw := s.look(d, pointer); raw != nil {
		d.shape.add(raw)
	}
}

// value sees another value of an enum, unless its type is what is wrong.
func (s *sighting) value(schema, pointer string) {
	raw := s.lookup(pointer)
	if raw == nil || !slices.Contains([]byte{'"', '0'}, byte(raw.Kind())) || !s.typed(schema, raw) {
		return
	}
	word, ok := harmless(raw, s.mask())
	if !ok {
		s.see(key{Value, schema, ""}, "a value that may be an id, a secret or free text is no word of an enum")
		return
	}
	s.crowded(key{Value, schema, word}, "", max(fewWords, len(place.Items(place.Member(s.document.At(schema), "enum")))), "so many new values are no words of an enum")
}

// typed tells whether a value has a type that the schema allows.
func (s *sighting) typed(schema string, raw jsontext.Value) bool {
	allowed := types(s.document.At(schema))
	if raw.Kind() == '"' {
		return len(allowed) == 0 || slices.Contains(allowed, "string")
	}
	return len(allowed) == 0 || slices.Contains(allowed, "number") || slices.Contains(allowed, "integer")
}

// otherType sees a value of a type that is not documented, where the schema stands that leads to it.
func (s *sighting) otherType(schema, keyword string, f contract.Finding) {
	raw := s.lookup(f.Pointer)
	if raw == nil {
		return
	}
	kind, k := typeOf(raw), Type
	if kind == "null" {
		k = Null
	}
	site := schema
	if root := s.schema(); root != "" && f.Layer == contract.LayerBody {
		if found, ok := s.document.below(root, place.Split(f.Pointer)); ok {
			site = found
		}
	}
	refused := ""
	if f.Pointer == "" {
		refused = "the whole body is of another type"
	}
	d := s.see(key{k, site, kind}, refused)
	if d != nil && k == Type && s.looks[d.key] <= mostLooks {
		d.shape.add(raw)
	}
}

// schema is the one that the body was held to; "" if nobody knows.
func (s *sighting) schema() string {
	if s.answer == nil {
		return ""
	}
	content := s.document.At(place.Join(s.answer.pointer, "content"))
	if content == nil {
		return ""
	}
	said := mediaType(s.entry.Header)
	for i := 0; i+1 < len(content.Content); i += 2 {
		if name := content.Content[i].Value; strings.EqualFold(name, said) || len(content.Content) == 2 {
			return place.Join(s.answer.pointer, "content", name, "schema")
		}
	}
	return ""
}

func mediaType(h http.Header) string {
	name, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// look is the value that a drift is about; nil once enough were looked at.
func (s *sighting) look(d *drift, pointer string) jsontext.Value {
	if d == nil || s.looks[d.key] > mostLooks {
		return nil
	}
	return s.lookup(pointer)
}

// lookup is the value at a place in the body; nil if there is none.
func (s *sighting) lookup(pointer string) jsontext.Value {
	if s.looked -= len(s.body); s.looked < 0 {
		s.stats.Forgotten++
		return nil
	}
	return lookup(s.body, place.Split(pointer))
}

// state is the member of that name, at the top of the body, if the operation documents words for it.
func (s *sighting) state() string {
	if s.stated == nil {
		s.stated = new("")
		if !s.operation.hasStates(s.document, s.states) {
			return ""
		}
		if word, ok := harmless(lookup(s.body, []string{"state"}), s.mask()); ok {
			s.stated = &word
		}
	}
	return *s.stated
}

// hasStates tells whether a body of the operation has a member state with an enum, whose words it adds to states.
func (o *operation) hasStates(d *document, states map[string]bool) bool {
	if o.states == nil {
		o.states = new(false)
		for _, e := range o.entries {
			content := d.At(place.Join(e.pointer, "content"))
			for i := 0; content != nil && i+1 < len(content.Content); i += 2 {
				site, ok := d.below(place.Join(e.pointer, "content", content.Content[i].Value, "schema"), []string{"state"})
				if words := place.Member(d.At(d.Resolve(site)), "enum"); ok && words != nil {
					o.states = new(true)
					for _, word := range words.Content {
						states[word.Value] = true
					}
				}
			}
		}
	}
	return *o.states
}

// mask knows the secrets of the exchange.
func (s *sighting) mask() traffic.Mask {
	if s.masked == nil {
		s.masked = new(traffic.NewMask(s.entry))
	}
	return *s.masked
}
