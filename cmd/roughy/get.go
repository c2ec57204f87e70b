package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
)

func (p *program) getCommand() *cobra.Command {
	var a asking
	cmd := &cobra.Command{
		Use:   "get ID",
		Short: "Print a render as it is now",
		Long: `get reads a render and prints it on stdout: aligned fields, or the documented JSON object with --format json.
The signed link is printed whole; whoever has it can fetch the output until it expires.

` + againHelp + `

Exit code 0 if the render was read, be it one that failed. 1 if the answer breaks the contract: it is not shown, its findings go to
stderr. 2 if nothing could be read, or what came could not be checked.`,
		Example: `  roughy get 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy get --format json 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 | jq -r .state
  roughy get --retries 0 --timeout 2s --verbose 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90`,
		Args: oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			return within(cmd.Context(), a.timeout, func(ctx context.Context) error {
				return p.get(ctx, uuid.MustParse(args[0]), a)
			})
		},
	}
	a.add(cmd, 30*time.Second)
	return cmd
}

func (p *program) get(ctx context.Context, id uuid.UUID, a asking) error {
	var seen sightings
	client, err := p.asker(a.journal(p.stderr), roughy.WithReports(seen.add), patient())
	if err != nil {
		return err
	}
	render, err := client.Render(ctx, id)
	if err != nil {
		return err
	}
	if err := p.printRender(render); err != nil {
		return fmt.Errorf("print render: %w", err)
	}
	p.remark(&seen)
	return nil
}
