package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/spec/lint"
)

// lintOptions are the flags of spec lint.
type lintOptions struct {
	form, rules           string
	strict, failUnchecked bool
}

func (p *program) lintCommand() *cobra.Command {
	var o lintOptions
	cmd := &cobra.Command{
		Use:   "lint [FILE]",
		Short: "Look for what is wrong with the document by itself",
		Long: `lint looks at an OpenAPI document, ./openapi.yaml unless another FILE is named (- is stdin), and says all that is wrong with it,
with its place and why the rule is there: OpenAPI's grammar, examples and defaults that do not keep their schemas, what is unused or
described nowhere.

In a document that says x-documented anywhere, as ours does, the rules of the house are asked too: that each property, status and
other fact says where it is documented, and how names and descriptions are written. --rules house asks them of any document,
--rules generic of none. roughy spec rules lists all rules, with the reason of each.

Exit code 1 if anything is a violation; with --strict, if anything is a warning; with --fail-unchecked, if anything could not be judged.
2 if the document does not load. Else 0.`,
		Example: `  roughy spec lint
  roughy spec lint api.yaml --strict
  roughy spec lint --format sarif > lint.sarif`,
		Args: func(_ *cobra.Command, args []string) error { return o.conflict(args) },
		RunE: func(cmd *cobra.Command, args []string) error { return p.lint(cmd.Context(), cmd.InOrStdin(), args, o) },
	}
	addSpecForm(cmd, &o.form)
	flags := cmd.Flags()
	flags.StringVar(&o.rules, "rules", "auto", "which rules are asked: auto, house or generic")
	flags.BoolVar(&o.strict, "strict", false, "exit with 1 on warnings too")
	flags.BoolVar(&o.failUnchecked, "fail-unchecked", false, "exit with 1 if anything could not be judged")
	complete := cobra.FixedCompletions([]string{"auto", "house", "generic"}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("rules", complete) // refuses unknown flags only
	cmd.ValidArgsFunction = yamlFiles
	return cmd
}

func (o lintOptions) conflict(args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("one document is looked at, not %d", len(args))
	}
	if _, ok := scopes[o.rules]; !ok {
		return fmt.Errorf("--rules: want auto, house or generic")
	}
	return checkSpecForm(o.form)
}

var scopes = map[string]lint.Scope{"auto": lint.Auto, "house": lint.House, "generic": lint.Generic}

func (p *program) lint(ctx context.Context, stdin io.Reader, args []string, o lintOptions) error {
	name := usualDocument
	if len(args) > 0 {
		name = args[0]
	}
	r, err := stoppable(ctx, func() (lint.Report, error) {
		document, err := sideFrom(stdin, name)
		if err != nil {
			return lint.Report{}, err
		}
		return lint.Lint(document.Name, document.Data, scopes[o.rules])
	})
	if err != nil {
		return err
	}
	if err := p.printLint(r, o.form); err != nil {
		return err
	}
	violations, warnings, unchecked := r.Count(contract.Violation), r.Count(contract.Warning), r.Count(contract.Unchecked)
	if violations > 0 || o.strict && warnings > 0 || o.failUnchecked && unchecked > 0 {
		return broken(lintCounts(r))
	}
	return nil
}

// printLint writes the findings to stdout in the form that was asked for.
func (p *program) printLint(r lint.Report, form string) error {
	var notes []report.Note
	for _, f := range r.Findings {
		notes = append(notes, report.Note{Rule: f.Rule, Severity: f.Severity, Position: f.Position, Message: f.Message, Why: f.Why})
	}
	if err := p.annotate(form, notes); err != nil {
		return err
	}
	switch form {
	case "json":
		return p.printJSON(struct {
			Version int `json:"version"`
			lint.Report
		}{1, r})
	case "sarif":
		return report.NotesSARIF(p.stdout, notes)
	case "github":
		return report.NotesGitHub(p.stdout, notes)
	}
	return lintText(p.stdout, r)
}

// lintText tells each finding on a line, why there is its rule beneath it, and counts them.
func lintText(w io.Writer, r lint.Report) error {
	var out bytes.Buffer
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "%s: %s %s: %s\n    why: %s\n", report.Printable(f.Position), f.Severity, f.Rule, report.Printable(f.Message), f.Why)
	}
	fmt.Fprintln(&out, lintCounts(r))
	if !r.House {
		fmt.Fprintln(&out, "rules of any document alone; --rules house asks those of the house too")
	}
	_, err := w.Write(out.Bytes())
	return err
}

func lintCounts(r lint.Report) string {
	if len(r.Findings) == 0 {
		return report.Printable(r.Document) + ": nothing found"
	}
	return fmt.Sprintf("%s: %s, %s, %d unchecked", report.Printable(r.Document), counted(r.Count(contract.Violation), "violation", "violations"),
		counted(r.Count(contract.Warning), "warning", "warnings"), r.Count(contract.Unchecked))
}
