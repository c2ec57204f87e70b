package learn

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/overlay"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// widen adds types to what is documented at one place, and takes none away. Where the document cannot say it, it is why.
func (d *document) widen(together []*drift) (actions []overlay.Action, why string) {
	site := together[0].place
	var added []string
	for _, t := range together {
		added = append(added, t.name)
	}
	n, target := d.At(site), d.path(site)
	switch {
	case n == nil || n.Kind != yaml.MappingNode:
		return nil, "a conflict: no schema is found that says what it is"
	case d.is30:
		return d.widen30(n, site, added)
	case place.Member(n, "$ref") != nil:
		choice := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{overlay.Object("$ref", place.Member(n, "$ref").Value)}}
		for _, t := range added {
			choice.Content = append(choice.Content, overlay.Object("type", t))
		}
		update := overlay.Object("anyOf", choice)
		if place.Member(n, "description") == nil {
			update = d.retold(place.Member(n, "$ref").Value, added, choice)
		}
		return []overlay.Action{{Target: d.path(place.Join(site, "$ref")), Remove: true}, {Target: target, Update: update}}, ""
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		if place.Member(n, keyword) != nil && place.Member(n, "type") == nil {
			choice := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
			for _, t := range added {
				choice.Content = append(choice.Content, overlay.Object("type", t))
			}
			return []overlay.Action{{Target: target, Update: d.ours(overlay.Object(keyword, choice), keyword)}}, ""
		}
	}
	known := types(n)
	if all := place.Member(n, "allOf"); all != nil && len(known) == 0 {
		choice := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{overlay.Object("allOf", all)}}
		for _, t := range added {
			choice.Content = append(choice.Content, overlay.Object("type", t))
		}
		return d.choose(site, "allOf", choice), ""
	}
	if len(known) == 0 {
		return nil, "a conflict: no keyword is found that says its type"
	}
	return d.widenTypes(n, site, known, added), ""
}

// widenTypes puts another list of types in the place of the one that is documented.
func (d *document) widenTypes(n *yaml.Node, site string, known, added []string) []overlay.Action {
	list, target := slices.Clone(known), d.path(site)
	for _, t := range added {
		if i := slices.Index(list, "integer"); t == "number" && i >= 0 {
			list[i] = t // which takes integers too
		} else if !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	if i := slices.Index(list, "null"); i >= 0 {
		list = append(slices.Delete(list, i, i+1), "null")
	}
	types := overlay.List()
	for _, t := range list {
		types.Content = append(types.Content, overlay.Scalar(t))
	}
	update := overlay.Object("type", types)
	if len(list) == 1 {
		update = overlay.Object("type", list[0])
	}
	if slices.Contains(added, "null") && place.Member(n, "enum") != nil {
		update.Content = append(update.Content, overlay.Object("enum", overlay.List(nil)).Content...)
	}
	out := []overlay.Action{{Target: d.path(place.Join(site, "type")), Remove: true}, {Target: target, Update: d.ours(update, "type")}}
	if format := d.text(place.Join(site, "format")); slices.Contains(added, "number") && (format == "int32" || format == "int64") {
		out = append(out, d.drop(site, "format", true)...)
	}
	return out
}

// widen30 knows null alone: OpenAPI 3.0 has no lists of types.
func (d *document) widen30(n *yaml.Node, site string, added []string) ([]overlay.Action, string) {
	if !slices.Equal(added, []string{"null"}) {
		return nil, "a conflict: OpenAPI 3.0 cannot say that a value has one of several types"
	}
	target := d.path(site)
	for _, keyword := range []string{"$ref", "allOf"} { // nullable beside them does nothing
		if value := place.Member(n, keyword); value != nil && (keyword == "$ref" || len(types(n)) == 0) {
			onlyNull := overlay.Object("type", "string", "nullable", true, "enum", overlay.List(nil))
			choice := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{overlay.Object(keyword, value), onlyNull}}
			return d.choose(site, keyword, choice), ""
		}
	}
	update := overlay.Object("nullable", true)
	if place.Member(n, "enum") != nil {
		update.Content = append(update.Content, overlay.Object("enum", overlay.List(nil)).Content...)
	}
	return []overlay.Action{{Target: target, Update: d.ours(update, "nullable")}}, ""
}

// choose puts a choice in the place of a keyword.
func (d *document) choose(site, keyword string, choice *yaml.Node) []overlay.Action {
	return append(d.drop(site, keyword, false), overlay.Action{Target: d.path(site), Update: overlay.Object("anyOf", choice)})
}

// retold is a choice of what a reference leads to and other types, described.
func (d *document) retold(reference string, added []string, choice *yaml.Node) *yaml.Node {
	_, name := up(reference[1:])
	update := overlay.Object("description", fmt.Sprintf("%s, or %s, which was seen in traffic; nothing documents that.", name, strings.Join(added, " or ")))
	if source := d.text(place.Join(d.Resolve(reference[1:]), "x-documented")); source != "" {
		update.Content = append(update.Content, overlay.Object("x-documented", source).Content...)
	}
	update.Content = append(update.Content, overlay.Object("anyOf", choice).Content...)
	return d.ours(update, "anyOf")
}
