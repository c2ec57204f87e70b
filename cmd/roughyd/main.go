// Command roughyd is the reference server: it really serves the documented endpoint, with keys, a store, encoding and
// signed links, from one data folder, or from Postgres and S3 on as many machines as it takes.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/secret"
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // a reader that is gone is a write error, and no reason to leave things half done
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
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
	started := false // the command line was understood
	cmd := newCommand(&started)
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	ran, err := cmd.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return exitOK
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "roughyd: stopped")
		return exitStopped
	}
	fmt.Fprintf(stderr, "roughyd: %s\n", report.Printable(secret.Mask(err.Error())))
	if !started {
		fmt.Fprintf(stderr, "See: %s --help\n", ran.CommandPath())
	}
	if errors.Is(err, errBroken) {
		return exitBroken
	}
	return exitFailed
}
