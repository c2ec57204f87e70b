package diff

import (
	"cmp"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/flatten/commonparams"
)

// normal makes two documents say the same in one way before oasdiff sees them: the parameters of a path belong to its operations, and a
// status has an answer of its own in both if it has one in either.
func normal(base, head *openapi3.T) {
	for _, d := range []*openapi3.T{base, head} {
		if d.Paths == nil {
			d.Paths = openapi3.NewPaths()
		}
		commonparams.Move(d)
	}
	settle(base, head)
}

// settle gives an operation of both documents the same statuses, as far as ranges and defaults answer for them.
func settle(base, head *openapi3.T) {
	after := map[string]*openapi3.PathItem{}
	for path, item := range head.Paths.Map() {
		after[template(path)] = item
	}
	for path, item := range base.Paths.Map() {
		other := after[template(path)]
		if other == nil {
			continue
		}
		for method, operation := range item.Operations() {
			if counterpart := other.GetOperation(method); counterpart != nil {
				cover(operation.Responses, counterpart.Responses)
				cover(counterpart.Responses, operation.Responses)
			}
		}
	}
}

// cover gives responses an entry for each status of others that one of theirs answers for.
func cover(responses, others *openapi3.Responses) {
	if responses == nil || others == nil {
		return
	}
	for _, status := range slices.Sorted(maps.Keys(others.Map())) {
		if !isStatus("/responses", status) || responses.Value(status) != nil {
			continue
		}
		if r := cmp.Or(responses.Value(status[:1]+"XX"), responses.Value("default")); r != nil {
			responses.Set(status, r)
		}
	}
}
