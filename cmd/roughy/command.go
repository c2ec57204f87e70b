package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/cli"
	"github.com/roughy-go/roughy/internal/report"
)

const longHelp = `roughy reads renders of the Roughy video API and holds every answer to the documented contract: live ones, recorded ones, and
those that pass through its proxy. check and proxy also hold any API to its own OpenAPI document.

Environment:
  ROUGHY_API_KEY    the API key, sk_…; it is never taken from the command line, where others could read it
  ROUGHY_BASE_URL   where the API is (default ` + roughy.DefaultBaseURL + `)
  NO_COLOR          no colours, even on a terminal

Exit codes:
  0    fine; warnings and what could not be checked are counted, and change nothing unless asked to
  1    the contract is broken, or the render that was waited for or downloaded has failed
  2    wrong usage, or nothing could be read: key refused, not found, server error, no connection, timeout
  130  stopped by Ctrl-C or SIGTERM`

const rootExamples = `  export ROUGHY_API_KEY=sk_…
  roughy get 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy wait 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 && roughy download 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy check --strict 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy check --har traffic.har --report junit=check.xml
  roughy proxy --upstream https://api.roughy.ai --har-out traffic.har
  source <(roughy completion bash)   # other shells: roughy completion --help`

// program is what one run knows: where it writes, and the flags that every command has.
type program struct {
	stdout, stderr io.Writer
	baseURL        string
	format         format
	started        bool // the command line was understood
	reached        bool // the API answered, so that it is where --base-url says
}

func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "roughy",
		Short:         "Read, await, download and check renders of the Roughy video API, and hold what passes to its contract",
		Long:          longHelp,
		Example:       rootExamples,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkTimeout(cmd); err != nil {
				return err
			}
			p.started = true
			return nil
		},
	}
	p.format = formatText
	flags := root.PersistentFlags()
	flags.StringVar(&p.baseURL, "base-url", "", "where the API is; wins over ROUGHY_BASE_URL")
	flags.Var(&p.format, "format", "what is printed on stdout: text or json")
	complete := cobra.FixedCompletions([]string{string(formatText), string(formatJSON)}, cobra.ShellCompDirectiveNoFileComp)
	_ = root.RegisterFlagCompletionFunc("format", complete) // refuses unknown flags only
	root.AddCommand(p.getCommand(), p.waitCommand(), p.downloadCommand(), p.checkCommand(), p.proxyCommand(), p.specCommand(), completionCommand(),
		&cobra.Command{Use: "json", Short: "What --format json and ndjson hold", Long: report.Shape()}) // a topic of help
	completeFiles(root)
	for _, cmd := range root.Commands() {
		completeFiles(cmd)
	}
	root.CompletionOptions.DisableDefaultCmd = true // ours says what to do in fewer words
	cli.KnowTopics(root)
	return root
}

// client reads ROUGHY_API_KEY and ROUGHY_BASE_URL.
func (p *program) client(options ...roughy.Option) (*roughy.Client, error) {
	if p.baseURL != "" {
		options = append(options, roughy.WithBaseURL(p.baseURL))
	}
	if os.Getenv("ROUGHY_API_KEY") == "" {
		return nil, errors.New("no API key: set ROUGHY_API_KEY to one of the keys on your dashboard's API-keys page")
	}
	return roughy.NewClient("", options...)
}

// format is the value of --format.
type format string

const (
	formatText format = "text"
	formatJSON format = "json"
)

func (f *format) String() string { return string(*f) }
func (f *format) Type() string   { return "FORMAT" }

func (f *format) Set(s string) error {
	if s != string(formatText) && s != string(formatJSON) {
		return fmt.Errorf("text or json is needed")
	}
	*f = format(s)
	return nil
}

// oneID refuses arguments that are no render id before anything is sent.
func oneID(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("one render id is needed, not %d", len(args))
	}
	return checkID(args[0], "argument 1")
}

// checkID takes what roughy.ParseID takes, and says where it is that there is none.
func checkID(text, where string) error {
	if _, err := roughy.ParseID(text); err != nil {
		return fmt.Errorf("%s is %w", where, err)
	}
	return nil
}

// version is the module's, as the Go tool knows it, and Go's.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version + " " + info.GoVersion
}
