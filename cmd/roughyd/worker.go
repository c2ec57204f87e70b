package main

import (
	"errors"
	"log/slog"

	"github.com/spf13/cobra"
)

func workerCommand() *cobra.Command {
	var c serverConfig
	cmd := &cobra.Command{
		Use:   "worker",
		Short: "Encode renders beside servers; needs --database-url",
		Long: `Encodes renders until it is interrupted. There may be as many workers on a Postgres database as it takes, on any machine that
reaches the database and the bucket. What a worker is encoding when it is killed is back in the queue, in front,
within ten seconds.`,
		Example: `  export ROUGHYD_DATABASE_URL=postgres://…  # a password in --database-url is shown to everybody who can list processes
  roughyd worker --bucket-url 's3://renders?region=eu-central-1'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.place, c.logger = placeOf(cmd), logger(cmd, slog.LevelInfo)
			if err := c.checkWork(); err != nil {
				return usage{err}
			}
			if c.database == "" {
				return usage{errors.New("worker needs --database-url: on SQLite the server is the one that works")}
			}
			if err := c.checkPrograms(); err != nil {
				return err
			}
			return serve(cmd.Context(), c)
		},
	}
	addWork(cmd, &c, "127.0.0.1:9181")
	return cmd
}
