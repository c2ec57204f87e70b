package contract

import (
	"encoding/json"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"
)

// outline is the document without its schemas as kin-openapi reads it; nil where it refuses that too. Not every schema that is
// right in OpenAPI 3.1 is one to kin-openapi, and one that is wrong is no reason to judge nothing: what it touches will be
// unchecked.
func outline(t tree) *openapi3.T {
	data, err := json.Marshal(withoutSchemas(unalias(t.root), false))
	if err != nil {
		return nil
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil
	}
	return doc
}

func withoutSchemas(n *yaml.Node, isNamed bool) any {
	n = unalias(n)
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		for _, key := range names(n) {
			_, value := member(n, key)
			switch {
			case !isNamed && (key == "example" || key == "examples" || key == "schemas"):
			case !isNamed && key == "schema":
				out[key] = map[string]any{}
			default:
				out[key] = withoutSchemas(value, !isNamed && named[key])
			}
		}
		return out
	case yaml.SequenceNode:
		out := []any{}
		for _, item := range n.Content {
			out = append(out, withoutSchemas(item, false))
		}
		return out
	}
	return scalar(n)
}
