package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
)

func (p *program) waitCommand() *cobra.Command {
	var a asking
	cmd := &cobra.Command{
		Use:   "wait ID",
		Short: "Wait until a render has completed or failed, and print it",
		Long: `wait reads a render again and again, often at first and less often later, until its state is final. It then prints the
render on stdout as get does, but for the link, which download fetches and get prints. Meanwhile stderr tells how far it
is: on a terminal in one line that is kept current (state, time, attempts to read it), elsewhere in a line for each change.

` + againHelp + ` Without --timeout
it waits as long as it takes; an attempt that has no answer within 30 s is one that failed.

Exit code 0 if the render completed, 1 if it failed or an answer broke the contract, 2 if it could not be followed to its end.`,
		Example: `  roughy wait 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 && roughy download 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy wait --timeout 10m --format json 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 > render.json`,
		Args: oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			return within(cmd.Context(), a.timeout, func(ctx context.Context) error {
				return p.wait(ctx, uuid.MustParse(args[0]), a)
			})
		},
	}
	a.add(cmd, 0)
	return cmd
}

func (p *program) wait(ctx context.Context, id uuid.UUID, a asking) error {
	var seen sightings
	render, err := p.follow(ctx, id, a, &seen)
	if err != nil {
		return err
	}
	render.DownloadURL = "" // only get was asked for it
	if err := p.printRender(render); err != nil {
		return fmt.Errorf("print render: %w", err)
	}
	p.remark(&seen)
	if render.State == roughy.StateFailed {
		return broken("the render failed: " + failureLine(render.Failure))
	}
	return nil
}

// follow shows each change of the render until its state is final.
func (p *program) follow(ctx context.Context, id uuid.UUID, a asking, seen *sightings) (last *roughy.Render, err error) {
	line := newProgress(p.stderr, onTerminal(p.stderr))
	journal := a.journal(line)
	journal.live, journal.read, journal.again = line.live, line.read, line.again
	client, err := p.asker(journal, roughy.WithReports(seen.add))
	if err != nil {
		return nil, err
	}
	line.start()
	defer line.stop()
	for render, err := range client.Watch(ctx, id) {
		if err != nil {
			return nil, err
		}
		last = render
		line.change(render.State)
	}
	return last, nil
}
