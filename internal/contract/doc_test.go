package contract_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ruleArgument is which argument of a function is a rule, or behind "unchecked." a reason.
var ruleArgument = map[string]struct {
	index  int
	prefix string
}{
	"violate": {1, ""}, "note": {2, ""}, "unchecked": {0, "unchecked."}, "uncheckedHeader": {2, "unchecked."},
}

// rulePrefix is what belongs in front of a member that holds a rule, or a reason.
var rulePrefix = map[string]string{"Rule": "", "reason": "unchecked."}

// TestPackageDocHasEveryRule holds the two tables of the package documentation to the literals of the code, both ways. The
// rules schema.<keyword> are made, not written, and have one line for all.
func TestPackageDocHasEveryRule(t *testing.T) {
	t.Parallel()
	files := sources(t)
	documented := []string{}
	for _, m := range regexp.MustCompile(`(?m)^\t([a-z-][a-z.-]+) `).FindAllStringSubmatch(files["contract.go"].Doc.Text(), -1) {
		documented = append(documented, m[1])
	}
	documented = slices.DeleteFunc(documented, func(rule string) bool { return rule == "rule" }) // the table's head
	var written []string
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool { written = append(written, rulesAt(n)...); return true })
	}
	slices.Sort(written)
	require.ElementsMatch(t, slices.Compact(written), documented)
}

// rulesAt are the rules that a node names itself: in a call, a literal, or an assignment.
func rulesAt(n ast.Node) (out []string) {
	add := func(prefix string, e ast.Expr) {
		if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, _ := strconv.Unquote(literal.Value) // a literal that the parser let through
			out = append(out, prefix+text)
		}
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		if selector, ok := n.Fun.(*ast.SelectorExpr); ok {
			if at, ok := ruleArgument[selector.Sel.Name]; ok {
				add(at.prefix, n.Args[at.index])
			}
		}
	case *ast.ValueSpec:
		if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "Unseen" && len(n.Values) > 0 {
			add("unchecked.", n.Values[0])
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok {
			if prefix, ok := rulePrefix[key.Name]; ok {
				add(prefix, n.Value)
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if selector, ok := left.(*ast.SelectorExpr); ok && len(n.Rhs) == len(n.Lhs) {
				if prefix, ok := rulePrefix[selector.Sel.Name]; ok {
					add(prefix, n.Rhs[i])
				}
			}
		}
	}
	return out
}

// sources are the parsed files of this package, without its tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	files := map[string]*ast.File{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.ParseComments)
		require.NoError(t, err)
		files[e.Name()] = f
	}
	return files
}
