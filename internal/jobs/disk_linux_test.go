package jobs_test

import (
	"syscall"
	"testing"
)

// smallDisk puts dir on a disk of its own, with 64 MiB, and reports whether it could.
func smallDisk(t *testing.T, dir string) bool {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		return false
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return true
}
