package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// join is what oasdiff says and what is left of the edits, each with its places.
func join(base, head side, found []finding, edits []edit) []Change {
	out := []Change{}
	by := placesOf(edits)
	for _, f := range found {
		f.claim(by)
		f.Base, f.Head = placed(base, f.base, f.wasThere), placed(head, f.head, f.isThere)
		out = append(out, f.Change)
	}
	var before, after map[string]bool
	for _, e := range edits {
		if e.claimed {
			continue
		}
		if before == nil {
			before, after = sent(base.Document), sent(head.Document)
		}
		e.sent = isSent(before, e.base) || isSent(after, e.head)
		out = append(out, e.change(base, head))
	}
	return out
}

// claim takes the edits that a finding is about, and from a single one the place that oasdiff does not know.
func (f *finding) claim(by places) {
	mine := f.covered(by)
	for _, e := range mine {
		e.claimed = true
	}
	if len(mine) == 1 || len(mine) > 1 && !(f.wasThere && f.isThere) {
		e := mine[max(0, slices.IndexFunc(mine, func(e *edit) bool { return e.base == f.base || e.head == f.head }))]
		f.base, f.head, f.wasThere, f.isThere = e.base, e.head, e.wasThere, e.isThere
	}
	f.base, f.head = cmp.Or(f.base, f.head), cmp.Or(f.head, f.base)
}

func (f *finding) covered(by places) []*edit {
	var out []*edit
	for _, e := range append(by.near(f.base), by.near(f.head)...) {
		if f.covers(*e) && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// covers tells whether a finding speaks of an edit. What says nothing of values has to be named itself.
func (f *finding) covers(e edit) bool {
	if f.base != "" && e.wasThere && f.base == e.base || f.head != "" && e.isThere && f.head == e.head {
		return true
	}
	if e.covered || e.rule().silent {
		return false
	}
	if e.target != "" && (e.target == f.base && !e.isThere || e.target == f.head && !e.wasThere) && f.onPathOf(e) {
		return true
	}
	if !e.isThere && f.wasThere && place.Within(f.base, e.base) || !e.wasThere && f.isThere && place.Within(f.head, e.head) {
		return true
	}
	if e.keyword == "required" && (requires(f.base, e.base, e.item) || requires(f.head, e.head, e.item)) {
		return true
	}
	if e.keyword == "format" && (ofType(f.base) == schemaOf(e.base, e.wasThere) || ofType(f.head) == schemaOf(e.head, e.isThere)) {
		return true
	}
	return e.wasThere && speaks(f.base, e.base) || e.isThere && speaks(f.head, e.head)
}

// onPathOf tells whether a finding and an edit are of one path: what is taken out of one may be referred to by others.
func (f *finding) onPathOf(e edit) bool {
	_, path, _ := strings.Cut(f.Operation, " ")
	parts := place.Split(e.at())
	return len(parts) > 1 && parts[0] == "paths" && template(parts[1]) == template(path)
}

// speaks tells whether a finding at a place is about what was changed below it. One that is about an operation is about its own
// keywords alone.
func speaks(at, edited string) bool {
	if at == "" || !place.Within(edited, at) {
		return false
	}
	if operationOf(at) == "" || len(place.Split(at)) > 3 {
		return isPart(at)
	}
	return slices.Contains(operationKeywords, place.Split(edited)[3])
}

// operationKeywords are what a finding about an operation can be about.
var operationKeywords = []string{"tags", "operationId", "deprecated", "security"}

// isPart tells whether a place is small enough for a finding at it to be about all of it.
func isPart(at string) bool { return strings.Count(at, "/") > 2 || at == "/security" }

// ofType is the schema whose type a pointer leads to: there oasdiff puts what it says of a format.
func ofType(pointer string) string {
	schema, is := strings.CutSuffix(pointer, "/type")
	if !is {
		return "none"
	}
	return schema
}

// schemaOf is the schema that a keyword is of, or around that one.
func schemaOf(pointer string, there bool) string {
	if !there {
		return pointer
	}
	return pointer[:strings.LastIndexByte(pointer, '/')]
}

// requires tells whether a list of required members, or an item of it, is about the property at a pointer.
func requires(property, list, name string) bool {
	schema, _, _ := strings.Cut(list+"/", "/required/")
	return property != "" && property == place.Join(schema, "properties", name)
}

// placed is a pointer in a document. One that is not known is the top.
func placed(s side, pointer string, there bool) Place {
	return Place{Pointer: pointer, Position: s.Position(pointer), There: there}
}
