package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"
)

// checkOptions are the flags of check.
type checkOptions struct {
	judgeOptions
	har, ndjson   string
	untilTerminal bool
	download      bool
	concurrency   int
	timeout       time.Duration // of each read
	budget        time.Duration // of the whole run
}

func (p *program) checkCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check [ID...]",
		Short: "Hold answers to the documented contract: live ones, or recorded ones",
		Long: `check holds answers to the contract: status, content type, headers, body, and what the documentation says in prose of one
read and of successive reads. stdout gets a verdict for each exchange, its findings with their place in openapi.yaml, what of
the document was seen and what never, and the counts; --format and --report write other forms (roughy help json has the shapes).

Live: check reads the render of each ID once and without trying again. IDs come as arguments or, one a line, on stdin (also for
- alone).
--until-terminal follows each to its end, and --download fetches the output by its link, without the API key, and holds status
and length to what the render says. With --spec, the arguments are URLs, or paths below --base-url, that are read once by GET.

Recorded: --har reads a HAR file of a browser, a proxy or a test tool, --ndjson one exchange a line; both may be gzipped, and
- is stdin. Where any exchange went to a server of the document, or to --base-url, those that went to other hosts are outside:
counted, not judged. Otherwise all are matched by their path alone. A line of --ndjson has the members method, url, status,
headers, body (text or JSON) or body_base64 (the bytes as they came, still encoded), and may have request_headers, started
(RFC 3339), elapsed_ms and error (why there is no answer); or it is an entry of a HAR, as jq -c '.log.entries[]' writes it.

Verdicts: ok, warning (not documented but harmless), unchecked (could not be judged), violation (the contract is broken).
They are of answers: a refusal that keeps the contract is ok too. In text, its line says unread instead.

A baseline is a list of findings that are accepted for a reason and until a day. --baseline FILE leaves them out of the
verdicts; what is new fails, what has expired fails, and what nothing shows any more is told. --write-baseline adds all that
this run finds to the file.

Exit code 0 if everything was read and nothing is violated; a render that failed is an answer like any other. 1 if any answer
breaks the contract, whatever else happened, or has what --strict or --fail-unchecked forbid. Else 2 if something could not be
read, even where the refusal kept the contract; of a recording, if it holds no answer at all that could be read.`,
		Example: `  roughy check 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy check --strict --fail-unchecked --concurrency 8 < ids.txt
  roughy check --until-terminal --download --time-budget 10m 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy check --har traffic.har.gz --report junit=check.xml --report html=check.html
  roughy check --har traffic.har --baseline accepted.yaml --write-baseline --reason "ticket 42"
  curl -s https://recorder.example/today | roughy check --spec api.yaml --ndjson - --format json | jq .totals`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.check(cmd, args, o) },
	}
	o.judgeOptions.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.har, "har", "", "check the exchanges of this HAR `file`, gzipped or not; - is stdin")
	flags.StringVar(&o.ndjson, "ndjson", "", "check the exchanges of this `file`, a JSON object a line; - is stdin")
	flags.BoolVar(&o.untilTerminal, "until-terminal", false, "read each render again until its state is final")
	flags.BoolVar(&o.download, "download", false, "fetch the output of completed renders and judge the link")
	flags.IntVar(&o.concurrency, "concurrency", 1, "how many are read at once; with more than 1, in the order they come in")
	flags.DurationVar(&o.budget, "time-budget", 0, "stop after this long, whatever is left; 0 is no limit")
	addTimeout(cmd, &o.timeout, 30*time.Second, "give up on each read after this long")
	return cmd
}

// check picks where the exchanges come from.
func (p *program) check(cmd *cobra.Command, args []string, o checkOptions) error {
	if err := o.conflict(args); err != nil {
		return p.usage(err)
	}
	ctx := cmd.Context()
	if o.budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.budget, errBudget)
		defer cancel()
	}
	if o.har != "" || o.ndjson != "" {
		return p.checkRecorded(ctx, cmd.InOrStdin(), o)
	}
	return p.checkLive(ctx, cmd.InOrStdin(), args, o)
}

// errBudget is why a run ends that took longer than it may.
var errBudget = errors.New("the time budget is used up")

// conflict says which flags cannot be together.
func (o checkOptions) conflict(args []string) error {
	recorded := o.har != "" || o.ndjson != ""
	switch {
	case o.har != "" && o.ndjson != "":
		return errors.New("--har and --ndjson: one recording at a time")
	case recorded && len(args) > 0:
		return errors.New("a recording is checked whole: leave the ids out, or the recording")
	case recorded && (o.untilTerminal || o.download):
		return errors.New("--until-terminal and --download read live: they do not go with a recording")
	case o.spec != "" && (o.untilTerminal || o.download):
		return errors.New("--until-terminal and --download know renders alone: they do not go with --spec")
	case o.concurrency < 1:
		return errors.New("--concurrency: want at least 1")
	case o.budget < 0:
		return errors.New("--time-budget: want a duration such as 5m, or 0 for no limit")
	}
	return o.judgeOptions.conflict(o.har, o.ndjson)
}
