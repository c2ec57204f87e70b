package roughytest_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

func TestFetch(t *testing.T) {
	server := roughytest.NewServer(t)
	id := server.Add(roughytest.Render{Bytes: []byte("video")})
	client, err := roughy.NewClient(server.Key(), roughy.WithBaseURL(server.URL()))
	require.NoError(t, err)

	render, err := client.Render(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, roughy.StatePending, render.State)

	server.Advance(id) // to processing
	server.Advance(id) // to completed
	var output bytes.Buffer
	_, err = client.Download(t.Context(), id, &output)
	require.NoError(t, err)
	require.Equal(t, "video", output.String())

	server.Break(id, roughytest.MissingState)
	_, err = client.Render(t.Context(), id)
	require.ErrorIs(t, err, roughy.ErrContract)
}

func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := roughytest.NewInMemory(t)
		id := server.Add(roughytest.Render{Every: time.Minute})
		render, err := server.Client().Wait(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, roughy.StateCompleted, render.State)
		require.Equal(t, 2*time.Minute, render.CompletedAt.Sub(render.CreatedAt))
	})
}

// The package documentation holds the two tests above, and break.go every Break.
func TestPackageDocIsWhatRuns(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("doc_test.go")
	require.NoError(t, err)
	var code strings.Builder
	for line := range strings.Lines(parsed(t, "roughytest.go").Doc.Text()) {
		if line == "\n" || line[0] == '\t' {
			code.WriteString(strings.TrimPrefix(line, "\t"))
		}
	}
	for _, name := range []string{"TestFetch", "TestPatience"} {
		_, rest, found := strings.Cut(string(source), "func "+name)
		require.True(t, found)
		body, _, _ := strings.Cut(rest, "\n}\n")
		require.Contains(t, code.String(), "func "+name+body+"\n}\n")
	}
}

func TestEachBreakIsDocumentedAndDone(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	ast.Inspect(parsed(t, "break.go"), func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			require.NotNil(t, spec.Comment, spec.Names[0].Name)
			documented[strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)] = true
		}
		return true
	})
	for _, b := range roughytest.Breaks() {
		require.True(t, documented[string(b)], b)
	}
	require.Len(t, roughytest.Breaks(), len(documented))
}

func parsed(t *testing.T, path string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	require.NoError(t, err)
	return f
}
