package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/racetest"
)

const top = "../../.."

var configs = []string{"gen/models.yaml", "gen/client.yaml", "gen/server.yaml"}

func TestGate(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	gate := built(t)
	const (
		noCode    = "no code can be made of this by gen/models.yaml: "
		noCompile = "the code made of this does not compile: "
		second    = "  /cuts:\n    get:\n      operationId: readClip\n      responses:\n        default: {description: None.}\ncomponents:\n"
	)
	for name, c := range map[string]struct {
		old, new string // what is changed in the document
		want     string
	}{
		"a good document":                 {"", "", ""},
		"one with a member more":          {"file_size:", "title: {type: string}\n        file_size:", ""},
		"no YAML":                         {"paths:", "paths: ]", "openapi.yaml:3: not YAML or JSON: yaml: line 3: did not find expected node content"},
		"Swagger":                         {"openapi: 3.1.0", `swagger: "2.0"`, `openapi.yaml:1:1: Swagger "2.0" is not supported: convert the document to OpenAPI 3.0 or 3.1`},
		"a reference that leads nowhere":  {"schemas/ClipKind", "schemas/Kind", `openapi.yaml:22:22: reference "#/components/schemas/Kind" leads nowhere`},
		"a member of two types":           {"{type: integer}", "{type: [integer, string]}", "openapi.yaml:21:9: " + noCode + "unhandled Schema type: &[integer string]"},
		"a parameter of another name":     {"name: clip_id", "name: clip", "openapi.yaml:4:3: " + noCode + "path '/clips/{clip_id}' refers to parameter 'clip_id', which doesn't exist in specification"},
		"an enum of another type":         {"      type: string\n", "      type: integer\n", `openapi.yaml:23:5: ` + noCode + `enum value "long" of ClipKind is not a number or boolean literal, which its Go type int requires`},
		"a type of Go that is none":       {"{type: integer}", "{type: integer, x-go-type: 4 5}", "openapi.yaml:1:1: " + noCode + "expected type, found 4"},
		"two members of one name in Go":   {"file_size:", "fileSize: {type: string}\n        file_size:", "openapi.yaml:22:9: " + noCompile + "FileSize redeclared"},
		"two schemas of one name in Go":   {"    ClipKind:\n", "    clipKind: {type: string}\n    ClipKind:\n", "openapi.yaml:24:5: " + noCode + "duplicate typename 'ClipKind' detected, can't auto-rename, please use x-go-name to specify your own name for one of them"},
		"two operations of one name":      {"components:\n", second, "openapi.yaml:17:7: " + noCompile + "method Client.ReadClip already declared"},
		"references that lead in circles": {"      type: string\n", "      $ref: \"#/components/schemas/ClipKind\"\n", `openapi.yaml:22:22: reference "#/components/schemas/ClipKind" leads back to itself`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := module(t)
			document := readText(t, "testdata/document.yaml")
			require.Contains(t, document, c.old)
			writeText(t, filepath.Join(dir, "openapi.yaml"), strings.Replace(document, c.old, c.new, 1))
			says := run(t, dir, gate, append([]string{"openapi.yaml"}, configs...)...)
			if c.want == "" {
				require.Empty(t, says)
			} else {
				require.Equal(t, c.want+"; gen stays as it was\n", says)
			}
			leavesTheOldCode(t, dir)
		})
	}
}

func TestGateNamesTheConfigurationThatIsAtFault(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	gate := built(t)
	const models = "gen/models.yaml"
	cannot := ": the generator cannot use this: "
	for name, c := range map[string]struct {
		config, old, new string // what is changed in a configuration
		want             string
	}{
		"no YAML":                     {models, "generate:", "generate: ]", "gen/models.yaml:3" + cannot + "did not find expected node content"},
		"a key that there is not":     {models, "  models: true", "  modelz: true", "gen/models.yaml:4" + cannot + "field modelz not found in type codegen.GenerateOptions"},
		"a value of another kind":     {"gen/client.yaml", "  client: true", "  client: [1]", "gen/client.yaml:4" + cannot + "cannot unmarshal !!seq into bool"},
		"a value that there is not":   {models, "ToCamelCaseWithInitialisms", "ToKebab", "gen/models.yaml:8" + cannot + `the name-normalizer option ToKebab could not be found among options ["" "ToCamelCase" "ToCamelCaseWithDigits" "ToCamelCaseWithInitialisms"]`},
		"two servers":                 {"gen/server.yaml", "generate:\n", "generate:\n  chi-server: true\n", "gen/server.yaml:1" + cannot + "configuration error: only one server type is supported at a time"},
		"a package name that is none": {models, "package: gen", "package: func", "gen/models.yaml:1" + cannot + "func.go:5:9: expected 'IDENT', found 'func' (and 1 more errors)"},
		"a package of another name":   {"gen/client.yaml", "package: gen", "package: other", "gen/client.yaml:1" + cannot + "found packages other (client.gen.go) and gen (models.gen.go) in gen"},
		"nothing":                     {models, "", "", "gen/models.yaml:1" + cannot + "there is nothing in it"},
		"no file":                     {models, "", "-", "stat gen/models.yaml: no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := module(t)
			writeText(t, filepath.Join(dir, "openapi.yaml"), readText(t, "testdata/document.yaml"))
			file := filepath.Join(dir, c.config)
			text := readText(t, file)
			require.Contains(t, text, c.old)
			if writeText(t, file, strings.Replace(text, c.old, c.new, 1)); c.old == "" {
				writeText(t, file, "")
			}
			if c.new == "-" {
				require.NoError(t, os.Remove(file))
			}
			require.Equal(t, c.want+"; gen stays as it was\n", run(t, dir, gate, append([]string{"openapi.yaml"}, configs...)...))
			leavesTheOldCode(t, dir)
		})
	}
}

