package roughy_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

// What the client may cost a program that imports it: lines in its go.mod, ours included, and bytes of its stripped binary.
const (
	mostRequirements = 15
	mostBytes        = 12_000_000
)

// unwanted are modules that our commands, servers and tests need, and no importer. Patterns are as in databases.
const unwanted = databases + " go.opentelemetry.io/... gocloud.dev/... google.golang.org/... github.com/spf13/... github.com/stretchr/..."

// importer is a program of somebody else's that uses the client.
const importer = `package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/roughy-go/roughy"
)

func main() {
	client, err := roughy.NewClient("", roughy.WithLogger(slog.Default()))
	if err == nil {
		err = fetch(client, os.Args[1], os.Args[2])
	}
	var refused *roughy.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Status, refused.Code)
		os.Exit(1)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
}

func fetch(client *roughy.Client, text, path string) error {
	id, err := roughy.ParseID(text)
	if err != nil {
		return err
	}
	render, err := client.Wait(context.Background(), id)
	if err != nil {
		return err
	}
	n, err := client.DownloadFile(context.Background(), id, path)
	fmt.Println(render.State, n)
	return err
}
`

func TestImporter(t *testing.T) {
	t.Parallel()
	if testing.Short() && os.Getenv("ROUGHY_TEST_ALL") != "1" {
		t.Skip("builds a module of its own")
	}
	dir := t.TempDir()
	binary := buildImporter(t, dir)

	t.Run("it requires little", func(t *testing.T) {
		t.Parallel()
		paths := requirements(t, dir)
		t.Logf("%d requirements", len(paths))
		require.Contains(t, paths, modulePath)
		require.LessOrEqual(t, len(paths), mostRequirements, "%d too many of these:\n%s", len(paths)-mostRequirements, strings.Join(paths, "\n"))
		for _, path := range paths {
			require.False(t, slices.ContainsFunc(strings.Fields(unwanted), covers(path)), "%s is no importer's business: go mod why -m", path)
		}
	})
	t.Run("its binary is small", func(t *testing.T) {
		t.Parallel()
		info, err := os.Stat(binary)
		require.NoError(t, err)
		t.Logf("%d bytes", info.Size())
		require.LessOrEqual(t, info.Size(), int64(mostBytes), "%d bytes too many: go tool nm -size -sort size", info.Size()-mostBytes)
	})
	t.Run("it fetches", func(t *testing.T) {
		t.Parallel()
		server, path := roughytest.NewServer(t), filepath.Join(t.TempDir(), "a.mp4")
		id := server.Add(roughytest.Render{State: roughy.StateCompleted, Bytes: []byte("a clip")})
		out, err := runImporter(t, binary, server, id, path)
		require.NoError(t, err)
		require.Equal(t, "completed 6\n", out)
		require.Equal(t, "a clip", readText(t, path))
	})
	t.Run("it learns what was refused", func(t *testing.T) {
		t.Parallel()
		out, err := runImporter(t, binary, roughytest.NewServer(t), uuid.New(), filepath.Join(t.TempDir(), "a.mp4"))
		require.ErrorContains(t, err, "exit status 1")
		require.Equal(t, "404 not_found\n", out)
	})
}

// buildImporter writes the program's module into dir, and builds it as it would be shipped.
func buildImporter(t *testing.T, dir string) (binary string) {
	t.Helper()
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(importer), 0o644))
	runCommand(t, dir, "go", "mod", "init", "importer.example")
	runCommand(t, dir, "go", "mod", "edit", "-require="+modulePath+"@v0.0.0", "-replace="+modulePath+"="+here)
	runCommand(t, dir, "go", "mod", "tidy")
	binary = filepath.Join(dir, "importer")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return binary
}

// requirements are the modules in the go.mod of dir, direct and indirect ones.
func requirements(t *testing.T, dir string) []string {
	t.Helper()
	var mod moduleFile
	require.NoError(t, json.Unmarshal(runCommand(t, dir, "go", "mod", "edit", "-json"), &mod))
	paths := make([]string, len(mod.Require))
	for i, r := range mod.Require {
		paths[i] = r.Path
	}
	return paths
}

// runImporter fetches a render's output into path, and returns what the program printed.
func runImporter(t *testing.T, binary string, server *roughytest.Server, id uuid.UUID, path string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, id.String(), path)
	cmd.Env = append(os.Environ(), "ROUGHY_API_KEY="+server.Key(), "ROUGHY_BASE_URL="+server.URL())
	out, err := cmd.Output()
	return string(out), err
}
