// Bench puts our check and its peers side by side on the same work.
//
// Run it in its folder:
//
//	go run . [-rounds 11] [-only REGEXP] [-format text|json]
//
// # What is compared
//
// A row is one piece of work: to judge one response, or to load one document. Everything that a program would build once
// is built before the clock starts; finding the route and handing over the body are part of the work, for those that know
// HTTP. Before anything is measured, every contender has to accept every clean body. A defective body may be overlooked,
// and the table says by whom.
//
// # How it is measured
//
// Machines are noisy, so contenders take turns: in every round each runs once, for a fixed short span, after a garbage
// collection. The table has the median over the rounds. A ratio is the median of the ratios within the rounds, not the
// ratio of two medians. Allocations are counted apart from the time.
//
// # Targets
//
// The table ends with what was promised of our speed, what came out, and whether the promise was met.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is the program but for its exit code.
func run(args []string, stdout, stderr io.Writer) error {
	p, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	rows, err := allRows(p.only)
	if err != nil {
		return err
	}
	results, err := measure(rows, p.rounds, stderr)
	if err != nil {
		return err
	}
	return p.write(stdout, summarize(results))
}

// plan is what the flags ask for.
type plan struct {
	rounds int
	only   *regexp.Regexp
	write  func(io.Writer, summary) error
}

func parse(args []string, stderr io.Writer) (plan, error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	rounds := flags.Int("rounds", 11, "how often each contender takes its turn on each row")
	only := flags.String("only", "", "measure only the rows whose name this `regexp` matches")
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
	return plan{*rounds, pattern, write}, nil
}
