package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBodiesAreAsLongAsTheirRowsSay(t *testing.T) {
	t.Parallel()
	require.Len(t, bodyShort, 380)
	require.Len(t, bodyLong, 700)
	require.InDelta(t, 1e6, len(bodyList()), 1000)
	large, err := largeDocument()
	require.NoError(t, err)
	require.InDelta(t, 1e6, len(large), 5e4)
}

func TestBodiesAreJSON(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		require.True(t, json.Valid(s.body), s.name)
	}
}

func TestLargeDocumentIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	once, err := largeDocument()
	require.NoError(t, err)
	again, err := largeDocument()
	require.NoError(t, err)
	require.Equal(t, string(once), string(again))
}

func TestListHoldsRendersOfOurDocument(t *testing.T) {
	t.Parallel()
	own, listed := schemas(t, renderShape()), schemas(t, rendersShape())
	require.Contains(t, listed, "Render")
	for name, schema := range listed {
		if name != "RenderList" {
			require.Equal(t, own[name], schema, name)
		}
	}
}

func schemas(t *testing.T, s shape) map[string]any {
	t.Helper()
	value, err := documentValue(s.document)
	require.NoError(t, err)
	return value.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any)
}
