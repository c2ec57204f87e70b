package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

// checkOptions are the flags of check.
type checkOptions struct {
	strict        bool
	failUnchecked bool
	timeout       time.Duration // of each read
}

func (p *program) checkCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check ID...",
		Short: "Hold the API's answers to the documented contract",
		Long: `check reads each render once, in the order given and without trying again, and holds the answer to the contract: status,
content type, headers, body, and what the documentation says in prose of one read. stdout gets a verdict for each id, its
findings with their place in openapi.yaml, and the counts; or all of it as one JSON document with --format json.

Verdicts: ok, warning (not documented but harmless), unchecked (could not be judged), violation (the contract is broken).
They are of answers: a refusal that keeps the contract is ok too. In text, its line says unread instead.

Exit code 0 if every render was read and nothing is violated; a render that failed is an answer like any other. 1 if any
answer breaks the contract, whatever else happened, or has what --strict or --fail-unchecked forbid. Else 2 if a render
could not be read, even where the refusal kept the contract.`,
		Example: `  roughy check 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy check --strict --fail-unchecked $(cat ids.txt)
  roughy check --format json 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 | jq '.checks[] | select(.verdict != "ok")'`,
		Args: someIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := parseIDs(args)
			if err != nil {
				return err
			}
			return p.check(cmd.Context(), ids, o)
		},
	}
	cmd.Flags().BoolVar(&o.strict, "strict", false, "exit with 1 on warnings too")
	cmd.Flags().BoolVar(&o.failUnchecked, "fail-unchecked", false, "exit with 1 if anything could not be judged")
	addTimeout(cmd, &o.timeout, 30*time.Second, "give up on each id after this long")
	return cmd
}

func (p *program) check(ctx context.Context, ids []uuid.UUID, o checkOptions) error {
	var seen sightings
	client, err := p.client(roughy.WithMode(roughy.ReportOnly), roughy.WithReports(seen.add), patient())
	if err != nil {
		return err
	}
	out := p.reportWriter()
	var totals report.Totals
	for _, id := range ids {
		c := checkOne(ctx, client, &seen, id, o.timeout)
		if ctx.Err() != nil {
			break // what was interrupted was not judged
		}
		totals.Add(c)
		if err := out.Add(c); err != nil {
			return fmt.Errorf("print report: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	return o.judge(ctx, totals, &seen)
}

// checkOne reads a render once. What was seen of the answer is its last sighting.
func checkOne(ctx context.Context, client *roughy.Client, seen *sightings, id uuid.UUID, timeout time.Duration) report.Check {
	c, before := report.Check{Subject: id.String()}, seen.reads()
	err := within(ctx, timeout, func(ctx context.Context) error {
		render, err := client.Render(ctx, id)
		if err == nil {
			c.State = string(render.State)
		}
		return err
	})
	if err != nil {
		c.Problem = clean(strings.TrimPrefix(reason(err), "read render "+id.String()+": "))
	}
	if seen.reads() > before {
		c.Report = seen.last()
	}
	return c
}

func (p *program) reportWriter() report.Writer {
	if p.format == formatJSON {
		return report.JSON(p.stdout)
	}
	return report.Text(p.stdout, inColor(p.stdout))
}

// judge is what the exit code is decided by: the worst of all.
func (o checkOptions) judge(ctx context.Context, t report.Totals, seen *sightings) error {
	answers, warnings, unchecked := t.Checks-t.Unanswered, seen.with(contract.Warning), seen.with(contract.Unchecked)
	switch {
	case t.Violations > 0:
		return broken(fmt.Sprintf("the contract is broken by %d of %d answers", t.Violations, answers))
	case o.strict && warnings > 0:
		return broken(fmt.Sprintf("%d of %d answers have warnings, which --strict forbids", warnings, answers))
	case o.failUnchecked && unchecked > 0:
		return broken(fmt.Sprintf("%d of %d answers could not be judged, which --fail-unchecked forbids", unchecked, answers))
	case ctx.Err() != nil:
		return ctx.Err()
	case t.Unread > 0:
		return fmt.Errorf("%d of %d renders could not be read", t.Unread, t.Checks)
	}
	return nil
}
