package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/report"
)

// usualReason is for people to change in the file.
const usualReason = "not reviewed yet"

// judgeOptions are the flags of every command that judges many exchanges.
type judgeOptions struct {
	spec          string
	strict        bool
	failUnchecked bool
	showValues    bool
	baseline      string
	writeBaseline bool
	reason        string
	expires       string
	form          string
	reports       []string
}

func (o *judgeOptions) add(cmd *cobra.Command) {
	forms := strings.Join(report.Forms(), ", ")
	flags := cmd.Flags()
	flags.StringVar(&o.form, "format", "text", "what is printed on stdout: "+forms)
	flags.StringArrayVar(&o.reports, "report", nil, "write a report to a file too, as `FORM=FILE`; may be repeated. Forms: "+forms)
	flags.StringVar(&o.spec, "spec", "", "hold answers to this OpenAPI 3.0 or 3.1 `file` rather than to the built-in contract")
	flags.BoolVar(&o.strict, "strict", false, "exit with 1 on warnings too")
	flags.BoolVar(&o.failUnchecked, "fail-unchecked", false, "exit with 1 if anything could not be judged")
	flags.BoolVar(&o.showValues, "show-values", false, "show the values that findings are about; secrets stay masked")
	flags.StringVar(&o.baseline, "baseline", "", "accept the findings that this `file` lists, each with a reason and until a day")
	flags.BoolVar(&o.writeBaseline, "write-baseline", false, "add what this run finds to the file that --baseline names")
	flags.StringVar(&o.reason, "reason", usualReason, "why --write-baseline accepts what it adds")
	flags.StringVar(&o.expires, "expires", "", "until which `day` --write-baseline accepts what it adds (default in 90 days)")
	complete := cobra.FixedCompletions(report.Forms(), cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("format", complete) // refuses unknown flags only
}

// conflict says which flags cannot be together. used are other files of the command line, which no report may be written to.
func (o judgeOptions) conflict(used ...string) error {
	switch {
	case o.writeBaseline && o.baseline == "":
		return errors.New("--write-baseline: name the file with --baseline")
	case !o.writeBaseline && (o.expires != "" || o.reason != usualReason):
		return errors.New("--expires and --reason go with --write-baseline")
	case strings.TrimSpace(o.reason) == "":
		return errors.New("--reason: a finding is accepted for a reason")
	}
	return o.formConflict(used...)
}

// usage is an error of the command line, which is told with where to look.
func (p *program) usage(err error) error {
	p.started = false
	return err
}
