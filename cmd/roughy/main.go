// Command roughy reads renders of the Roughy video API, waits for them, downloads them, and checks that the API keeps its
// documented contract.
package main

import (
	"cmp"
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	log.SetOutput(io.Discard) // net/http writes there what servers send unasked, which may be anything
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills, whatever the first one is doing
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	os.Exit(code)
}

// run is the whole program, but for the process around it. What was asked for goes to stdout, everything else to stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdout: stdout, stderr: stderr}
	cmd := p.command()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	help := &watched{Writer: stdout}
	cmd.SetOut(help)
	cmd.SetErr(stderr)
	ran, err := cmd.ExecuteContextC(ctx)
	if err == nil && help.err != nil {
		p.say("print: " + help.err.Error())
		return exitUnread
	}
	return p.conclude(ctx, ran, err)
}

// watched remembers that something could not be written, where cobra forgets it: help, version, completions.
type watched struct {
	io.Writer
	err error
}

// Write implements io.Writer.
func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.err = cmp.Or(w.err, err)
	return n, err
}
