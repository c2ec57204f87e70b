package media

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// confine lets the program, with all that it starts, end with its context and with us, even when we are killed. The thread
// that starts it must live as long as it does.
func confine(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}
