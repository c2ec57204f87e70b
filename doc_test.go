package roughy_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPackageDocNamesEveryCodeAndRule holds the package documentation to the constants, both ways.
func TestPackageDocNamesEveryCodeAndRule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, constants, documented string
		words                             *regexp.Regexp
	}{
		{"error codes", "error.go", "code", "# Errors", regexp.MustCompile(`\b[a-z]+(?:_[a-z]+)+\b`)},
		{"rules of the model", "internal/decode/decode.go", "Rule", "# Checking", regexp.MustCompile(`\bmodel\.[a-z]+`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, section, found := strings.Cut(parsed(t, "roughy.go").Doc.Text(), c.documented)
			require.True(t, found)
			section, _, _ = strings.Cut(section, "\n# ")
			require.ElementsMatch(t, constants(t, c.file, c.constants), c.words.FindAllString(section, -1))
		})
	}
}

// constants are the texts of a file's constants whose names start with a word.
func constants(t *testing.T, path, prefix string) []string {
	t.Helper()
	var out []string
	ast.Inspect(parsed(t, path), func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, prefix) || len(spec.Values) == 0 {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
			text, err := strconv.Unquote(literal.Value)
			require.NoError(t, err)
			out = append(out, text)
		}
		return true
	})
	return out
}

func parsed(t *testing.T, path string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	require.NoError(t, err)
	return f
}
