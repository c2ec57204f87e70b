package diff

import (
	"iter"
	"strings"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// places finds edits by where they are.
type places struct {
	exact    map[string][]*edit // at a pointer, or referring to it
	below    map[string][]*edit // at a pointer, and below it
	requires map[string][]*edit // lists of required members and items of them, by the property that they are about
}

func placesOf(edits []edit) places {
	p := places{map[string][]*edit{}, map[string][]*edit{}, map[string][]*edit{}}
	for i := range edits {
		e := &edits[i]
		p.put(e, e.base)
		if e.head != e.base {
			p.put(e, e.head)
		}
		if e.target != "" {
			p.exact[e.target] = append(p.exact[e.target], e)
		}
	}
	return p
}

func (p places) put(e *edit, pointer string) {
	p.exact[pointer] = append(p.exact[pointer], e)
	for at := range upwards(pointer) {
		p.below[at] = append(p.below[at], e)
	}
	if schema, _, is := strings.Cut(pointer+"/", "/required/"); is {
		property := place.Join(schema, "properties", e.item)
		p.requires[property] = append(p.requires[property], e)
	}
}

// near are the edits that a finding at a pointer may speak of.
func (p places) near(pointer string) []*edit {
	var out []*edit
	for at := range upwards(pointer) {
		out = append(out, p.exact[at]...)
	}
	out = append(out, p.requires[pointer]...)
	if schema, is := strings.CutSuffix(pointer, "/type"); is {
		out = append(out, p.exact[schema+"/format"]...)
	}
	if operationOf(pointer) != "" && strings.Count(pointer, "/") == 3 {
		for _, keyword := range operationKeywords {
			out = append(out, p.below[place.Join(pointer, keyword)]...)
		}
	} else if isPart(pointer) {
		out = append(out, p.below[pointer]...)
	}
	return out
}

// upwards goes from a pointer to those around it.
func upwards(pointer string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for pointer != "" && yield(pointer) {
			pointer = pointer[:strings.LastIndexByte(pointer, '/')]
		}
	}
}
