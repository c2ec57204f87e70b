package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/cobra"
)

func serveCommand() *cobra.Command {
	var c serverConfig
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the endpoint and encode renders",
		Long: `Serves the endpoint and the signed links, and encodes renders, until it is interrupted. One server works on a data
folder at a time; whatever a killed one left unfinished is taken up again.`,
		Example: `  roughyd serve
  roughyd serve --data /var/lib/roughy --addr 0.0.0.0:8080 --public-url https://renders.example`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.dir, c.logger = flag(cmd, "data"), logger(cmd, slog.LevelInfo)
			if err := c.check(); err != nil {
				return err
			}
			return serve(cmd.Context(), c)
		},
	}
	cmd.Flags().StringVar(&c.addr, "addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&c.publicURL, "public-url", "", "where clients reach this server, for signed links (default http://ADDR)")
	cmd.Flags().DurationVar(&c.linkTTL, "link-ttl", 15*time.Minute, "how long a signed link works")
	return cmd
}

// check refuses what would start and then not work.
func (c serverConfig) check() error {
	host, _, err := net.SplitHostPort(c.addr)
	switch ip := net.ParseIP(host); {
	case err != nil:
		return fmt.Errorf("--addr %q: write HOST:PORT, such as 127.0.0.1:8080", c.addr)
	case (host == "" || ip.IsUnspecified()) && c.publicURL == "":
		return fmt.Errorf("--addr %q listens on every address: say with --public-url how clients reach it", c.addr)
	case c.linkTTL <= 0:
		return fmt.Errorf("--link-ttl %v: links would have expired before they are read; write more than 0s", c.linkTTL)
	}
	return nil
}

// serve runs a server until ctx ends or the server breaks. Being interrupted is how it is meant to end.
func serve(ctx context.Context, c serverConfig) error {
	s, err := startServer(ctx, c)
	if err != nil {
		return err
	}
	c.logger.Info("serving", "url", s.url, "data", c.dir)
	select {
	case <-ctx.Done():
		c.logger.Info("stopping; what is under way may end, interrupt again to stop now")
	case err = <-s.broken:
	}
	if stopErr := s.stop(); err == nil {
		err = stopErr
	}
	return err
}
