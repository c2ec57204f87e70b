package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/spec/diff"
	"github.com/roughy-go/roughy/internal/spec/lint"
)

func (p *program) rulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "List the rules of lint with their reasons, and those of diff, which a policy can name",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return p.printRules() },
	}
}

func (p *program) printRules() error {
	if p.format == formatJSON {
		return p.printJSON(struct {
			Lint []lint.Rule     `json:"lint"`
			Diff []diff.RuleText `json:"diff"`
		}{lint.Rules(), diff.Rules()})
	}
	var out bytes.Buffer
	fmt.Fprint(&out, "roughy spec lint: the rules of any document, then those of the house\n\n")
	for _, r := range lint.Rules() {
		fmt.Fprintf(&out, "  %-9s  %-16s  %s\n", r.Severity, r.ID, r.Why)
	}
	fmt.Fprint(&out, "\nroughy spec diff: ours, then oasdiff's\n\n")
	for _, r := range diff.Rules() {
		fmt.Fprintf(&out, "  %-8s  %s: %s\n", r.Severity, r.ID, r.Meaning)
	}
	_, err := p.stdout.Write(out.Bytes())
	return err
}
