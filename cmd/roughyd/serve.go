package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/api"
)

const serveHelp = `Serves the endpoint, its documentation at /docs and /openapi.yaml, and signed links, and encodes renders, until it is
interrupted. On SQLite one server works on a data folder at a time; whatever a killed one left unfinished is taken up again.

On Postgres there may be many servers and workers at once: with --no-worker a server leaves renders to "roughyd worker". Servers on
several machines keep bytes in S3, whose links S3 answers. Servers that keep them in files must share the data folder, with
link.key in it, and name the address that leads to all of them with --public-url.

A password in --database-url is shown to everybody who can list processes: set ROUGHYD_DATABASE_URL instead, with sslmode=verify-full
where the way to the server is not private.

The first bucket that a database is opened with is the one that it stays with: both have the same mark. In S3 it takes s3:GetObject,
s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload, s3:ListBucket and s3:ListBucketMultipartUploads. Most servers of S3 that are
not Amazon's need use_path_style=true in --bucket-url.

Links to files are signed with the first line of link.key in the data folder, and all its lines are good. To change the secret
put a new line in front, such as openssl rand -hex 32 makes, restart, and take the old one away when its links have expired. Of
several servers each must know the new line before one signs with it: put it behind the first, restart all, move it to the front,
restart all, and take the old one away later.

On --admin-addr /healthz, /readyz and /metrics tell how it goes, to everybody who can reach it. A server that is interrupted is
not ready any more, goes on serving for --drain, so that a load balancer can see it, and then stops.

--rate is what a key may ask for in the long run: what it leaves unused adds up for two seconds, so that it may make twice as many
requests at once. Each server counts for itself, and a key that was revoked may work there for 2 seconds more.`

