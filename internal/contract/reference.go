package contract

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// references knows where references lead within the document: to a pointer, to an anchor, or into a schema with an id of its
// own.
type references struct {
	tree
	embedded []embedded                   // outer ones first
	anchors  map[string]string            // pointers by the pointer of the resource, # and the anchor
	dynamic  map[string]map[string]string // those that $dynamicRef may choose, by resource and name
}

// embedded is a schema with an id: a resource of its own, whose references are relative to it.
type embedded struct {
	pointer string
	uri     *url.URL
}

// newReferences looks for ids and anchors, which OpenAPI 3.0 has not.
func newReferences(t tree) references {
	r := references{t, nil, map[string]string{}, map[string]map[string]string{}}
	if t.is30() {
		return r
	}
	t.visit(func(n *yaml.Node, at string) error {
		in := r.around(at)
		if id, ok := textOf(n, "$id"); ok {
			if uri, err := in.uri.Parse(id); err == nil {
				uri.Fragment, uri.RawFragment = "", ""
				in = embedded{at, uri}
				r.embedded = append(r.embedded, in)
			}
		}
		if name, ok := textOf(n, "$anchor"); ok {
			r.anchors[in.pointer+"#"+name] = at
		}
		if name, ok := textOf(n, "$dynamicAnchor"); ok {
			r.anchors[in.pointer+"#"+name] = at
			if r.dynamic[in.pointer] == nil {
				r.dynamic[in.pointer] = map[string]string{}
			}
			r.dynamic[in.pointer][name] = at
		}
		return nil
	})
	return r
}

// scope is what dynamic anchors mean at a place that a response leads to: for each name, the place in the outermost resource
// on the way there that has one.
type scope []string // name, pointer, name, pointer

// enter is the scope once a resource has been entered too.
func (r references) enter(outer scope, at string) scope {
	inner := r.dynamic[r.around(at).pointer]
	out := slices.Clone(outer)
	for _, name := range slices.Sorted(maps.Keys(inner)) {
		if out.find(name) == "" {
			out = append(out, name, inner[name])
		}
	}
	return out
}

func (s scope) find(name string) (pointer string) {
	for i := 0; i < len(s); i += 2 {
		if s[i] == name {
			return s[i+1]
		}
	}
	return ""
}

// dynamicTarget is where a $dynamicRef leads: to where a $ref would or, if there is a dynamic anchor, to what that means in the
// scope.
func (r references) dynamicTarget(at, ref string, in scope) (pointer string, ok bool) {
	pointer, ok = r.target(at, ref)
	_, name, _ := strings.Cut(ref, "#")
	if ok && r.dynamic[r.around(pointer).pointer][name] == pointer {
		if outer := in.find(name); outer != "" {
			return outer, true
		}
	}
	return pointer, ok
}

// around is the resource that a place belongs to.
func (r references) around(at string) embedded {
	in := embedded{"", &url.URL{}}
	for _, e := range r.embedded {
		if at == e.pointer || strings.HasPrefix(at, e.pointer+"/") {
			in = e
		}
	}
	return in
}

// target is the pointer that a reference at a place leads to, if it stays inside of the document and an anchor that it names
// is there.
func (r references) target(at, ref string) (pointer string, ok bool) {
	to, err := r.around(at).uri.Parse(ref)
	if err != nil {
		return "", false
	}
	fragment := to.Fragment
	to.Fragment, to.RawFragment = "", ""
	in, ok := r.resource(to.String())
	switch {
	case !ok:
		return "", false
	case fragment == "":
		return in, true
	case fragment[0] == '/':
		return in + fragment, true
	}
	pointer, ok = r.anchors[in+"#"+fragment]
	return pointer, ok
}

func (r references) resource(uri string) (pointer string, ok bool) {
	for _, e := range r.embedded {
		if e.uri.String() == uri {
			return e.pointer, true
		}
	}
	return "", uri == ""
}

// follow goes from reference to reference until it stands on something that is none, or, where they lead in a circle, back
// where it was.
func (r references) follow(pointer string) (to string, circle bool) {
	seen := map[string]bool{}
	for !seen[pointer] {
		seen[pointer] = true
		n, _, found := r.at(pointer)
		if !found {
			return pointer, false
		}
		ref, isRef := textOf(n, "$ref")
		target, ok := r.target(pointer, ref)
		if !isRef || !ok {
			return pointer, false
		}
		pointer = target
	}
	return pointer, true
}

// resolve is where references lead.
func (r references) resolve(pointer string) string {
	to, _ := r.follow(pointer)
	return to
}

// check refuses references that lead out of the document, to nowhere, or in a circle.
func (r references) check() error {
	return r.visit(func(n *yaml.Node, at string) error {
		ref, isRef := textOf(n, "$ref")
		if !isRef {
			return nil
		}
		_, place := member(n, "$ref")
		target, ok := r.target(at, ref)
		_, circle := r.follow(at)
		_, _, found := r.at(target)
		switch {
		case !ok && !strings.HasPrefix(ref, "#"):
			return fmt.Errorf("%s: reference %s leaves the document: only references inside it are followed", r.place(place), quoted(ref))
		case !ok || !found:
			return fmt.Errorf("%s: reference %s leads nowhere", r.place(place), quoted(ref))
		case circle:
			return fmt.Errorf("%s: reference %s leads back to itself", r.place(place), quoted(ref))
		}
		return nil
	})
}
