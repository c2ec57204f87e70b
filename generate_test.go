package roughy_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/gen"
)

// generated are the files that come of openapi.yaml, each by the config that is named like it.
var generated = []string{"models", "client", "server"}

// The lines of generate.go run in a copy that has no generated file, so that neither an old file nor the order of the
// lines decides what comes out.
func TestGeneratedCodeIsCurrent(t *testing.T) {
	t.Parallel()
	if testing.Short() && os.Getenv("ROUGHY_TEST_ALL") != "1" {
		t.Skip("builds and runs the generator")
	}
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "generate.go", "openapi.yaml"} {
		copyFile(t, name, filepath.Join(dir, name))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "gen"), 0o755))
	for _, name := range generated {
		copyFile(t, filepath.Join("gen", name+".yaml"), filepath.Join(dir, "gen", name+".yaml"))
	}
	runCommand(t, dir, "go", "generate", ".")
	require.Len(t, globFiles(t, filepath.Join(dir, "gen", "*.gen.go")), len(generated))
	for _, name := range generated {
		file := filepath.Join("gen", name+".gen.go")
		require.Equal(t, readText(t, filepath.Join(dir, file)), readText(t, file), "%s is stale: run go generate ./...", file)
	}
}

func TestGenHoldsNothingWrittenByHand(t *testing.T) {
	t.Parallel()
	require.Len(t, globFiles(t, "gen/*"), 2*len(generated), "one config and one generated file each")
	for _, name := range generated {
		require.Contains(t, readText(t, "gen/"+name+".gen.go"), "DO NOT EDIT")
		require.NotContains(t, readText(t, "gen/"+name+".yaml"), "embedded-spec", "it costs every importer eight requirements")
	}
}

func TestGeneratorIsPinnedByTheToolDirectiveAlone(t *testing.T) {
	t.Parallel()
	const generator = "github.com/oapi-codegen/oapi-codegen/v2"
	mod := parsedModule(t)
	require.Equal(t, []struct{ Path string }{{generator + "/cmd/oapi-codegen"}}, mod.Tool)
	require.True(t, slices.ContainsFunc(mod.Require, func(r struct{ Path, Version string }) bool { return r.Path == generator }))
	require.True(t, strings.HasPrefix(readText(t, "tools.go"), "//go:build ignore\n"),
		"go mod tidy follows every tag but ignore, and would hand the generator's requirements to every importer")
}

// A member that may be null or absent is a pointer, and no other is: a list alone is a pointer for being optional.
func TestNullableAndOptionalMembersArePointers(t *testing.T) {
	t.Parallel()
	models := map[string]reflect.Type{
		"Render":        reflect.TypeFor[gen.Render](),
		"RenderOutput":  reflect.TypeFor[gen.RenderOutput](),
		"ErrorEnvelope": reflect.TypeFor[gen.ErrorEnvelope](),
		"ErrorDetail":   reflect.TypeFor[gen.ErrorDetail](),
		"FieldError":    reflect.TypeFor[gen.FieldError](),
	}
	members := 0
	for _, p := range properties {
		schema, name, _ := strings.Cut(p.name, ".")
		require.Contains(t, models, schema)
		pointer := p.null == "nullable" || p.need == "optional"
		require.Equal(t, pointer, memberType(t, models[schema], name).Kind() == reflect.Pointer, p.name)
		members++
	}
	for _, model := range models {
		members -= model.NumField()
	}
	require.Zero(t, members, "the models have the members of the table and no more")
}

// memberType is the type of the field that JSON calls name.
func memberType(t *testing.T, model reflect.Type, name string) reflect.Type {
	t.Helper()
	for field := range model.Fields() {
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return field.Type
		}
	}
	t.Fatalf("%s has no member %s", model, name)
	return nil
}

// moduleFile is what the tests look at in go.mod.
type moduleFile struct {
	Tool    []struct{ Path string }
	Require []struct{ Path, Version string }
}

func parsedModule(t *testing.T) moduleFile {
	t.Helper()
	var mod moduleFile
	require.NoError(t, json.Unmarshal(runCommand(t, ".", "go", "mod", "edit", "-json"), &mod))
	return mod
}

func runCommand(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	return out
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, os.WriteFile(to, []byte(readText(t, from)), 0o644))
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

func globFiles(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	return files
}
