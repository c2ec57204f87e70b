package learn

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/overlay"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// seenOnly is the description of what nobody describes.
const seenOnly = "Seen in traffic; nothing documents it."

// marked says of what is added that it was seen, in the way the document says where things are documented.
func (d *document) marked(n *yaml.Node, members ...any) *yaml.Node {
	n.Content = append(n.Content, overlay.Object(members...).Content...)
	n.Content = append(n.Content, overlay.Object("description", seenOnly).Content...)
	if d.sourced {
		n.Content = append(n.Content, overlay.Object("x-documented", "observed").Content...)
	}
	return n
}

// ours says of a keyword of what is documented that it is not.
func (d *document) ours(update *yaml.Node, keyword string) *yaml.Node {
	if d.sourced {
		update.Content = append(update.Content, overlay.Object("x-ours", overlay.List(keyword)).Content...)
	}
	return update
}

// drop takes a keyword away, and out of those that are ours. That list goes with its last one, unless more is put there.
func (d *document) drop(site, keyword string, more bool) []overlay.Action {
	out := []overlay.Action{{Target: d.path(place.Join(site, keyword)), Remove: true}}
	at := place.Join(site, "x-ours")
	list := d.At(at)
	switch {
	case list == nil || !slices.ContainsFunc(list.Content, func(n *yaml.Node) bool { return n.Value == keyword }):
		return out
	case len(list.Content) == 1 && !more:
		return append(out, overlay.Action{Target: d.path(at), Remove: true})
	}
	return append(out, overlay.Action{Target: d.path(at) + "[?@ == " + overlay.Apostrophed(keyword) + "]", Remove: true})
}

// schemaOf writes a shape as a schema that takes all of it, and requires nothing.
func (d *document) schemaOf(s *shape, described bool) *yaml.Node {
	n := overlay.Object()
	put := func(members ...any) { n.Content = append(n.Content, overlay.Object(members...).Content...) }
	kinds := s.kinds()
	solid := slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k == "null" })
	null := len(solid) < len(kinds)
	sure := len(solid) == 1 || !slices.ContainsFunc(solid, func(k string) bool { return s.types[k] < 2 })
	if s.types[""] == 0 && len(solid) > 0 && sure {
		d.putTypes(n, solid, null)
		if slices.Contains(solid, "string") && len(s.formats) > 0 {
			put("format", s.formats[0])
		}
	}
	if described {
		d.marked(n)
	}
	switch isObject := slices.Contains(solid, "object"); {
	case isObject && s.isMap():
		put("additionalProperties", d.schemaOf(s.values(), false))
	case isObject && len(s.members) > 0:
		properties := overlay.Object()
		for _, name := range sortedNames(s.members) {
			properties.Content = append(properties.Content, overlay.Object(name, d.schemaOf(s.members[name], true)).Content...)
		}
		put("properties", properties)
	}
	if slices.Contains(solid, "array") {
		items := &shape{}
		if s.items != nil {
			items = s.items
		}
		put("items", d.schemaOf(items, false))
	}
	return n
}

// putTypes writes types as the dialect has them.
func (d *document) putTypes(n *yaml.Node, solid []string, null bool) {
	switch {
	case len(solid) == 1 && !null:
		n.Content = append(n.Content, overlay.Object("type", solid[0]).Content...)
	case len(solid) == 1 && d.is30:
		n.Content = append(n.Content, overlay.Object("type", solid[0], "nullable", true).Content...)
	case !d.is30:
		list := overlay.List()
		for _, kind := range solid {
			list.Content = append(list.Content, overlay.Scalar(kind))
		}
		if null {
			list.Content = append(list.Content, overlay.Scalar("null"))
		}
		n.Content = append(n.Content, overlay.Object("type", list).Content...)
	}
}

