package main

import (
	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/decode"
)

// isRender is every single render: what Client.Render does with an answer.
func isRender(s sample) bool { return s.shape.kind == oneRender }

// bindDecode is ours with the checked bytes decoded as well, names exact, into the generated model on the heap.
func bindDecode(s sample) (judge, error) {
	check, err := bindOurs(s)
	if err != nil {
		return nil, err
	}
	var last *gen.Render // kept, so that the compiler cannot leave it on the stack
	return func() bool {
		if check() {
			return true
		}
		render, findings := decode.Render(s.body)
		last = &render
		return last == nil || len(findings) > 0
	}, nil
}
