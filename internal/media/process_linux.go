package media

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// niceness is how far a program stands back, of 19. The kernel derives its rank at the disk from it.
const niceness = 10

// confine lets the program, with all that it starts, end with its context and with us, even when we are killed. The thread
// that starts it must live as long as it does.
func confine(cmd *exec.Cmd) {
	group(cmd)
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
}

// restrain lets the program, which has just begun and leads a group, stand back behind the server: it gets what processor time
// is left, no more memory than its limit, and is the first to go when the machine's is used up. Where the system does not allow
// one of these the output is still worth making. The limit is on what can be written to, not on the address space, of which
// threads reserve far more than they use.
func restrain(pid int) {
	_ = unix.Setpriority(unix.PRIO_PGRP, pid, niceness)
	_ = unix.Prlimit(pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: memoryLimit(), Max: memoryLimit()}, nil)
	_ = os.WriteFile("/proc/"+strconv.Itoa(pid)+"/oom_score_adj", []byte("1000"), 0)
}
