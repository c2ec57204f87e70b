package main_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ctrl-C and SIGTERM stop a command that computes, and one that waits for stdin.
func TestInterruptedAtADocument(t *testing.T) {
	t.Parallel()
	document := large("head")
	file := filepath.Join(t.TempDir(), "base.yaml")
	require.NoError(t, os.WriteFile(file, []byte(large("base")), 0o600))
	commands := map[string][]string{"diff": {"spec", "diff", file, "-"}, "lint": {"spec", "lint", "-"}, "apply": {"spec", "apply", "--spec", file, "-"}}
	const soonDone = "apply" // with what is no overlay
	for name, c := range map[string]struct {
		signal os.Signal
		ends   bool
	}{
		"as it computes": {os.Interrupt, true},
		"by SIGTERM":     {syscall.SIGTERM, true},
		"as it waits":    {os.Interrupt, false},
	} {
		for command, args := range commands {
			if command == soonDone && c.ends {
				continue
			}
			t.Run(command+" "+name, func(t *testing.T) {
				t.Parallel()
				var stdout, stderr strings.Builder
				cmd := exec.Command("roughy", args...)
				cmd.Stdout, cmd.Stderr = &stdout, &stderr
				stdin, err := cmd.StdinPipe()
				require.NoError(t, err)
				require.NoError(t, cmd.Start())
				t.Cleanup(func() { _ = cmd.Process.Kill() })
				_, err = io.WriteString(stdin, document) // more than a pipe holds, so that it is read by now
				require.NoError(t, err)
				if c.ends {
					require.NoError(t, stdin.Close())
				}
				require.NoError(t, cmd.Process.Signal(c.signal))
				_ = cmd.Wait() // the exit code tells
				require.Equal(t, 130, cmd.ProcessState.ExitCode(), &stderr)
				require.Equal(t, "roughy: stopped\n", stderr.String())
				require.Empty(t, stdout.String())
			})
		}
	}
}

// large is a document that it takes a while to compare.
func large(text string) string {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\ninfo: {title: Large, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n")
	for i := range 4000 {
		fmt.Fprintf(&b, "    S%d:\n      type: object\n      description: %s %d\n      properties: {a: {type: string}, b: {type: integer}}\n", i, text, i)
	}
	return b.String()
}
