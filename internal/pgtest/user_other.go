//go:build !unix

package pgtest

import "os/exec"

// identity is a user that programs are run as: here always ourselves.
type identity struct{}

func other() (*identity, error)        { return nil, ErrMissing }
func (*identity) own(string) error     { return nil }
func (*identity) become(cmd *exec.Cmd) {}
