package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/secret"
)

// TestEveryHintSurvivesTheMask reads the source of all that roughyd is made of: what an error says of its own accord must not be
// taken for a secret, and cut, when it is shown.
func TestEveryHintSurvivesTheMask(t *testing.T) {
	t.Parallel()
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if .Main}}{{$.Dir}}{{end}}{{end}}", ".")
	folders, err := list.Output()
	require.NoError(t, err)
	texts := map[string]string{} // and where they are
	for _, folder := range strings.Fields(string(folders)) {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				collect(t, file, texts)
			}
		}
	}
	delete(texts, `Bearer realm="renders"`) // a header's
	for text, where := range texts {
		require.Equal(t, text, secret.Mask(text), where)
	}
	for _, known := range []string{ // of each kind one, to see that they were found
		"bucket URL: write s3://BUCKET, with ?region=REGION behind it",
		"--public-endpoint is S3's: name a bucket with --bucket-url, or use --public-url",
		"not the address of a Postgres database: write postgres://HOST:PORT/DATABASE, with USER:PASSWORD@ before the host, " +
			"and @ : / # ? % and spaces of a password percent-encoded, such as %40 for @",
		"%s is no data folder: name another with --data, or make one with serve, keys create or assets add",
		"no credentials for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for those of the shared config",
		" cannot be reached: check that the server runs, and its address",
	} {
		require.Contains(t, texts, known)
	}
}

var words = regexp.MustCompile(`\pL+:? \pL+`)

// collect takes what a file says to people: texts with words, but for the examples of help texts, which begin with two spaces and
// are shown as they are.
func collect(t *testing.T, path string, into map[string]string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		text, ok := constant(e)
		if ok && words.MatchString(text) && !strings.HasPrefix(text, "  ") {
			into[text] = files.Position(e.Pos()).String()
		}
		return !ok
	})
}

// constant is the text that literals and sums of them have.
func constant(e ast.Expr) (text string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := constant(e.X)
		right, also := constant(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	}
	return "", false
}
