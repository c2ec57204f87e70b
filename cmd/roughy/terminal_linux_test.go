package main_test

import (
	"io"
	"os"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// terminal is the program's end of a pseudo-terminal, of which everything written is copied to w until the returned function
// is called.
func terminal(ts *testscript.TestScript, w io.Writer) (*os.File, func()) {
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	ts.Check(err)
	ts.Check(unix.IoctlSetPointerInt(int(ours.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(ours.Fd()), unix.TIOCGPTN)
	ts.Check(err)
	theirs, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	ts.Check(err)
	ts.Check(unix.IoctlSetWinsize(int(ours.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}))
	var copied sync.WaitGroup
	copied.Go(func() { _, _ = io.Copy(w, ours) })
	return theirs, func() { theirs.Close(); copied.Wait(); ours.Close() }
}
