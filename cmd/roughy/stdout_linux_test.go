package main_test

import (
	"bufio"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Ctrl-C stops a download to a pipe that nobody reads, where a write would wait for ever.
func TestInterruptedWhileNobodyReadsStdout(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	cmd := exec.Command("roughy", "download", "--verbose", "--output", "-", renders["OK"])
	cmd.Env = append(os.Environ(), "ROUGHY_API_KEY="+rightKey, "ROUGHY_BASE_URL="+w.api.URL)
	cmd.Stdout = fullPipe(t)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	told := bufio.NewScanner(stderr)
	for range 3 { // two reads, and the first bytes
		require.True(t, told.Scan())
	}
	require.Contains(t, told.Text(), "fetch output")
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.True(t, told.Scan())
	require.Equal(t, "roughy: stopped", told.Text())
	_ = cmd.Wait() // the exit code tells
	require.Equal(t, 130, cmd.ProcessState.ExitCode())
}

// fullPipe is the end of a pipe that takes nothing more.
func fullPipe(t *testing.T) *os.File {
	t.Helper()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = reader.Close(); _ = writer.Close() })
	fd := int(writer.Fd()) // which makes it wait
	require.NoError(t, unix.SetNonblock(fd, true))
	for err == nil {
		_, err = unix.Write(fd, make([]byte, 4096))
	}
	require.ErrorIs(t, err, unix.EAGAIN)
	require.NoError(t, unix.SetNonblock(fd, false))
	return writer
}
