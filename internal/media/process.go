package media

import (
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// mostComplaint is how much of what a program says on stderr is kept, from the end.
const mostComplaint = 8 << 10

// run runs a program, confined and restrained, to its end or the context's and returns what it said on stderr. out may be nil.
func run(ctx context.Context, out io.Writer, program string, args ...string) (complaint string, err error) {
	runtime.LockOSThread() // see confine
	defer runtime.UnlockOSThread()
	said := &tail{most: mostComplaint}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = out, said
	cmd.Env = environment()
	cmd.WaitDelay = 5 * time.Second
	confine(cmd)
	if err = cmd.Start(); err == nil {
		restrain(cmd.Process.Pid)
		err = cmd.Wait()
	}
	return strings.TrimSpace(string(said.kept)), err
}

// environment is what a program needs to run. It is not told our secrets, nor what would make ffmpeg write files of its own.
func environment() []string {
	env := []string{"LC_ALL=C"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// tail keeps the end of what is written to it.
type tail struct {
	most int
	kept []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - t.most; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}
