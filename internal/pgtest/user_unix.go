//go:build unix

package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// identity is a user that programs are run as.
type identity struct{ uid, gid uint32 }

// other is who the server runs as, or nil for ourselves.
func other() (*identity, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and there is nobody else: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &identity{uint32(uid), uint32(gid)}, errors.Join(err, err2)
}

// own gives a folder to the user.
func (i *identity) own(dir string) error {
	if i == nil {
		return nil
	}
	return os.Chown(dir, int(i.uid), int(i.gid))
}

// become lets a program run as the user, in a session of its own, which a Ctrl-C at our terminal does not reach.
func (i *identity) become(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if i != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: i.uid, Gid: i.gid}
	}
}
