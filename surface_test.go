package roughy_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	goimporter "go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// surfaceFile has a line for each name that a program of somebody else's can use.
const surfaceFile = "internal/spec/testdata/surface.txt"

// TestSurface holds what root, gen and roughytest export to what was reviewed.
func TestSurface(t *testing.T) {
	t.Parallel()
	var got []string
	for _, p := range compiled(t, ".", "./gen", "./roughytest") {
		got = append(got, surface(p)...)
	}
	if *update {
		require.NoError(t, os.WriteFile(surfaceFile, []byte(strings.Join(got, "\n")+"\n"), 0o644))
		return
	}
	want := strings.Split(strings.TrimSpace(readText(t, surfaceFile)), "\n")
	require.Empty(t, strings.Join(changes(want, got), "\n"),
		"the public surface has changed. A line that goes breaks a program of somebody else's. If it is meant: go test -run TestSurface -update .")
}

// changes are the lines that only one of two surfaces has, each name's together.
func changes(old, now []string) []string {
	var out []string
	for _, line := range old {
		if !slices.Contains(now, line) {
			out = append(out, line+"\t- gone")
		}
	}
	for _, line := range now {
		if !slices.Contains(old, line) {
			out = append(out, line+"\t+ new")
		}
	}
	slices.Sort(out)
	for i, line := range out {
		text, mark, _ := strings.Cut(line, "\t")
		out[i] = mark + ": " + text
	}
	return out
}

func TestSurfaceShowsAllThatAnImporterSees(t *testing.T) {
	t.Parallel()
	const before = `package p
type hidden struct { Shared int }
func (hidden) Promoted() {}
type Shown struct { hidden; Name string ` + "`json:\"name\"`" + `; secret int }
func (*Shown) Run(n int) error { return nil }
type Alias = hidden
type Rule interface { Apply(s *Shown) bool }
type Option func(*Shown)
type Mode int
const Loud Mode = 2
var ErrNone error
func New(opts ...Option) *Shown { return nil }
func quiet() {}
`
	require.Equal(t, []string{
		"p: Alias type = hidden",
		"p: Alias.Promoted func (T) ()",
		"p: Alias.Shared int",
		"p: ErrNone var error",
		"p: Loud const Mode = 2",
		"p: Mode type int",
		"p: New func(opts ...Option) *Shown",
		"p: Option type func(*Shown)",
		"p: Rule type interface",
		"p: Rule.Apply func(s *Shown) bool",
		"p: Shown type struct",
		"p: Shown.Name string `json:\"name\"`",
		"p: Shown.Promoted func (T) ()",
		"p: Shown.Run func (*T) (n int) error",
		"p: Shown.Shared int",
	}, surfaceOf(t, before))
	for after, want := range map[string][]string{
		strings.Replace(before, "n int", "n int64", 1):            {"- gone: p: Shown.Run func (*T) (n int) error", "+ new: p: Shown.Run func (*T) (n int64) error"},
		strings.Replace(before, "func quiet", "func Quiet", 1):    {"+ new: p: Quiet func()"},
		strings.Replace(before, "json:\"name", "json:\"nom", 1):   {"- gone: p: Shown.Name string `json:\"name\"`", "+ new: p: Shown.Name string `json:\"nom\"`"},
		strings.Replace(before, "Mode = 2", "Mode = 3", 1):        {"- gone: p: Loud const Mode = 2", "+ new: p: Loud const Mode = 3"},
		strings.Replace(before, "Shared int", "shared int", 1):    {"- gone: p: Alias.Shared int", "- gone: p: Shown.Shared int"},
		strings.Replace(before, "(*Shown) Run", "(Shown) Run", 1): {"- gone: p: Shown.Run func (*T) (n int) error", "+ new: p: Shown.Run func (T) (n int) error"},
	} {
		require.Equal(t, want, changes(surfaceOf(t, before), surfaceOf(t, after)))
	}
}

// surfaceOf is the surface of a package's source.
func surfaceOf(t *testing.T, source string) []string {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", source, 0)
	require.NoError(t, err)
	p, err := new(types.Config).Check("p", fset, []*ast.File{f}, nil)
	require.NoError(t, err)
	return surface(p)
}

// compiled are packages of ours as the compiler writes them down for importers.
func compiled(t *testing.T, patterns ...string) []*types.Package {
	t.Helper()
	files, ours := map[string]string{}, []string{}
	d := json.NewDecoder(strings.NewReader(string(runCommand(t, ".", "go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export,DepOnly"}, patterns...)...))))
	for {
		var p struct {
			ImportPath, Export string
			DepOnly            bool
		}
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		files[p.ImportPath] = p.Export
		if !p.DepOnly {
			ours = append(ours, p.ImportPath)
		}
	}
	slices.Sort(ours)
	from := goimporter.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) })
	var out []*types.Package
	for _, path := range ours {
		p, err := from.Import(path)
		require.NoError(t, err)
		out = append(out, p)
	}
	return out
}
