// Command roughyd is the reference server: it really serves the documented endpoint, with keys, a store, encoding and
// signed links, from one data folder, or from Postgres and S3 on as many machines as it takes.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/cli"
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

// usage is wrong usage that shows when the command line was understood already.
type usage struct{ error }

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
		tellEnd(ran, slog.LevelInfo, "stopped")
		return exitStopped
	}
	why := err.Error()
	if !started {
		why = cli.Suggested(why)
	}
	tellEnd(ran, slog.LevelError, report.Printable(secret.Log(why)))
	if (!started || errors.As(err, new(usage))) && !logsJSON(ran) {
		fmt.Fprintf(stderr, "See: %s --help\n", ran.CommandPath())
	}
	if errors.Is(err, errBroken) {
		return exitBroken
	}
	return exitFailed
}

// tellEnd says why a command ends, in the last line of its log where that is for programs to read.
func tellEnd(cmd *cobra.Command, level slog.Level, why string) {
	if logsJSON(cmd) {
		logger(cmd, slog.LevelInfo).Log(context.Background(), level, "ended", "why", why)
		return
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "roughyd: %s\n", why)
}

// logsJSON reports whether all that a command writes to standard error is lines of JSON.
func logsJSON(cmd *cobra.Command) bool {
	return (cmd.Name() == "serve" || cmd.Name() == "worker") && flag(cmd, "format") == "json"
}
