package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
)

const longHelp = `roughyd serves GET /v1/renders/{render_id} as it is documented: it checks API keys, reads renders from a store,
encodes them and signs the links to what was made. Keys, assets, cuts and renders are made by the commands below,
beside a running server, on the same data folder.

Exit codes:
  0    done; for serve, stopped as it should be
  1    the demo saw something that must not be
  2    wrong usage, or it could not be done
  130  stopped by Ctrl-C or SIGTERM`

const examples = `  roughyd demo
  roughyd serve --data ./roughy-data &
  export ROUGHY_BASE_URL=http://127.0.0.1:8080 ROUGHY_API_KEY=$(roughyd keys create)
  asset=$(roughyd assets add clip.mp4)
  roughy wait $(roughyd renders create --asset $asset --output-format mp4)`

// newCommand is the command line of roughyd. started is set once a command begins its work.
func newCommand(started *bool) *cobra.Command {
	root := &cobra.Command{
		Use:           "roughyd",
		Short:         "The reference server of the documented endpoint",
		Long:          longHelp,
		Example:       examples,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	flags := root.PersistentFlags()
	flags.String("data", cmp.Or(os.Getenv("ROUGHYD_DATA"), "roughy-data"), "data folder; ROUGHYD_DATA sets it too")
	flags.String("format", "text", "what is printed: text or json")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if flag(cmd, "data") == "" {
			return errors.New("--data is empty: name a folder")
		}
		if err := checkFormat(cmd); err != nil {
			return err
		}
		*started = true
		return nil
	}
	root.AddCommand(serveCommand(), demoCommand(), keysCommand(), assetsCommand(), cutsCommand(), rendersCommand())
	return root
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	missing := func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("%s has no command %q", use, args[0])
		}
		return fmt.Errorf("%s needs a command", use)
	}
	cmd := &cobra.Command{Use: use, Short: short, Args: missing, RunE: missing}
	cmd.AddCommand(commands...)
	return cmd
}

func checkFormat(cmd *cobra.Command) error {
	switch format := flag(cmd, "format"); format {
	case "text", "json":
		return nil
	default:
		return fmt.Errorf("--format %q is unknown: text or json", format)
	}
}

// flag is the text of a flag that is known to be defined.
func flag(cmd *cobra.Command, name string) string {
	return cmd.Flag(name).Value.String()
}

// logger writes to standard error, in the form that --format asks for.
func logger(cmd *cobra.Command, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if flag(cmd, "format") == "json" {
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), options))
	}
	return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), options))
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
