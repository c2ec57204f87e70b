package main

import (
	"encoding/json"

	"github.com/roughy-go/roughy/gen"
)

// bindModel is what a program does that trusts the API: it decodes into the generated model, and nothing is judged.
func bindModel(s sample) (judge, error) {
	if s.shape.kind == manyRenders {
		return func() bool {
			var renders []gen.Render
			return json.Unmarshal(s.body, &renders) != nil
		}, nil
	}
	return func() bool {
		var render gen.Render
		return json.Unmarshal(s.body, &render) != nil
	}, nil
}
