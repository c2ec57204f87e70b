//go:build !linux

package media

import "os/exec"

// confine lets the program end with its context. It outlives us when we are killed.
func confine(cmd *exec.Cmd) { group(cmd) }

// restrain does nothing: another system has other ways to limit a server with all that it starts.
func restrain(int) {}
