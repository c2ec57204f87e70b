package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/spec/diff"
)

// diffOptions are the flags of spec diff.
type diffOptions struct {
	baseRef, policy, form string
	byRef                 bool // BASE is of a git ref
	noPolicy, strict      bool
}

func (p *program) diffCommand() *cobra.Command {
	var o diffOptions
	cmd := &cobra.Command{
		Use:   "diff BASE [HEAD]",
		Short: "Tell what a change of the document breaks, for clients and for servers",
		Long: `diff holds two states of an OpenAPI document side by side and lists every change: what follows for a client that was written for
BASE, and for a server that keeps BASE, whether it breaks, and its lines in both. HEAD is ./openapi.yaml unless it is named; with
--base-ref REF, BASE is HEAD's file as that branch, tag or commit has it, or as origin's branch has it where there is no such one
here. One of both may be -, for stdin.

Changes are breaking (a client that was right can fail), warnings (it may, or nobody can tell), or notes. oasdiff judges what is
sent and received; what no rule of it speaks of (texts, examples, servers, extensions) is listed too.

A break is announced by info.version: by a higher major number, or, while that is 0, by a higher minor one. A version that is
no semantic one announces nothing, and a pre-release of such a version has promised nothing yet.

A policy says which changes are tolerated, each with a reason: they count as warnings, or as notes. The one that is built in is
about our own openapi.yaml; --policy names another file:

  document: My API                              # info.title of BASE or HEAD; leave it out for any document
  tolerated:
    - rule: response-property-enum-value-added  # roughy spec rules lists them
      at: /components/schemas/State             # a JSON pointer: the place, or one around it
      as: warning                               # or note; warning is the default
      reason: Clients are told to expect new states.
      expires: 2027-01-31                       # the last day that it holds; leave it out for ever

Entries that have expired, or whose place is gone from both documents, are told.

Exit code 1 if something breaks that info.version does not announce; with --strict, if anything does that is not a note, announced or
not. 2 if the two cannot be compared: no such file or commit, one file, no OpenAPI document or one of more than 1 MB, 3.0 against
3.1, another API. Else 0.`,
		Example: `  roughy spec diff --base-ref main
  roughy spec diff v1/openapi.yaml openapi.yaml
  roughy spec diff --base-ref v1.4.0 --format sarif api.yaml > diff.sarif
  roughy spec diff old.yaml new.yaml --policy policy.yaml --format json | jq '.changes[] | select(.severity == "breaking")'`,
		Args: func(cmd *cobra.Command, args []string) error {
			o.byRef = cmd.Flags().Changed("base-ref")
			return o.conflict(args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.diff(cmd.Context(), cmd.InOrStdin(), args, o) },
	}
	addSpecForm(cmd, &o.form)
	flags := cmd.Flags()
	flags.StringVar(&o.baseRef, "base-ref", "", "take BASE from this branch, tag or commit (a git `ref`) of HEAD's repository")
	flags.StringVar(&o.policy, "policy", "", "tolerate what this `file` says, rather than what is built in")
	flags.BoolVar(&o.noPolicy, "no-policy", false, "tolerate nothing")
	flags.BoolVar(&o.strict, "strict", false, "exit with 1 on warnings too, and on what the version announces")
	cmd.ValidArgsFunction = yamlFiles
	return cmd
}

// yamlFiles lets a shell complete names of documents.
func yamlFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yaml", "yml", "json"}, cobra.ShellCompDirectiveFilterFileExt
}

func (o diffOptions) conflict(args []string) error {
	switch {
	case o.byRef && o.baseRef == "":
		return errors.New("--base-ref is empty: name a branch, tag or commit, such as main")
	case o.byRef && len(args) > 1:
		return errors.New("--base-ref is BASE: name HEAD alone, or nothing for ./" + usualDocument)
	case !o.byRef && len(args) == 0:
		return errors.New("what is BASE? Name a file, or a branch with --base-ref main")
	case len(args) > 2:
		return fmt.Errorf("want BASE and HEAD, not %d files", len(args))
	case o.policy != "" && o.noPolicy:
		return errors.New("--policy and --no-policy: one of them")
	}
	if err := o.distinct(args); err != nil {
		return err
	}
	return checkSpecForm(o.form)
}

func (p *program) diff(ctx context.Context, stdin io.Reader, args []string, o diffOptions) error {
	r, err := stoppable(ctx, func() (diff.Report, error) { return o.compare(stdin, args) })
	if err != nil {
		return err
	}
	if err := p.printDiff(r, o.form, o.policy != ""); err != nil {
		return err
	}
	if o.policy != "" && r.Policy.Elsewhere != "" {
		p.say("policy: " + r.Policy.Elsewhere)
	}
	for _, line := range append(r.Policy.Stale, r.Policy.Expired...) {
		p.say("policy: " + line)
	}
	return verdictOf(r, o.strict)
}

func (o diffOptions) compare(stdin io.Reader, args []string) (diff.Report, error) {
	policy, err := o.readPolicy()
	if err != nil {
		return diff.Report{}, err
	}
	base, head, err := o.documents(stdin, args)
	if err != nil {
		return diff.Report{}, err
	}
	return diff.Compare(base, head, policy, time.Now())
}

// verdictOf is bad news as an error.
func verdictOf(r diff.Report, strict bool) error {
	breaking, warnings := r.Count(diff.Breaking), r.Count(diff.Warning)
	switch {
	case r.Broken():
		return broken(fmt.Sprintf("%s, and no version announces that: %s", counted(breaking, "change breaks clients", "changes break clients"), r.Announcement))
	case strict && breaking+warnings > 0:
		return broken(fmt.Sprintf("--strict: %d breaking, %s", breaking, counted(warnings, "warning", "warnings")))
	}
	return nil
}

func (o diffOptions) readPolicy() (diff.Policy, error) {
	switch {
	case o.noPolicy:
		return diff.Policy{}, nil
	case o.policy == "":
		return diff.Shipped()
	}
	data, err := os.ReadFile(o.policy)
	if err != nil {
		return diff.Policy{}, fmt.Errorf("policy: %w", err)
	}
	return diff.ReadPolicy(o.policy, data)
}

// diffNotes are changes as notes about head.
func diffNotes(r diff.Report) []report.Note {
	meanings := map[string]string{}
	for _, rule := range diff.Rules() {
		meanings[rule.ID] = rule.Meaning
	}
	var out []report.Note
	for _, c := range r.Changes {
		n := report.Note{Rule: c.Rule, Severity: contract.OK, Position: c.Head.Position, Elsewhere: c.Base.Position}
		switch {
		case c.Severity == diff.Breaking && !r.Announced:
			n.Severity = contract.Violation
		case c.Severity >= diff.Warning:
			n.Severity = contract.Warning
		}
		n.Message = c.Text + "; for a client: " + c.Client + "; for a server: " + c.Server
		n.Why = meanings[c.Rule]
		if c.Tolerated != nil {
			n.Accepted = c.Tolerated.Reason
		}
		out = append(out, n)
	}
	return out
}
