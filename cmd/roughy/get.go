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
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "get ID",
		Short: "Print a render as it is now",
		Long: `get reads a render once and prints it on stdout: aligned fields, or the documented JSON object with --format json.
The signed link is printed whole; whoever has it can fetch the output until it expires.

A render that failed is an answer like any other: exit code 0. An answer that breaks the contract is not shown; its
findings go to stderr: exit code 1. Neither is one that cannot be checked: exit code 2.`,
		Example: `  roughy get 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy get --format json 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 | jq -r .state`,
		Args: oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			return within(cmd.Context(), timeout, func(ctx context.Context) error {
				return p.get(ctx, uuid.MustParse(args[0]))
			})
		},
	}
	addTimeout(cmd, &timeout, 30*time.Second, "give up after this long")
	return cmd
}

func (p *program) get(ctx context.Context, id uuid.UUID) error {
	var seen sightings
	client, err := p.client(roughy.WithReports(seen.add), patient())
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
	p.remark(&seen, id)
	return nil
}
