//go:build !unix

package media

import "os/exec"

// group does nothing: there are no process groups here. The program itself ends with its context.
func group(*exec.Cmd) {}
