//go:build !linux

package main_test

import (
	"io"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

func terminal(ts *testscript.TestScript, _ io.Writer) (*os.File, func()) {
	ts.Fatalf("put [linux] before exits -tty: a pseudo-terminal is made on Linux only")
	return nil, nil
}
