package main_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ctrl-C stops a run that waits for more on stdin, be it ids or a recording.
func TestInterruptedWhileStdinGivesNothing(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	line := `{"url":"https://api.roughy.ai/v1/renders/` + renders["OK"] + `","status":404,"headers":{"Content-Type":"application/json"},"body":{"error":{"code":"not_found","message":"m"}}}`
	for name, c := range map[string]struct {
		args  []string
		input string
	}{
		"ids":         {[]string{"check"}, renders["OK"] + "\n"},
		"a recording": {[]string{"check", "--ndjson", "-"}, line + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command("roughy", c.args...)
			cmd.Env = append(os.Environ(), "ROUGHY_API_KEY="+rightKey, "ROUGHY_BASE_URL="+w.api.URL)
			stdin, err := cmd.StdinPipe()
			require.NoError(t, err)
			stdout, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			t.Cleanup(func() { _ = cmd.Process.Kill() })
			_, err = io.WriteString(stdin, c.input)
			require.NoError(t, err)
			first, err := bufio.NewReader(stdout).ReadString('\n')
			require.NoError(t, err)
			require.Contains(t, first, renders["OK"])
			require.NoError(t, cmd.Process.Signal(os.Interrupt))
			_ = cmd.Wait() // the exit code tells
			require.Equal(t, 130, cmd.ProcessState.ExitCode())
		})
	}
}
