package roughy_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/roughy-go/roughy"
)

// stated spells out what a document says, every keyword of it: one that the table does not know is a fact too.
func stated(doc map[string]any) map[string]string {
	facts := map[string]string{}
	flatten(facts, "", simplify(doc))
	names := strings.NewReplacer("components schemas ", "", "components securitySchemes ", "securityScheme ",
		" properties ", ".", "paths /v1/renders/{render_id} get", "GET /v1/renders/{render_id}")
	named := map[string]string{}
	for path, value := range facts {
		named[names.Replace(path)] = value
	}
	// What a member that is nothing but another schema means, and where that is documented, is said there.
	for _, p := range properties {
		source, there := named[named[p.name+" type"]+" x-documented"]
		if _, own := named[p.name+" x-documented"]; there && !own {
			named[p.name+" x-documented"] = source
		}
	}
	return named
}

// simplify brings the ways in which a schema says type, null, required and source into one form, and drops texts.
func simplify(node any) any {
	switch node := node.(type) {
	case []any:
		for i := range node {
			node[i] = simplify(node[i])
		}
		return node
	case map[string]any:
		out := map[string]any{}
		for key, value := range node {
			if key == "example" && node["schema"] != nil {
				continue // of a response; whether it keeps the contract is tested elsewhere
			}
			out[key] = simplify(value)
		}
		simplifyType(out)
		simplifyRequired(out)
		simplifyTexts(out)
		return out
	}
	return node
}

func simplifyType(schema map[string]any) {
	nullable := func(variants any) any {
		list, _ := variants.([]any)
		rest := slices.DeleteFunc(slices.Clone(list), func(v any) bool {
			m, _ := v.(map[string]any)
			return v == "null" || len(m) == 1 && m["type"] == "null"
		})
		if len(rest) != 1 {
			return nil
		}
		if len(list) == 2 {
			schema["nullable"] = "yes"
		}
		return rest[0]
	}
	if only := nullable(schema["type"]); only != nil {
		schema["type"] = only
	}
	if schema["type"] != nil {
		return
	}
	if only, ok := nullable(schema["anyOf"]).(map[string]any); ok && only["type"] != nil {
		delete(schema, "anyOf")
		schema["type"] = only["type"]
	}
	if ref, ok := schema["$ref"].(string); ok {
		delete(schema, "$ref")
		schema["type"] = strings.TrimPrefix(ref, "#/components/schemas/")
	}
}

func simplifyRequired(schema map[string]any) {
	members, _ := schema["properties"].(map[string]any)
	names, _ := schema["required"].([]any)
	var unknown []any
	for _, name := range names {
		if member, ok := members[fmt.Sprint(name)].(map[string]any); ok {
			member["required"] = "yes"
			continue
		}
		unknown = append(unknown, name)
	}
	if names != nil {
		schema["required"] = unknown
	}
	if names != nil && unknown == nil {
		delete(schema, "required")
	}
}

func simplifyTexts(node map[string]any) {
	if node["x-documented"] != nil && node["description"] == nil {
		node["undescribed"] = "yes"
	}
	if ours, ok := node["x-ours"].([]any); ok {
		node["x-ours"] = strings.Trim(fmt.Sprint(ours), "[]")
	}
	for _, text := range []string{"description", "summary"} {
		if _, ok := node[text].(string); ok {
			delete(node, text)
		}
	}
}

// flatten writes every leaf under the path that leads to it. Elements of a list go by what they are, not by their place.
func flatten(facts map[string]string, path string, node any) {
	switch node := node.(type) {
	case map[string]any:
		if len(node) == 0 {
			facts[path] = "{}"
		}
		for key, value := range node {
			flatten(facts, strings.TrimSpace(path+" "+key), value)
		}
	case []any:
		if len(node) == 0 {
			facts[path] = "[]"
		}
		for i, element := range node {
			flattenElement(facts, path, i, element)
		}
	default:
		facts[path] = fmt.Sprint(node)
	}
}

func flattenElement(facts map[string]string, path string, i int, element any) {
	object, ok := element.(map[string]any)
	if !ok {
		facts[path+" "+fmt.Sprint(element)] = "yes"
		return
	}
	var label []string
	for _, key := range []string{"in", "name", "url"} {
		if word, ok := object[key].(string); ok {
			label = append(label, word)
			delete(object, key)
		}
	}
	if label == nil && len(object) == 1 && path == "security" {
		flatten(facts, path, object)
		return
	}
	if label == nil {
		label = []string{strconv.Itoa(i)}
	}
	flatten(facts, path+" "+strings.Join(label, " "), object)
}

func parsedSpec(t *testing.T) map[string]any {
	t.Helper()
	var doc map[string]any
	require.NoError(t, yaml.Unmarshal(roughy.Spec(), &doc))
	return doc
}

// alter sets what a JSON pointer points to, or takes it out.
func alter(t *testing.T, doc any, pointer string, value any) {
	t.Helper()
	tokens := strings.Split(pointer, "/")[1:]
	for i, token := range tokens {
		token = strings.ReplaceAll(token, "~1", "/")
		last := i == len(tokens)-1
		switch node := doc.(type) {
		case map[string]any:
			if last && value == nil {
				require.Contains(t, node, token)
				delete(node, token)
			} else if last {
				node[token] = value
			}
			doc = node[token]
		case []any:
			at, err := strconv.Atoi(token)
			require.NoError(t, err)
			if last {
				node[at] = value
			}
			doc = node[at]
		default:
			t.Fatalf("%s leads nowhere", pointer)
		}
	}
}
