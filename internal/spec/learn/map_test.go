package learn_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy"
)

// What is named by what it is about is described by its values alone, and no name of it is told.
func TestMapsAreToldFromObjects(t *testing.T) {
	t.Parallel()
	names := []string{"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"}
	number := map[string]any{"type": "integer"}
	for name, c := range map[string]struct {
		object func(i int) map[string]any
		values any // nil for what is no map
	}{
		"a name in each answer": {func(i int) map[string]any { return map[string]any{names[i%8]: i} }, number},
		"sometimes two": {func(i int) map[string]any {
			return map[string]any{names[i%8]: i, names[(i+max(0, i%5-3))%8]: i}
		}, number},
		"several of many": {func(i int) map[string]any {
			out := map[string]any{}
			for k := range 3 {
				out[names[(i+k)%8]+strings.Repeat("a", i%7)] = i
			}
			return out
		}, number},
		"empty ones between": {func(i int) map[string]any {
			if i%2 == 0 {
				return map[string]any{}
			}
			return map[string]any{names[i/2%8]: i}
		}, number},
		"numbers and null": {func(i int) map[string]any { return map[string]any{names[i%8]: []any{1, 2.5, nil}[i%3]} }, map[string]any{"type": []any{"number", "null"}}},
		"ids": {func(i int) map[string]any {
			return map[string]any{id(i): map[string]any{"gain": i}, id(i + 500): map[string]any{"gain": 1, "pan": 0.5}}
		}, map[string]any{"type": "object", "properties": map[string]any{"gain": seen("integer"), "pan": seen("number")}}},
		"addresses":             {func(i int) map[string]any { return map[string]any{fmt.Sprintf("a%d@corp.example", i): 1} }, number},
		"short hashes":          {func(i int) map[string]any { return map[string]any{fmt.Sprintf("f%07x", i*99991): 1} }, number},
		"lists of texts":        {func(i int) map[string]any { return map[string]any{names[i%8]: []any{"x"}} }, map[string]any{"type": "array", "items": map[string]any{"type": "string"}}},
		"members in each":       {func(i int) map[string]any { return map[string]any{"x": i, "w": 1, "z": 1, "k": 1, "m": 1} }, nil},
		"three names":           {func(i int) map[string]any { return map[string]any{names[i%3]: 1} }, nil},
		"one that always comes": {func(i int) map[string]any { return map[string]any{"kind": 1, names[i%8]: 1} }, nil},
		"five that come often": {func(i int) map[string]any {
			out := map[string]any{}
			for k := range 5 {
				if (i+k)%5 < 2 {
					out[names[k]] = 1
				}
			}
			return out
		}, nil},
		"all or none": {func(i int) map[string]any {
			if i%10 > 0 {
				return map[string]any{}
			}
			return map[string]any{"x": i, "w": 1, "z": 1, "k": 1, "m": 1}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entries := exchanges(200, 1, "a field")
			for i := range entries {
				object, err := json.Marshal(c.object(i))
				require.NoError(t, err)
				entries[i].Body = []byte(strings.Replace(string(entries[i].Body), `"h264"`, string(object), 1))
			}
			out, document, text := learned(t, roughy.Spec(), entries)
			require.Equal(t, []string{"new field codec of Render, object"}, textsOf(out))
			keeps(t, document, entries)
			var o struct {
				Actions []struct {
					Update struct {
						Properties struct{ Codec map[string]any }
					}
				}
			}
			require.NoError(t, yaml.Unmarshal([]byte(text), &o))
			codec := o.Actions[0].Update.Properties.Codec
			if c.values == nil {
				require.NotContains(t, codec, "additionalProperties")
				require.Contains(t, codec, "properties")
				return
			}
			require.Equal(t, c.values, codec["additionalProperties"])
			require.NotContains(t, codec, "properties")
			require.False(t, slices.ContainsFunc(names, func(n string) bool { return strings.Contains(text, n) }))
		})
	}
}

// seen is a member that nobody documents.
func seen(kind string) map[string]any {
	return map[string]any{"type": kind, "description": "Seen in traffic; nothing documents it.", "x-documented": "observed"}
}
