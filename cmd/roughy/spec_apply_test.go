package main_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A document that somebody else writes while an overlay is read is not written over.
func TestApplyToADocumentThatChangesMeanwhile(t *testing.T) {
	t.Parallel()
	document := filepath.Join(t.TempDir(), "openapi.yaml")
	const before = "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {}\n"
	require.NoError(t, os.WriteFile(document, []byte(before), 0o600))
	var stdout, stderr strings.Builder
	cmd := exec.Command("roughy", "spec", "apply", "--spec", document, "-")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	_, err = io.WriteString(stdin, "overlay: 1.0.0\ninfo: {title: O, version: 1}\nactions:\n- target: $.info\n  update: {title: B}\n")
	require.NoError(t, err)
	_, err = io.WriteString(stdin, strings.Repeat("# more than a pipe holds, so that it is read by now\n", 10_000))
	require.NoError(t, err)
	const after = before + "# of somebody else\n"
	require.NoError(t, os.WriteFile(document, []byte(after), 0o600))
	require.NoError(t, stdin.Close())
	_ = cmd.Wait() // the exit code tells
	require.Equal(t, 2, cmd.ProcessState.ExitCode())
	require.Equal(t, "roughy: "+document+" was changed by somebody else meanwhile, and is left as it is now: apply the overlay again\n", stderr.String())
	require.Empty(t, stdout.String())
	now, err := os.ReadFile(document)
	require.NoError(t, err)
	require.Equal(t, after, string(now))
}
