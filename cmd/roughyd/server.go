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
	"time"

	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/store"
)

// linksPath is where signed links lead.
const linksPath = "/links"

// stopTime bounds how long a stopping server waits for answers and encodings under way.
const stopTime = 5 * time.Second

type serverConfig struct {
	dir       string
	addr      string
	publicURL string // "" is http:// and the address listened on
	linkTTL   time.Duration
	logger    *slog.Logger
}

// server is the whole of roughyd at work: the endpoint, the links and the encoder on one data folder.
type server struct {
	*folder
	url    string
	broken chan error // what ended serving, if nobody stopped it
	http   *http.Server
}

func startServer(ctx context.Context, c serverConfig) (*server, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with --addr", err)
	}
	s := &server{broken: make(chan error, 1)}
	s.url = cmp.Or(strings.TrimRight(c.publicURL, "/"), "http://"+listener.Addr().String())
	if err := s.open(ctx, c); err != nil {
		return nil, errors.Join(err, s.close(), listener.Close())
	}
	go func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.broken <- fmt.Errorf("server: %w", err)
		}
	}()
	return s, nil
}

// open opens the folder for serving and puts the handlers together.
func (s *server) open(ctx context.Context, c serverConfig) (err error) {
	links := blobs.Config{BaseURL: s.url + linksPath, TTL: c.linkTTL}
	if s.folder, err = openFolder(ctx, c.dir, links, c.logger); err != nil {
		return err
	}
	endpoint, err := api.New(api.Config{Store: s.store, Links: s.bucket, Logger: c.logger})
	if err != nil {
		return err
	}
	s.http = &http.Server{
		Handler:                      route(endpoint, http.StripPrefix(linksPath, s.bucket.Handler())),
		ReadHeaderTimeout:            10 * time.Second,
		DisableGeneralOptionsHandler: true, // it would answer OPTIONS * before anyone asked for a key
		IdleTimeout:                  2 * time.Minute,
		MaxHeaderBytes:               2 << 20, // a key of a megabyte still gets its answer in the documented envelope
		ErrorLog:                     slog.NewLogLogger(c.logger.Handler(), slog.LevelWarn),
	}
	idle := &unused{conns: map[net.Conn]bool{}}
	s.http.ConnState = idle.track
	s.http.RegisterOnShutdown(idle.close)
	err = s.queue.Start(ctx)
	if errors.Is(err, store.ErrInUse) {
		return fmt.Errorf("%w; stop that one, or choose another folder with --data", err)
	}
	return err
}

// route is not a ServeMux, which would redirect paths that it finds unclean.
func route(endpoint, links http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, linksPath+"/") || r.URL.Path == linksPath {
			links.ServeHTTP(w, r)
			return
		}
		endpoint.ServeHTTP(w, r)
	})
}

// stop lets answers and encodings under way end, for a bounded time. An encoding that did not end is taken up again at
// the next start.
func (s *server) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	return errors.Join(err, s.queue.Stop(ctx), s.close())
}

// close lets go of the folder, if it was opened.
func (s *server) close() error {
	if s.folder == nil {
		return nil
	}
	return s.folder.Close()
}
