package roughy_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/faulttest"
)

// The environment of a process that downloads for a row.
const (
	childFolder = "ROUGHY_FAULT_FOLDER" // where the file is to be; "" in any other process
	childURL    = "ROUGHY_FAULT_URL"    // of the API
	childLimit  = "ROUGHY_FAULT_LIMIT"  // "1": no file may have more than 200 bytes
)

// TestDownloadInAProcessOfItsOwn is what the rows of the table run that need a process to kill, or one with limits. It tells what it
// does on its standard output. Alone, it has nothing to do.
func TestDownloadInAProcessOfItsOwn(t *testing.T) {
	folder := os.Getenv(childFolder)
	if folder == "" {
		return
	}
	if os.Getenv(childLimit) != "" {
		signal.Ignore(syscall.SIGXFSZ) // so that writes fail, as on a full disk
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 200, Max: 200}))
	}
	_, err := client(t, os.Getenv(childURL)).DownloadFile(t.Context(), id, filepath.Join(folder, "a.mp4"), roughy.WithProgress(func(written, _ int64) {
		fmt.Println("written", written)
	}))
	fmt.Println("error", err)
}

// child starts a process that downloads in a scene.
func (s *scene) child(folder string, env ...string) (*exec.Cmd, io.Reader) {
	s.Helper()
	cmd := exec.CommandContext(s.Context(), os.Args[0], "-test.run=^TestDownloadInAProcessOfItsOwn$")
	cmd.Env = append(os.Environ(), append(env, childFolder+"="+folder, childURL+"="+s.base)...)
	out, err := cmd.StdoutPipe()
	require.NoError(s, err)
	require.NoError(s, cmd.Start())
	return cmd, out
}

// killed downloads in a process that is killed when 100 bytes are there, and then again.
func killed(t *testing.T, f fault) (all sights) {
	f.link = broken(faulttest.Wait(nil), nil)
	played(t, f, func(ctx context.Context, s *scene) {
		folder := s.TempDir()
		cmd, out := s.child(folder)
		line, err := bufio.NewReader(out).ReadString('\n')
		require.NoError(s, err)
		require.Equal(s, "written 100\n", line)
		require.NoError(s, cmd.Process.Kill())
		require.Error(s, cmd.Wait())
		entries, err := os.ReadDir(folder)
		require.NoError(s, err)
		require.Len(s, entries, 1)
		require.Equal(s, partOf(folder), filepath.Join(folder, entries[0].Name()))
		all = sights{s.resumed(ctx, folder)}.by("the next call")
	})
	return all
}

// onFullDisk downloads in a process that can write 200 bytes, and then where there is room.
func onFullDisk(t *testing.T, f fault) (all sights) {
	played(t, f, func(ctx context.Context, s *scene) {
		folder := s.TempDir()
		cmd, out := s.child(folder, childLimit+"=1")
		told, err := io.ReadAll(out)
		require.NoError(s, err)
		require.NoError(s, cmd.Wait(), "%s", told)
		_, text, found := strings.Cut(string(told), "error ")
		require.True(s, found)
		text, _, _ = strings.Cut(text, "\n")
		require.NoFileExists(s, filepath.Join(folder, "a.mp4"))
		first := s.seen(time.Now(), "1+1", "", fmt.Errorf("%s", strings.ReplaceAll(text, folder, "FOLDER")))
		all = append(sights{first}.by("the first call"), sights{s.resumed(ctx, folder)}.by("with room, the next")...)
	})
	return all
}
