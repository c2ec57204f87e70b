package main

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/cli"
)

const longHelp = `roughyd serves GET /v1/renders/{render_id} as it is documented: it checks API keys, reads renders from a store,
encodes them and signs the links to what was made. Keys, assets, cuts and renders are made by the commands below,
beside a running server, on the same data folder or the same database and bucket.

Exit codes:
  0    done; for serve and worker, stopped as it should be
  1    the demo saw something that must not be
  2    wrong usage, or it could not be done
  130  stopped by Ctrl-C or SIGTERM

Why a render failed is in its error_code: see "roughyd help codes".`

const examples = `  One process, on SQLite and files in ./roughy-data:
    roughyd demo
    roughyd serve &
    export ROUGHY_BASE_URL=http://127.0.0.1:8080 ROUGHY_API_KEY=$(roughyd keys create)
    asset=$(roughyd assets add clip.mp4)
    roughy wait $(roughyd renders create --asset $asset --output-format mp4)

  Four machines, on Postgres and S3: api1 and api2 serve, work1 and work2 encode.
    at the database:   createuser --pwprompt roughyd && createdb --owner roughyd roughyd
    on every machine:  export ROUGHYD_DATABASE_URL='postgres://roughyd:PASSWORD@db.example/roughyd?sslmode=verify-full'
                       export ROUGHYD_BUCKET_URL='s3://renders?region=eu-central-1'  # not Amazon's: &endpoint=https://…&use_path_style=true
                       export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…
    api1 and api2:     roughyd serve --no-worker --addr 0.0.0.0:8080 --admin-addr 0.0.0.0:9180 --drain 10s --format json
    work1 and work2:   roughyd worker --parallel 4 --format json
    load balancer:     to port 8080 of those whose GET /readyz on port 9180 is 200, asked every 2 s; as haproxy has it:
                         option httpchk GET /readyz
                         server api1 api1:8080 check port 9180 inter 2s
                         server api2 api2:8080 check port 9180 inter 2s
    anywhere:          roughyd keys create, assets add, renders create, as with one process
  Nobody but the load balancer and who collects /metrics should reach port 9180.`

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
	addPlace(root.PersistentFlags())
	root.PersistentFlags().String("format", "text", "what is printed and logged: text or json")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if flag(cmd, "data") == "" {
			return errors.New("--data is empty: name a folder")
		}
		if err := cmp.Or(checkFormat(cmd), cmd.ValidateRequiredFlags()); err != nil {
			return err
		}
		*started = true
		return nil
	}
	root.AddCommand(serveCommand(), workerCommand(), demoCommand(), keysCommand(), assetsCommand(), cutsCommand(), rendersCommand(), codesTopic())
	cli.KnowTopics(root)
	needShell(root)
	completeValues(root)
	return root
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	missing := func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("%s has no command %q%s", use, args[0], cli.Meant(cmd.SuggestionsFor(args[0])))
		}
		return fmt.Errorf("%s needs a command", use)
	}
	cmd := &cobra.Command{Use: use, Short: short, Args: missing, RunE: missing, SuggestionsMinimumDistance: 2}
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

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
