package main

import "github.com/spf13/cobra"

// specCommand is the group of commands that work on an OpenAPI document itself.
func (p *program) specCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "spec",
		Short: "Work on the OpenAPI document itself: lint it, tell what a change breaks, learn from traffic",
		Long: `spec works on an OpenAPI 3.0 or 3.1 document, YAML or JSON: ./openapi.yaml unless another file is named. Everything else follows from
that file, so it is looked at first.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		p.lintCommand(),
		p.diffCommand(),
		p.rulesCommand(),
		p.learnCommand(),
		p.applyCommand(),
	)
	for _, sub := range cmd.Commands() {
		completeFiles(sub)
	}
	return cmd
}
