package main_test

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ctrl-C and SIGTERM stop a look at a document that computes, and one that waits for stdin.
func TestInterruptedWhileLinting(t *testing.T) {
	t.Parallel()
	document := large("document")
	for name, c := range map[string]struct {
		signal os.Signal
		ends   bool
	}{
		"as it computes": {os.Interrupt, true},
		"by SIGTERM":     {syscall.SIGTERM, true},
		"as it waits":    {os.Interrupt, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			cmd := exec.Command("roughy", "spec", "lint", "-")
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
