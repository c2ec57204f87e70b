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

const generator = "github.com/oapi-codegen/oapi-codegen/v2"

// generated are the files that come of openapi.yaml, each by the config that is named like it.
var generated = []string{"models", "client", "server"}

// The lines of generate.go run in a copy that has no generated file, so that neither an old file nor the order of the lines
// decides what comes out; and run again, and then on a document that does not do.
func TestGenerate(t *testing.T) {
	t.Parallel()
	r := copied(t)
	for _, name := range generated {
		require.NoError(t, os.Remove(r.path("gen/"+name+".gen.go")))
	}
	for range 2 {
		r.run("generate", ".")
		require.Len(t, globFiles(t, r.path("gen/*")), 2*len(generated))
		for _, name := range generated {
			file := "gen/" + name + ".gen.go"
			require.Equal(t, readText(t, r.path(file)), readText(t, file), "%s is stale: run go generate ./...", file)
		}
	}

	r.edit("openapi.yaml", "summary: Read one render", "summary: Read a render")
	r.edit("openapi.yaml", `type: [integer, "null"]`+"\n          format: int64", "type: [integer, string]") // for which client and server would change
	says, err := r.command("generate", ".")
	require.Error(t, err)
	require.Regexp(t, `^openapi\.yaml:[0-9]+:9: no code can be made of this by gen/models\.yaml: unhandled Schema type: &\[integer string\]; gen stays as it was
exit status 1
generate\.go:6: running "go": exit status 1
$`, says)
	for _, name := range generated {
		file := "gen/" + name + ".gen.go"
		require.Equal(t, readText(t, file), readText(t, r.path(file)), "%s is not as it was", file)
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
	rows := map[string]bool{}
	for _, p := range properties {
		schema, name, _ := strings.Cut(p.name, ".")
		require.Contains(t, models, schema)
		pointer := p.null == "nullable" || p.need == "optional"
		require.Equal(t, pointer, memberType(t, models[schema], name).Kind() == reflect.Pointer, p.name)
		rows[p.name] = true
	}
	for schema, model := range models {
		for field := range model.Fields() {
			tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			require.True(t, rows[schema+"."+tag], "without a row in the table in parity_test.go: %s.%s", schema, tag)
		}
	}
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