func sortedNames(members map[string]*shape) []string {
	var out []string
	for name := range members {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (d *document) addField(f *drift) []overlay.Action {
	return []overlay.Action{{Target: d.path(f.place),
		Update: overlay.Object("properties", overlay.Object(f.name, d.schemaOf(&f.shape, true)))}}
}

func (d *document) addValue(f *drift) []overlay.Action {
	word := overlay.Scalar(f.name)
	if t := types(d.At(f.place)); len(t) > 0 && !slices.Contains(t, "string") {
		word = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: f.name}
	}
	list := overlay.List(word)
	return []overlay.Action{{Target: d.path(f.place), Update: d.ours(overlay.Object("enum", list), "enum")}}
}

func (d *document) addHeader(f *drift) []overlay.Action {
	schema := overlay.Object()
	d.putTypes(schema, []string{f.shape.headerType()}, false)
	if len(f.shape.formats) > 0 {
		schema.Content = append(schema.Content, overlay.Object("format", f.shape.formats[0]).Content...)
	}
	header := d.marked(overlay.Object())
	header.Content = append(header.Content, overlay.Object("schema", schema).Content...)
	return []overlay.Action{{Target: d.path(f.place), Update: overlay.Object("headers", overlay.Object(headerCase(f.name), header))}}
}

// headerType is the one type that takes all values of a header.
func (s *shape) headerType() string {
	if s.types["string"] > 0 {
		return "string"
	}
	return "integer"
}

// addStatus documents a status: by the schema of another one, if all answers keep that, else by their own shape.
func (l *Learner) addStatus(f *drift) []overlay.Action {
	above, status := up(f.place)
	operation, _ := up(above)
	what := title(status)
	if what == "" {
		what = "Status " + status
	}
	response := overlay.Object("description", what+". "+seenOnly)
	if l.document.sourced {
		response.Content = append(response.Content, overlay.Object("x-documented", "observed").Content...)
	}
	content := overlay.Object()
	for _, said := range sortedMedia(f.status.media) {
		if said != "" && mediaName.MatchString(said) {
			content.Content = append(content.Content, overlay.Object(said, l.mediaObject(f, l.operationAt(operation), said)).Content...)
		}
	}
	if len(content.Content) > 0 {
		response.Content = append(response.Content, overlay.Object("content", content).Content...)
	}
	return []overlay.Action{{Target: l.document.path(above), Update: overlay.Object(status, response)}}
}

func (l *Learner) addContent(f *drift) []overlay.Action {
	media := l.mediaObject(f, nil, f.name)
	if content := l.document.At(place.Join(f.place, "content")); content != nil && len(content.Content) > 1 && f.statusFits() {
		media = l.sameSchema(place.Join(f.place, "content", content.Content[0].Value))
	}
	return []overlay.Action{{Target: l.document.path(f.place), Update: overlay.Object("content", overlay.Object(f.name, media))}}
}

func (d *drift) statusFits() bool {
	for _, n := range d.status.fits {
		if n == d.Exchanges {
			return true
		}
	}
	return false
}

// mediaObject is what a media type of an undocumented status holds.
func (l *Learner) mediaObject(f *drift, o *operation, said string) *yaml.Node {
	if o != nil {
		if e := f.fitting(o); e != nil {
			if content := l.document.At(place.Join(e.pointer, "content")); content != nil && len(content.Content) > 1 {
				return l.sameSchema(place.Join(e.pointer, "content", content.Content[0].Value))
			}
		}
	}
	if f.status.opaque || len(f.shape.types) == 0 {
		return overlay.Object()
	}
	return overlay.Object("schema", l.document.schemaOf(&f.shape, true))
}

// sameSchema is a media type object with the schema of another one.
func (l *Learner) sameSchema(media string) *yaml.Node {
	at := place.Join(media, "schema")
	if ref := place.Member(l.document.At(at), "$ref"); ref != nil {
		return overlay.Object("schema", overlay.Object("$ref", ref.Value))
	}
	return overlay.Object("schema", l.document.At(at))
}

func (l *Learner) operationAt(pointer string) *operation {
	for _, o := range l.operations {
		if o.pointer == pointer {
			return o
		}
	}
	return nil
}

func sortedMedia(media map[string]int) []string {
	var out []string
	for said := range media {
		out = append(out, said)
	}
	slices.Sort(out)
	return out
}

// loosen takes a name out of those that are required; the only one, with the list.
func (d *document) loosen(f *drift, more bool) []overlay.Action {
	if list := d.At(place.Join(f.place, "required")); list != nil && len(list.Content) == 1 {
		return d.drop(f.place, "required", more)
	}
	target := d.path(place.Join(f.place, "required")) + "[?@ == " + overlay.Apostrophed(f.name) + "]"
	return []overlay.Action{{Target: target, Remove: true}}
}

// format ends one that texts do not have, or says which one all have.
func (d *document) format(f *drift, more bool) []overlay.Action {
	if f.name == "" {
		return d.drop(f.place, "format", more)
	}
	return []overlay.Action{{Target: d.path(f.place), Update: d.ours(overlay.Object("format", f.name), "format")}}
}

// extensions are what an action says of why it is proposed.
func (p *Proposal) extensions() []overlay.Extension {
	e := overlay.Object("exchanges", p.Evidence.Exchanges, "renders", p.Evidence.Renders)
	put := func(members ...any) { e.Content = append(e.Content, overlay.Object(members...).Content...) }
	if p.Evidence.MoreRenders {
		put("more-renders", true)
	}
	if !p.Evidence.First.IsZero() {
		put("first-seen", p.Evidence.First.UTC().Format(time.RFC3339), "last-seen", p.Evidence.Last.UTC().Format(time.RFC3339))
	}
	if len(p.Evidence.States) > 0 {
		states := overlay.Object()
		for _, state := range sortedMedia(p.Evidence.States) {
			states.Content = append(states.Content, overlay.Object(state, p.Evidence.States[state]).Content...)
		}
		put("states", states)
	}
	return []overlay.Extension{{Name: "x-confidence", Value: p.Confidence}, {Name: "x-evidence", Value: e}}
}