func TestGateSaysWhatIsNoFaultOfTheDocument(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	gate := built(t)
	const tool = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	for name, c := range map[string]struct {
		file string
		mod  func(string) string // what becomes of the file; nil if it goes
		want string
	}{
		"no document":                  {"openapi.yaml", nil, "open openapi.yaml: no such file or directory"},
		"no module":                    {"go.mod", nil, "open go.mod: no such file or directory: go to the module's folder"},
		"no tool":                      {"go.mod", without("\ntool ", "\n// tool "), `go.mod:1: no such tool "oapi-codegen"; to add it: go get -tool ` + tool},
		"a tool without its module":    {"go.mod", func(string) string { return "module a.example\n\ngo 1.26\n\ntool " + tool + "\n" }, "go.mod:1: no required module provides package " + tool + "; to add it: go get " + tool},
		"code without its module":      {"go.mod", without("\tgithub.com/oapi-codegen/runtime ", "\t// "), "go.mod:1: no required module provides package github.com/oapi-codegen/runtime; to add it: go get github.com/oapi-codegen/runtime"},
		"a go.mod that cannot be read": {"go.mod", without("\ntool ", "\ntools "), "go: errors parsing go.mod: go.mod:5: unknown directive: tools"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := module(t)
			writeText(t, filepath.Join(dir, "openapi.yaml"), readText(t, "testdata/document.yaml"))
			file := filepath.Join(dir, c.file)
			if c.mod == nil {
				require.NoError(t, os.Remove(file))
			} else {
				writeText(t, file, c.mod(readText(t, file)))
			}
			require.Equal(t, c.want+"; gen stays as it was\n", run(t, dir, gate, append([]string{"openapi.yaml"}, configs...)...))
			leavesTheOldCode(t, dir)
		})
	}
	require.Equal(t, "usage: gate DOCUMENT CONFIG...; gen stays as it was\n", run(t, module(t), gate, "openapi.yaml"))
}

func without(old, new string) func(string) string {
	return func(text string) string { return strings.Replace(text, old, new, 1) }
}

// built is the gate as go run would build it.
func built(t *testing.T) string {
	t.Helper()
	if testing.Short() && os.Getenv("ROUGHY_TEST_ALL") != "1" {
		t.Skip("builds and runs the generator")
	}
	gate := filepath.Join(t.TempDir(), "gate")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", gate, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	return gate
}

// module is a folder with what the gate needs of ours, but for the document.
func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "gen"), 0o755))
	for _, name := range append([]string{"go.mod", "go.sum"}, configs...) {
		writeText(t, filepath.Join(dir, name), readText(t, filepath.Join(top, name)))
	}
	writeText(t, filepath.Join(dir, "gen/old.gen.go"), oldCode)
	return dir
}

const oldCode = "package gen // as it was"

func leavesTheOldCode(t *testing.T, dir string) {
	t.Helper()
	code, err := filepath.Glob(filepath.Join(dir, "gen", "*.go"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "gen", "old.gen.go")}, code)
	require.Equal(t, oldCode, readText(t, code[0]))
}

// run returns what the gate says, which is nothing if it exits with 0.
func run(t *testing.T, dir, gate string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), gate, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir(), "GOPROXY=off")
	out, err := cmd.CombinedOutput()
	require.Equal(t, err == nil, len(out) == 0, "%v: %s", err, out)
	return string(out)
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

func writeText(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}
