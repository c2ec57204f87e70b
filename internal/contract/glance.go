package contract

import (
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// glance goes once over a body, and notes the parts of the document that are in it.
type glance struct {
	scanner
	schemas  *schemas
	shown    []uint64   // a bit for each part
	outlooks []*outlook // of the open values
	scenes   []*scene
	depth    int
	fuel     int // bytes that may still be decoded
	values   int // values that may still be made of them
	effort   int // steps that the full engine may still take
}

// over goes over a body of a status with so many parts, as far as it is JSON.
func (g *glance) over(o *outlook, body []byte, parts int) {
	// The text is the body's own bytes, as in admit.
	g.text, g.at = unsafe.String(unsafe.SliceData(body), len(body)), 0
	g.fuel, g.values, g.effort = 64*len(body)+4096, mostValues, mostEffort
	for range (parts + 63) / 64 {
		g.shown = append(g.shown, 0)
	}
	g.outlooks = append(g.outlooks, o)
	g.value(0)
}

// reset forgets the body.
func (g *glance) reset() {
	clear(g.outlooks)
	clear(g.scenes)
	*g = glance{schemas: g.schemas, shown: g.shown[:0], outlooks: g.outlooks[:0], scenes: g.scenes[:0]}
}

// value goes over one value, whose outlooks begin at from. It stops where the body is no JSON, as all below do.
func (g *glance) value(from int) (ok bool) {
	k := startKinds[g.skim()]
	if k == kindCount {
		return false
	}
	base := len(g.scenes)
	for i := from; i < len(g.outlooks) && g.depth < mostOpen; i++ {
		g.enter(g.outlooks[i], k)
	}
	g.depth++
	switch {
	case len(g.scenes) == base:
		ok = g.pass()
	case k == kindObject:
		ok = g.object(base)
	case k == kindArray:
		ok = g.array(base)
	default:
		ok = g.scalar(k, base)
	}
	g.depth--
	g.scenes = g.scenes[:base]
	return ok
}

// enter adds the scenes of an outlook for the value that begins here.
func (g *glance) enter(o *outlook, k kind) {
	if o.unclear.has(k) {
		if applied, known := g.applied(o.root); known {
			for _, one := range applied {
				if s := o.scenes[one]; s != nil {
					g.scenes = append(g.scenes, s)
				}
			}
			return
		}
	}
	g.scenes = append(g.scenes, o.byKind[k]...)
}

// applied asks the full engine which schemas hold for the value that begins here, unless that takes too much.
func (g *glance) applied(root *jsonschema.Schema) (out []*jsonschema.Schema, known bool) {
	ahead := g.scanner
	if !ahead.pass() {
		return nil, false
	}
	if g.fuel -= ahead.at - g.at; g.fuel < 0 || g.effort < 0 {
		return nil, false
	}
	value, err := decode([]byte(g.text[g.at:ahead.at]), &g.values, func(Finding, func() jsontext.Pointer) {})
	if err != nil {
		return nil, false
	}
	e := effort{g.effort}
	e.count(value, map[*jsonschema.Schema]int{root: 1})
	if g.effort = e.left; g.effort < 0 {
		return nil, false
	}
	return g.schemas.applied(value, []*jsonschema.Schema{root}), true
}

func (g *glance) object(base int) bool {
	g.at++
	if g.take('}') {
		return true
	}
	for more := true; more; more = g.take(',') {
		if g.skim() != '"' {
			return false
		}
		start, from := g.at, len(g.outlooks)
		name, escaped, ok := g.string()
		if escaped {
			name = Text(g.text[start:g.at])
		}
		if !ok || !g.take(':') {
			return false
		}
		g.member(name, g.scenes[base:])
		ok = g.value(from)
		if g.outlooks = g.outlooks[:from]; !ok {
			return false
		}
	}
	return g.take('}')
}

// member looks a member up in the scenes of its object.
func (g *glance) member(name string, scenes []*scene) {
	named := false
	for _, s := range scenes {
		e, own := s.members[name]
		if own {
			g.see(e)
		}
		for _, p := range s.patterns {
			if p.MatchString(name) {
				own = true
				g.see(p.exhibit)
			}
		}
		if !own && s.rest != nil {
			own = true
			g.see(*s.rest)
		}
		named = named || own
	}
	for _, s := range scenes {
		if !named && s.left != nil {
			g.see(*s.left)
		}
	}
}

func (g *glance) see(e exhibit) {
	g.mark(e.part)
	if e.below != nil {
		g.outlooks = append(g.outlooks, e.below)
	}
}

func (g *glance) mark(part int) {
	if part >= 0 {
		g.shown[part/64] |= 1 << (part % 64)
	}
}

func (g *glance) array(base int) bool {
	g.at++
	if g.take(']') {
		return true
	}
	for i := 0; ; i++ {
		from := len(g.outlooks)
		for _, s := range g.scenes[base:] {
			o := s.items
			if i < len(s.prefix) {
				o = s.prefix[i]
			}
			if o != nil {
				g.outlooks = append(g.outlooks, o)
			}
		}
		ok := g.value(from)
		g.outlooks = g.outlooks[:from]
		if !ok || !g.take(',') {
			return ok && g.take(']')
		}
	}
}

func (g *glance) scalar(k kind, base int) (ok bool) {
	text, escaped, start := "", false, g.at
	switch k {
	case kindString:
		if text, escaped, ok = g.string(); escaped {
			text = Text(g.text[start:g.at])
		}
	case kindNumber:
		text, ok = g.number()
	default:
		text, ok = g.word()
	}
	for _, s := range g.scenes[base:] {
		if part, listed := s.value(k, text); ok && listed {
			g.mark(part)
		}
	}
	return ok
}

// value is the part of a value that the scene lists.
func (s *scene) value(k kind, text string) (part int, listed bool) {
	switch k {
	case kindString:
		part, listed = s.texts[text]
	case kindNumber:
		part, listed = s.numbers[readDecimal(text)]
	default:
		part, listed = s.words[text]
	}
	return part, listed
}
