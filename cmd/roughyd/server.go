package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/roughy-go/roughy/internal/admin"
	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/api/docs"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/jobs"
)

// linksPath is where signed links to files lead.
const linksPath = "/links"

// stopTime bounds how long a stopping server waits for answers and encodings under way.
const stopTime = 5 * time.Second

type serverConfig struct {
	place
	addr           string // "" serves nothing
	adminAddr      string // "" tells nobody how it goes
	publicURL      string // "" is http:// and the address listened on
	publicEndpoint string // "" is the bucket's
	linkTTL        time.Duration
	drain          time.Duration
	rate           int
	renders        int // encoded at the same time; 0 leaves them to others
	logger         *slog.Logger
}

// server is roughyd at work on a backend: the endpoint, the links and the encoder, or some of them.
type server struct {
	*backend
	url      string
	broken   chan error    // what ended serving, if nobody stopped it
	settled  chan struct{} // the bucket that was away is the right one
	public   *door
	admin    *door
	metrics  *admin.Metrics
	stopping atomic.Bool
}

// door is a server of HTTP and where it listens.
type door struct {
	net.Listener
	http *http.Server
}

func startServer(ctx context.Context, c serverConfig) (*server, error) {
	s := &server{broken: make(chan error, 3), settled: make(chan struct{}, 1), metrics: admin.NewMetrics()}
	if err := s.open(ctx, c); err != nil {
		return nil, errors.Join(err, s.close())
	}
	for _, d := range []*door{s.public, s.admin} {
		if d != nil {
			go s.serve(d)
		}
	}
	return s, nil
}

func (s *server) serve(d *door) {
	if err := d.http.Serve(d.Listener); !errors.Is(err, http.ErrServerClosed) {
		s.broken <- fmt.Errorf("server: %w", err)
	}
}

// open takes the addresses first, so that who is second on a machine hears of it before anything is done.
func (s *server) open(ctx context.Context, c serverConfig) (err error) {
	if s.public, err = listen(ctx, "--addr", c.addr); err != nil {
		return err
	}
	if s.admin, err = listen(ctx, "--admin-addr", c.adminAddr); err != nil {
		return err
	}
	links := blobs.Config{TTL: c.linkTTL, PublicEndpoint: c.publicEndpoint}
	if s.public != nil {
		s.url = cmp.Or(strings.TrimRight(c.publicURL, "/"), "http://"+s.public.Addr().String())
		links.BaseURL = s.url + linksPath
	}
	work := jobs.Config{Logger: c.logger, Workers: c.renders, Observer: s.metrics}
	if s.backend, err = openBackend(ctx, c.place, links, work); err != nil {
		return err
	}
	if err := s.equip(c); err != nil {
		return err
	}
	return s.settle(ctx, c)
}

// listen is nil for no address.
func listen(ctx context.Context, flag, addr string) (*door, error) {
	if addr == "" {
		return nil, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with %s", err, flag)
	}
	return &door{Listener: l}, nil
}

// equip puts handlers behind the doors.
func (s *server) equip(c serverConfig) error {
	if s.admin != nil {
		s.admin.http = api.NewHTTPServer(s.told(c), c.logger)
	}
	if s.public == nil {
		return nil
	}
	all, err := api.New(api.Config{
		Store: reads{s.store}, Links: links{s.bucket}, Logger: c.logger, KeyMemory: api.DefaultKeyMemory,
		RenderMemory: api.DefaultRenderMemory, Rate: c.rate, Observer: s.metrics,
		Around: func(endpoint http.Handler) (http.Handler, error) {
			links := api.Steady(s.bucket.Handler(linksPath, linkFailed(c.logger)))
			h, err := docs.Around(route(endpoint, links))
			return s.leaving(h), err
		},
	})
	if err != nil {
		return err
	}
	s.public.http = api.NewHTTPServer(all, c.logger)
	idle := &unused{conns: map[net.Conn]bool{}}
	s.public.http.ConnState = idle.track
	s.public.http.RegisterOnShutdown(idle.close)
	return nil
}

// route is not a ServeMux, which would redirect paths that it finds unclean. Links are at one path, in the one way to write it.
func route(endpoint, links http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u := r.URL; u.EscapedPath() == linksPath && u.Scheme == "" && u.Host == "" {
			links.ServeHTTP(w, r)
			return
		}
		endpoint.ServeHTTP(w, r)
	})
}

// stop lets answers and encodings under way end, for a bounded time. An encoding that did not end is taken up again at
// the next start, or by another worker.
func (s *server) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	var err error
	if s.public != nil {
		if err = s.public.http.Shutdown(ctx); err != nil {
			err = s.public.http.Close()
		}
	}
	return errors.Join(err, s.queue.Stop(ctx), s.close())
}

// close lets go of what was taken.
func (s *server) close() error {
	var errs []error
	for _, d := range []*door{s.public, s.admin} {
		if d != nil {
			errs = append(errs, d.close())
		}
	}
	if s.backend != nil {
		errs = append(errs, s.backend.Close())
	}
	return errors.Join(errs...)
}

func (d *door) close() error {
	if d.http != nil {
		_ = d.http.Close() // the listener's error comes below
	}
	if err := d.Listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
