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
	"time"
)

func main() {
	log.SetOutput(io.Discard) // net/http writes there what servers send unasked, which may be anything
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM) // before anything that they may stop
	go stop(signals, cancel)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// stop lets the first Ctrl-C or SIGTERM end the run in order, and a second one at once. What comes within a second of the
// first is the same: timeout(1) sends two. A signal that the shell has taken away, as from what runs in the background, counts too.
func stop(signals <-chan os.Signal, cancel func()) {
	<-signals
	cancel()
	time.Sleep(time.Second)
	for len(signals) > 0 {
		<-signals
	}
	<-signals
	os.Exit(exitStopped)
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
