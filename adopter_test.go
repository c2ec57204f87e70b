package roughy_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/racetest"
)

// The module of somebody who makes code from our contract, in the way that the package doc tells.
const (
	adopterSpec = `//go:build ignore

package main

import (
	"log"
	"os"

	"github.com/roughy-go/roughy"
)

func main() {
	if err := os.WriteFile("openapi.yaml", roughy.Spec(), 0o644); err != nil {
		log.Fatal(err)
	}
}
`
	adopterLines = "//go:" + "generate go run spec.go\n" + // in one piece it would be a line for our own go generate
		"//go:" + "generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml\n"
	adopterConfig = `package: render
output: render/render.gen.go
generate:
  models: true
  client: true
`
	adopterMain = `package main

import (
	"fmt"

	"adopter.example/render"
	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

` + adopterLines + `
func main() {
	fmt.Println(render.RenderState(roughy.StateCompleted).Valid(), render.RenderState(gen.RenderStateFailed).Valid())
}
`
)

func TestPackageDocTellsHowToAdoptTheContract(t *testing.T) {
	t.Parallel()
	doc := parsed(t, "roughy.go").Doc.Text()
	for _, code := range []string{adopterSpec, adopterLines} {
		require.Contains(t, unindented(doc), unindented(code))
	}
}

func TestAdopterGeneratesOfflineFromACacheItCannotWrite(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	if testing.Short() && os.Getenv("ROUGHY_TEST_ALL") != "1" {
		t.Skip("builds a module of its own")
	}
	dir, cache := t.TempDir(), t.TempDir()
	writeAdopter(t, dir)
	filled := filepath.ToSlash(strings.TrimSpace(string(runCommand(t, ".", "go", "env", "GOMODCACHE"))))
	a := adopter{t, dir, cache, "file://" + filled + "/cache/download", "-mod=mod"}
	a.run("list", "-deps", "tool") // go tool does not write what it misses into go.sum
	a.run("generate", "./...")
	a.run("build", ".")
	code := readText(t, filepath.Join(dir, "render", "render.gen.go"))
	require.NoError(t, os.Remove(filepath.Join(dir, "render", "render.gen.go")))

	a.proxy, a.mode = "off", "-mod=readonly"
	protect(t, cache)
	before := listing(t, cache)
	for range 2 {
		a.run("generate", "./...")
		require.Equal(t, code, readText(t, filepath.Join(dir, "render", "render.gen.go")))
		require.Equal(t, readText(t, "openapi.yaml"), readText(t, filepath.Join(dir, "openapi.yaml")))
	}
	require.Equal(t, "true true\n", a.run("run", "."))
	require.Equal(t, before, listing(t, cache))
}

func writeAdopter(t *testing.T, dir string) {
	t.Helper()
	for name, text := range map[string]string{"spec.go": adopterSpec, "main.go": adopterMain, "oapi-codegen.yaml": adopterConfig} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "render"), 0o755))
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	version := ""
	for _, r := range parsedModule(t).Require {
		if r.Path == generator {
			version = r.Version
		}
	}
	runCommand(t, dir, "go", "mod", "init", "adopter.example")
	runCommand(t, dir, "go", "mod", "edit", "-require="+modulePath+"@v0.0.0", "-replace="+modulePath+"="+here,
		"-require="+generator+"@"+version, "-tool="+generator+"/cmd/oapi-codegen")
}

// adopter runs the go command on a module cache of its own.
type adopter struct {
	t                       *testing.T
	dir, cache, proxy, mode string
}

func (a adopter) run(args ...string) string {
	a.t.Helper()
	cmd := exec.CommandContext(a.t.Context(), "go", args...)
	cmd.Dir = a.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath -buildvcs=false -modcacherw "+a.mode, "GOMODCACHE="+a.cache, "GOPROXY="+a.proxy, "GOSUMDB=off")
	out, err := cmd.CombinedOutput()
	require.NoError(a.t, err, string(out))
	return string(out)
}

// protect takes the right to write from all below dir until the test is over.
func protect(t *testing.T, dir string) {
	t.Helper()
	allow := func(mode fs.FileMode) error {
		return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			return os.Chmod(path, mode)
		})
	}
	t.Cleanup(func() { require.NoError(t, allow(0o755)) })
	require.NoError(t, allow(0o555))
}

// listing tells each file below dir, for whoever is root may write in spite of protection.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		out = append(out, fmt.Sprint(path, info.ModTime(), info.Size()))
		return err
	}))
	slices.Sort(out)
	return out
}
