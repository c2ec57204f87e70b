package media_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
)

// parsed are the package's files without its tests.
func parsed(t testing.TB) (files []*ast.File) {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go") {
			file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
			require.NoError(t, err)
			files = append(files, file)
		}
	}
	return files
}

// declaredCodes are the constants Code…: their names with their values.
func declaredCodes(t testing.TB) map[string]string {
	t.Helper()
	codes := map[string]string{}
	for _, file := range parsed(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Code") {
				codes[spec.Names[0].Name] = strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)
			}
			return true
		})
	}
	return codes
}

func TestEveryCodeIsDocumented(t *testing.T) {
	t.Parallel()
	documented := maps.Collect(media.Codes())
	require.ElementsMatch(t, slices.Collect(maps.Values(declaredCodes(t))), slices.Collect(maps.Keys(documented)))
	meanings := slices.Collect(maps.Values(documented))
	slices.Sort(meanings)
	require.Len(t, slices.Compact(meanings), len(documented), "each has a meaning of its own")
	for code, meaning := range documented {
		require.Regexp(t, `^[a-z]+(_[a-z]+)*$`, code)
		require.Greater(t, len(meaning), 15)
	}
	listed := 0
	for range media.Codes() {
		listed++
	}
	require.Equal(t, len(documented), listed, "none twice")
}

// TestNoOtherCodeComesOut looks at every place where an Error is made, and where one that is there already is changed: its code is one
// of the constants, by name, or comes from a table that lists nothing else.
func TestNoOtherCodeComesOut(t *testing.T) {
	t.Parallel()
	codes, made := declaredCodes(t), 0
	isCode := func(e ast.Expr) bool {
		name, ok := e.(*ast.Ident)
		return ok && codes[name.Name] != ""
	}
	fromTable := func(e ast.Expr) bool {
		s, ok := e.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "code"
	}
	for _, file := range parsed(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if name, ok := n.Type.(*ast.Ident); ok && name.Name == "Error" {
					made++
					first := n.Elts[0].(*ast.KeyValueExpr)
					require.Equal(t, "Code", first.Key.(*ast.Ident).Name, "an error begins with its code")
					require.True(t, isCode(first.Value) || fromTable(first.Value), "%s", first.Value)
				}
				if array, ok := n.Type.(*ast.ArrayType); ok && hasField(array.Elt, "code") {
					for _, row := range n.Elts {
						require.True(t, isCode(row.(*ast.CompositeLit).Elts[1]))
					}
				}
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					s, ok := left.(*ast.SelectorExpr)
					require.False(t, ok && s.Sel.Name == "Code", "a code is not changed")
				}
			}
			return true
		})
	}
	require.Greater(t, made, 15)
}

func hasField(e ast.Expr, name string) bool {
	s, ok := e.(*ast.StructType)
	return ok && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
		return slices.ContainsFunc(f.Names, func(n *ast.Ident) bool { return n.Name == name })
	})
}
