//go:build unix

package media

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// group puts the program, with all that it starts, into a process group of its own. A Ctrl-C at our terminal does not reach it
// there, which would look like its own failure: ending it is for its context, which ends the whole group.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}
