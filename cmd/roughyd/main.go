// Command roughyd is the reference server: it really serves the documented endpoint, with keys, a store, encoding and
// signed links, from one data folder.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills, whatever the first one is doing
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit codes, the same as roughy's.
const (
	exitOK      = 0
	exitBroken  = 1   // the demo saw something that must not be
	exitFailed  = 2   // wrong usage, or it could not be done
	exitStopped = 130 // Ctrl-C or SIGTERM, but for serve, which is meant to end so
)

// errBroken is the demo's verdict when something did not hold.
var errBroken = errors.New("something did not hold")

// run is the whole program, but for the process around it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "roughyd: stopped")
		return exitStopped
	}
	fmt.Fprintf(stderr, "roughyd: %v\n", err)
	if errors.Is(err, errBroken) {
		return exitBroken
	}
	return exitFailed
}
