package main

import (
	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/decode"
)

// hasPublicModel is every single render: what Client.Render does with an answer.
func hasPublicModel(s sample) bool { return s.shape.kind == oneRender }

// bindDecode is ours with the checked bytes decoded as well, names exact, into the public model on the heap.
func bindDecode(s sample) (judge, error) {
	check, err := bindOurs(s)
	if err != nil {
		return nil, err
	}
	var last *roughy.Render // kept, so that the compiler cannot leave it on the stack
	return func() bool {
		if check() {
			return true
		}
		model, findings := decode.Render(s.body)
		render := roughy.FromGen(model)
		last = &render
		return last == nil || len(findings) > 0
	}, nil
}
