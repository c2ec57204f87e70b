package main

import (
	"io"

	"github.com/go-faster/jx"

	"github.com/roughy-go/roughy/internal/bench/ogen/event"
	"github.com/roughy-go/roughy/internal/bench/ogen/render"
)

// bindOgen is code generated for the one schema. It does what ogen's own response decoders do.
func bindOgen(s sample) (judge, error) {
	switch s.shape.kind {
	case oneEvent:
		return func() bool { return ogenRefuses(s.body, new(event.Event)) }, nil
	case manyRenders:
		return func() bool { return ogenRefuses(s.body, new(ogenRenders)) }, nil
	default:
		return func() bool { return ogenRefuses(s.body, new(render.Render)) }, nil
	}
}

// ogenModel is what ogen generates for a schema.
type ogenModel interface {
	Decode(*jx.Decoder) error
	Validate() error
}

func ogenRefuses(body []byte, m ogenModel) bool {
	d := jx.DecodeBytes(body)
	return m.Decode(d) != nil || d.Skip() != io.EOF || m.Validate() != nil
}

// ogenRenders is a list of renders, as ogen would generate it: for one list a second copy of the render's code is not
// worth having.
type ogenRenders []render.Render

func (r *ogenRenders) Decode(d *jx.Decoder) error {
	*r = make(ogenRenders, 0)
	return d.Arr(func(d *jx.Decoder) error {
		var one render.Render
		if err := one.Decode(d); err != nil {
			return err
		}
		*r = append(*r, one)
		return nil
	})
}

func (r *ogenRenders) Validate() error {
	for i := range *r {
		if err := (*r)[i].Validate(); err != nil {
			return err
		}
	}
	return nil
}
