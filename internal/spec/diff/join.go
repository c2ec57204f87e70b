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
	for _, f := range found {
		f.claim(edits)
		f.Base, f.Head = placed(base, f.base, f.wasThere), placed(head, f.head, f.isThere)
		out = append(out, f.Change)
	}
	for _, e := range edits {
		if !e.claimed {
			out = append(out, e.change(base, head))
		}
	}
	return out
}

// claim takes the edits that a finding is about, and from a single one the place that oasdiff does not know.
func (f *finding) claim(edits []edit) {
	mine := f.covered(edits)
	if len(mine) == 0 { // oasdiff names a schema's type where it means its format
		f.base, f.head = parent(f.base), parent(f.head)
		mine = f.covered(edits)
	}
	for _, e := range mine {
		e.claimed = true
	}
	if len(mine) == 1 || len(mine) > 1 && !(f.wasThere && f.isThere) {
		e := mine[max(0, slices.IndexFunc(mine, func(e *edit) bool { return e.base == f.base || e.head == f.head }))]
		f.base, f.head, f.wasThere, f.isThere = e.base, e.head, e.wasThere, e.isThere
	}
	f.base, f.head = cmp.Or(f.base, f.head), cmp.Or(f.head, f.base)
}

func (f *finding) covered(edits []edit) []*edit {
	var out []*edit
	for i := range edits {
		if f.covers(edits[i]) {
			out = append(out, &edits[i])
		}
	}
	return out
}

// covers tells whether a finding speaks of an edit. What says nothing of values has to be named itself.
func (f *finding) covers(e edit) bool {
	if f.base != "" && e.wasThere && f.base == e.base || f.head != "" && e.isThere && f.head == e.head {
		return true
	}
	if e.rule().silent {
		return false
	}
	if !e.isThere && f.wasThere && place.Within(f.base, e.base) || !e.wasThere && f.isThere && place.Within(f.head, e.head) {
		return true
	}
	if e.keyword == "required" && (requires(f.base, e.base, e.item) || requires(f.head, e.head, e.item)) {
		return true
	}
	return e.wasThere && speaks(f.base, e.base) || e.isThere && speaks(f.head, e.head)
}

// speaks tells whether a finding at a place is about what was changed below it. One that is about an operation is about its own
// keywords alone.
func speaks(at, edited string) bool {
	if at == "" || !place.Within(edited, at) {
		return false
	}
	if operationOf(at) == "" || len(place.Split(at)) > 3 {
		return len(place.Split(at)) > 2 || at == "/security"
	}
	return slices.Contains([]string{"tags", "operationId", "deprecated", "security"}, place.Split(edited)[3])
}

// parent is the schema that a keyword is of; what is no schema's keyword stays.
func parent(pointer string) string {
	if above, is := strings.CutSuffix(pointer, "/type"); is && !strings.HasSuffix(above, "/properties") {
		return above
	}
	return pointer
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
