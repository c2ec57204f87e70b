package roughy_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/roughytest"
)

// What the client may cost a program that imports it.
const (
	mostRequirements = 15
	mostBytes        = 12 << 20
)

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
	if refused, ok := errors.AsType[*roughy.Error](err); ok {
		fmt.Println(refused.Code)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
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

// An importer's program is small, requires little, and works.
func TestImporter(t *testing.T) {
	t.Parallel()
	if testing.Short() && os.Getenv("ROUGHY_TEST_ALL") != "1" {
		t.Skip("builds a module of its own")
	}
	dir := t.TempDir()
	binary := filepath.Join(dir, "importer")
	buildImporter(t, dir, binary)

	var mod moduleFile
	require.NoError(t, json.Unmarshal(runCommand(t, dir, "go", "mod", "edit", "-json"), &mod))
	paths := make([]string, len(mod.Require))
	for i, r := range mod.Require {
		paths[i] = r.Path
	}
	require.LessOrEqual(t, len(paths), mostRequirements, strings.Join(paths, "\n"))
	info, err := os.Stat(binary)
	require.NoError(t, err)
	require.LessOrEqual(t, info.Size(), int64(mostBytes))
	t.Logf("%d requirements, a binary of %.1f MB", len(paths), float64(info.Size())/1e6)

	server := roughytest.NewServer(t)
	id := server.Add(roughytest.Render{State: "completed", Bytes: []byte("a clip")})
	cmd := exec.CommandContext(t.Context(), binary, id.String(), filepath.Join(dir, "a.mp4"))
	cmd.Env = append(os.Environ(), "ROUGHY_API_KEY="+server.Key(), "ROUGHY_BASE_URL="+server.URL())
	out, err := cmd.Output()
	require.NoError(t, err, string(out))
	require.Equal(t, "completed 6\n", string(out))
	require.Equal(t, "a clip", readText(t, filepath.Join(dir, "a.mp4")))
}

// buildImporter writes the program's module into dir, and builds it as it would be shipped.
func buildImporter(t *testing.T, dir, binary string) {
	t.Helper()
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(importer), 0o644))
	runCommand(t, dir, "go", "mod", "init", "importer.example")
	runCommand(t, dir, "go", "mod", "edit", "-require="+modulePath+"@v0.0.0", "-replace="+modulePath+"="+here)
	runCommand(t, dir, "go", "mod", "tidy")
	runCommand(t, dir, "env", "CGO_ENABLED=0", "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
}
