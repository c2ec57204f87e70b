package media_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
)

// requireGone waits until a process has ended.
func requireGone(t testing.TB, pid string) {
	t.Helper()
	require.Eventually(t, func() bool {
		status, err := os.ReadFile("/proc/" + pid + "/stat")
		return err != nil || strings.Contains(string(status), ") Z ") // dead, if nobody has asked how it went
	}, 20*time.Second, 5*time.Millisecond)
}

// victim is set in a copy of the test program that is there to be killed; its value is a script to run for ffmpeg.
const victim = "ROUGHY_TEST_VICTIM"

func TestFFmpegDiesWithAKilledWorker(t *testing.T) {
	if program := os.Getenv(victim); program != "" {
		t.Log(media.EncodeByFFmpeg(t.Context(), program, task(t)))
		return
	}
	t.Parallel()
	began := filepath.Join(t.TempDir(), "began")
	worker := exec.Command(os.Args[0], "-test.run=^TestFFmpegDiesWithAKilledWorker$")
	worker.Env = append(os.Environ(), victim+"="+script(t, "echo $$ > "+began+"; exec sleep 600"))
	require.NoError(t, worker.Start())
	require.Eventually(t, func() bool { return childOf(began) != "" }, 20*time.Second, 5*time.Millisecond)
	require.NoError(t, worker.Process.Kill())
	_ = worker.Wait() // it was killed
	requireGone(t, childOf(began))
}

func TestFFmpegStandsBackAndIsLimited(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "status")
	// The script waits until it is restrained: that comes last. Its children are started by then, or inherit it.
	look := script(t, "until [ \"$(cat /proc/self/oom_score_adj)\" = 1000 ]; do sleep 0.01; done; ps -o ni= -p $$ > "+out+"; grep 'Max data' /proc/self/limits >> "+out)
	requireFault(t, media.EncodeByFFmpeg(t.Context(), look, task(t)))
	said, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, []string{"10", "Max", "data", "size"}, strings.Fields(string(said))[:4])
	require.Equal(t, strconv.FormatUint(media.MemoryLimit(), 10), strings.Fields(string(said))[4])
}
