// Bench puts our check and its peers side by side on the same work.
//
// Run it in its folder:
//
//	go run . [-rounds 11] [-only REGEXP] [-span 3s] [-format text|json]
//
// # What is compared
//
// A row is one piece of work: to judge one response or a recording of many, to load one document, to hand on one render, to
// read one, to download its output. Everything that a program would build once is built before the clock starts; finding the
// route and handing over the body are part of the work, for those that know HTTP. Before anything is measured, every contender
// has to accept every clean body. A defective body may be overlooked, and the table says by whom.
//
// # Processes
//
// What people run as a program is measured as one: roughy itself, which the bench builds, and the proxies, each in a
// process of its own, before an upstream in another. The bench executes itself for the upstreams, the plain proxy and our
// download. The load is that of wrk where it is on the PATH, or of a small one of the bench's own; a run is one answer, and its
// time is a second divided by the answers in it. Prism is installed by npm into the user's cache the first time, and is left
// out, with a note, where that is not possible. All that was started ends with the bench, also when it is interrupted.
//
// Our client reads renders in the bench itself, from an upstream in another process, as the bare generated client does. A
// download is a process from its start to its end, in which our DownloadFile runs alone, or curl. Ours returns when the file is
// on the disk; curl does not wait for that, so the bench syncs its file, and shows the time without that too. The file's bytes
// are compared when the clock has stopped. Curl is left out, with a note, where it is not on the PATH.
//
// # The server
//
// The rows that begin with "server" are of roughyd, the real binary as people start it, on SQLite and on Postgres: its log, a line
// for each request, goes to a file, and its key may ask more often than it can. It remembers renders that are over, so that one
// which is asked for again and again comes from the database once; a thousand in turn do not fit, and come from there. The bench
// opens the same place beside it, as roughyd's other commands do. Postgres is started for the bench and ends with it. What needs
// Postgres or ffmpeg is left out, with a note, where they are not.
//
// # Streams and verdicts
//
// The first byte of a stream comes from an upstream that sends no second one before the first has been seen. The first
// verdict is the first line that roughy check writes to a pipe, counted from the start of its process.
//
// # How it is measured
//
// Machines are noisy, so contenders take turns: in every round each runs once, for a fixed short span, after a garbage
// collection. The table has the median over the rounds. A ratio is the median of the ratios within the rounds, not the
// ratio of two medians. Allocations are counted apart from the time, and the memory of processes when all rounds are over.
//
// # Targets
//
// The table ends with what was promised of our speed, what came out, and whether the promise was met.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills
	var err error
	if role, ok := os.LookupEnv(roleVariable); ok {
		err = play(ctx, role, os.Args[1:], os.Stdout)
	} else {
		err = run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is the program but for its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	p, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	stage, err := newStage(p.span, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.close()) }()
	rows, err := allRows(ctx, stage, p.only)
	if err != nil {
		return err
	}
	results, err := measure(ctx, rows, p.rounds, stderr)
	if err != nil {
		return err
	}
	return p.write(stdout, summarize(results, stage.notes))
}

// plan is what the flags ask for.
type plan struct {
	rounds int
	only   *regexp.Regexp
	span   time.Duration
	write  func(io.Writer, summary) error
}

func parse(args []string, stderr io.Writer) (plan, error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	rounds := flags.Int("rounds", 11, "how often each contender takes its turn on each row")
	only := flags.String("only", "", "measure only the rows whose name this `regexp` matches")
	span := flags.Duration("span", 3*time.Second, "how long each server is loaded in a turn")
	format := flags.String("format", "text", "`text` (Markdown) or json")
	if err := flags.Parse(args); err != nil {
		return plan{}, err
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return plan{}, fmt.Errorf("-only: %w", err)
	}
	write, ok := writers()[*format]
	if !ok {
		return plan{}, fmt.Errorf("-format: %q is neither text nor json", *format)
	}
	if *rounds < 1 {
		return plan{}, fmt.Errorf("-rounds: %d is no number of rounds", *rounds)
	}
	if *span <= 0 {
		return plan{}, fmt.Errorf("-span: %v is no time to load a server", *span)
	}
	return plan{*rounds, pattern, *span, write}, nil
}
