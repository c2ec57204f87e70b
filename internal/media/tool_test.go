package media_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
)

// tool is where ffmpeg or ffprobe is. Without it the test is skipped, or fails when ROUGHY_TEST_ALL=1.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("ROUGHY_TEST_ALL") == "1" {
		t.Fatalf("%s is missing; apt-get install ffmpeg", name)
	}
	t.Skipf("%s is missing; apt-get install ffmpeg", name)
	return ""
}

// clipFile is a file with the bundled clip.
func clipFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip.mp4")
	require.NoError(t, os.WriteFile(path, clip.MP4, 0o600))
	return path
}

// generated is a file that ffmpeg makes from the clip.
func generated(t testing.TB, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	ffmpeg(t, append(append([]string{"-i", clipFile(t)}, args...), path)...)
	return path
}

// generatedAll are files that ffmpeg makes from the clip, by name, all in one go: starting ffmpeg is most of the time. The last of a
// name's arguments is the file's own name. The clip is there a second time, with everything 0.3 s later.
func generatedAll(t testing.TB, all map[string][]string) map[string]string {
	t.Helper()
	paths, clip := map[string]string{}, clipFile(t)
	args := []string{"-i", clip, "-itsoffset", "0.3", "-i", clip}
	for name, own := range all {
		last := len(own) - 1
		paths[name] = filepath.Join(t.TempDir(), own[last])
		args = append(append(args, own[:last]...), paths[name])
	}
	ffmpeg(t, args...)
	return paths
}

// ffmpeg runs the real one and returns what it writes to stdout.
func ffmpeg(t testing.TB, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), tool(t, "ffmpeg"), append([]string{"-loglevel", "error", "-nostdin", "-y"}, args...)...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	require.NoError(t, cmd.Run(), said.String())
	return out.Bytes()
}

func probe(t testing.TB, path string) media.Source {
	t.Helper()
	s, err := media.Probe(t.Context(), path)
	require.NoError(t, err)
	return s
}

// walked is what the package's own reader of boxes finds in an output, which takes no time, and ffprobe in one without boxes. The
// matrix has ffprobe look at all of them.
func walked(t testing.TB, path string) media.Source {
	t.Helper()
	if s, err := media.WalkFile(path); err == nil {
		return s
	}
	return probe(t, path)
}

// known holds what was probed before.
var known sync.Map

// probedOnce probes a file that does not change.
func probedOnce(t testing.TB, path string) media.Source {
	t.Helper()
	if s, ok := known.Load(path); ok {
		return s.(media.Source)
	}
	s := probe(t, path)
	known.Store(path, s)
	return s
}

// requireRefusal holds an error to its code, and its message to one line without a secret of the machine.
func requireRefusal(t testing.TB, err error, code string) {
	t.Helper()
	var refused *media.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, code, refused.Code)
	require.Equal(t, refused.Message, refused.Error())
	require.NotContains(t, refused.Message, "\n")
	require.Greater(t, len(refused.Message), 20, "says what to do")
}
