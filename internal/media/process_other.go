//go:build !linux

package media

import "os/exec"

// confine lets the program end with its context. It outlives us when we are killed.
func confine(cmd *exec.Cmd) { group(cmd) }