func serveCommand() *cobra.Command {
	var c serverConfig
	var alone bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the endpoint and encode renders",
		Long:  serveHelp,
		Example: `  roughyd serve
  roughyd serve --data /var/lib/roughy --addr 0.0.0.0:8080 --public-url https://renders.example
  export ROUGHYD_DATABASE_URL=postgres://…
  roughyd serve --no-worker --addr 0.0.0.0:8080 --bucket-url 's3://renders?region=eu-central-1'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.place, c.logger = placeOf(cmd), logger(cmd, slog.LevelInfo)
			if err := cmp.Or(c.checkWork(), c.checkAddress(), c.checkLinks()); err != nil {
				return usage{err}
			}
			if alone {
				c.renders = 0
			}
			if c.renders == 0 && c.database == "" {
				return usage{errors.New("--no-worker needs --database-url: on SQLite the server is the one that works")}
			}
			if err := c.checkPrograms(); err != nil {
				return err
			}
			return serve(cmd.Context(), c)
		},
	}
	addServing(cmd, &c)
	cmd.Flags().BoolVar(&alone, "no-worker", false, "leave renders to workers; needs --database-url")
	addWork(cmd, &c, "127.0.0.1:9180")
	return cmd
}

// addServing adds the flags of who serves the endpoint.
func addServing(cmd *cobra.Command, c *serverConfig) {
	flags := cmd.Flags()
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	flags.StringVar(&c.publicURL, "public-url", "", "where clients reach this server, for signed links to files (default http://ADDR)")
	flags.StringVar(&c.publicEndpoint, "public-endpoint", "", "where clients reach S3, for signed links (default as the server does)")
	flags.DurationVar(&c.linkTTL, "link-ttl", 15*time.Minute, "how long a signed link works, 168h at most")
	flags.IntVar(&c.rate, "rate", api.DefaultRate, "requests a second that a key may make, and twice as many at once; 0 is no limit")
	flags.DurationVar(&c.drain, "drain", 0, "how long to serve on after an interrupt, not ready any more (default 0s)")
}

// addWork adds the flags that serve and worker share.
func addWork(cmd *cobra.Command, c *serverConfig, admin string) {
	cmd.Flags().StringVar(&c.adminAddr, "admin-addr", admin, "address for /healthz, /readyz and /metrics; \"\" is none")
	cmd.Flags().IntVar(&c.renders, "parallel", 2, "how many renders are encoded at the same time")
}

func (c serverConfig) checkWork() error {
	if c.renders < 1 {
		return fmt.Errorf("--parallel %d: write 1 or more", c.renders)
	}
	if c.adminAddr == "" {
		return nil
	}
	return checkListen("--admin-addr", c.adminAddr, "127.0.0.1:9180")
}

// checkListen refuses what is no address to listen on.
func checkListen(flag, addr, example string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%s %q: write HOST:PORT, such as %s", flag, addr, example)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("%s %q: there is no such port; write one of 0 to 65535", flag, addr)
	}
	return nil
}

// checkPrograms refuses to work beside others without what they may have: it would fail renders that they could make.
func (c serverConfig) checkPrograms() error {
	if c.database == "" || c.renders == 0 {
		return nil
	}
	for _, program := range []string{"ffmpeg", "ffprobe"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is not on the PATH: renders that other workers could make would fail here; install it, for example with apt install ffmpeg", program)
		}
	}
	return nil
}

// checkAddress refuses what would start and then not work.
func (c serverConfig) checkAddress() error {
	if err := checkListen("--addr", c.addr, "127.0.0.1:8080"); err != nil {
		return err
	}
	host, _, _ := net.SplitHostPort(c.addr)
	switch ip := net.ParseIP(host); {
	case (host == "" || ip.IsUnspecified()) && c.publicURL == "" && c.bucket == "":
		return fmt.Errorf("--addr %q listens on every address: say with --public-url how clients reach it", c.addr)
	case c.rate < 0:
		return fmt.Errorf("--rate %d: write 1 or more, or 0 for no limit", c.rate)
	case c.drain < 0:
		return fmt.Errorf("--drain %v: write 0s or more", c.drain)
	}
	return nil
}

// longestLink is what S3 allows. A link to a file that works for longer would be one for everybody it was ever shown to.
const longestLink = 7 * 24 * time.Hour

func (c serverConfig) checkLinks() error {
	switch {
	case c.linkTTL < time.Second || c.linkTTL%time.Second != 0:
		return fmt.Errorf("--link-ttl %v: links work for whole seconds; write 1s or more, such as 15m", c.linkTTL)
	case c.linkTTL > longestLink:
		return fmt.Errorf("--link-ttl %v: links work for 168h at most, which are 7 days", c.linkTTL)
	case c.publicURL != "" && c.bucket != "":
		return errors.New("--public-url is for links to files: with --bucket-url S3 answers links, at --public-endpoint if clients reach it elsewhere")
	case c.publicURL != "" && !isPublicURL(c.publicURL):
		return errors.New("--public-url: write http://HOST or https://HOST, without a user, a query or a fragment")
	case c.publicEndpoint != "" && c.bucket == "":
		return errors.New("--public-endpoint is S3's: name a bucket with --bucket-url, or use --public-url")
	}
	return nil
}

func isPublicURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && !strings.ContainsAny(text, "?#")
}

// serve runs a server or a worker until ctx ends or it breaks. Being interrupted is how it is meant to end.
func serve(ctx context.Context, c serverConfig) error {
	go tend(ctx)
	s, err := startServer(ctx, c)
	if err != nil {
		return err
	}
	if wrong := exposed(c.dir); wrong != "" && s.public != nil && c.bucket == "" {
		c.logger.Warn("link secret", "error", wrong)
	}
	c.logger.Info(s.purpose(), s.about(c)...)
	err = s.await(ctx, c)
	if stopErr := s.stop(); err == nil {
		err = stopErr
	}
	return err
}

// await waits for the end, and for a bucket that was away.
func (s *server) await(ctx context.Context, c serverConfig) error {
	for {
		select {
		case <-ctx.Done():
			c.logger.Info("stopping; what is under way may end, interrupt again to stop now")
			s.stopping.Store(true)
			time.Sleep(c.drain)
			return nil
		case err := <-s.broken:
			return err
		case <-s.settled:
			if err := s.work(ctx, c); err != nil {
				return err
			}
		}
	}
}

func (s *server) purpose() string {
	if s.public == nil {
		return "working"
	}
	return "serving"
}

// about is what a line of the log says of a server that starts.
func (s *server) about(c serverConfig) []any {
	database, bucket := "SQLite", "files"
	if c.database != "" {
		database = "Postgres"
	}
	if c.bucket != "" {
		bucket = "S3"
	}
	about := []any{"data", c.dir, "database", database, "bucket", bucket, "parallel", c.renders}
	if s.admin != nil {
		about = append([]any{"admin", "http://" + s.admin.Addr().String()}, about...)
	}
	if s.public != nil {
		about = append([]any{"url", s.url}, about...)
	}
	return about
}
