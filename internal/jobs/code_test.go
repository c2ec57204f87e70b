package jobs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/jobs"
)

func TestTheListOfCodesIsWhatThePackagesDeclare(t *testing.T) {
	t.Parallel()
	var listed []string
	for code, meaning := range jobs.Codes() {
		listed = append(listed, code)
		require.NotEmpty(t, meaning, code)
	}
	for range jobs.Codes() {
		break // who has seen enough may stop
	}
	require.ElementsMatch(t, append(declaredCodes(t, "../media"), declaredCodes(t, ".")...), listed)
}

// declaredCodes are the values of the constants in a package whose names begin with Code.
func declaredCodes(t *testing.T, folder string) (codes []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") || strings.HasSuffix(path, "_test.go") {
				return true
			}
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			codes = append(codes, code)
			return true
		})
	}
	require.NotEmpty(t, codes)
	return codes
}
