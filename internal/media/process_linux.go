package media

import (
	"os/exec"
	"syscall"
)

// confine lets the program, with all that it starts, end with its context and with us, even when we are killed. The thread
// that starts it must live as long as it does.
func confine(cmd *exec.Cmd) {
	group(cmd)
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
}
