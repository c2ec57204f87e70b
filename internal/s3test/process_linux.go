package s3test

import (
	"os/exec"
	"syscall"
)

// bind lets a process end with this one, even where that is killed before it can clean up.
func bind(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
