package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/store"
)

const (
	linksPath   = "/links"
	secretBytes = 32
)

// stopTime bounds how long a stopping server waits for answers under way, and again for encodings.
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
	links  blobs.Config
	broken chan error // what ended serving, if nobody stopped it
	http   *http.Server
}

func startServer(ctx context.Context, c serverConfig) (*server, error) {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
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
func (s *server) open(ctx context.Context, c serverConfig) error {
	secret, err := linkSecret(c.dir)
	if err != nil {
		return err
	}
	s.links = blobs.Config{Secret: secret, BaseURL: s.url + linksPath, TTL: c.linkTTL}
	if s.folder, err = openFolder(ctx, c.dir, s.links, c.logger); err != nil {
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

// linkSecret reads the secret that signs links, or makes it. Of several that make it at once, one wins.
func linkSecret(dir string) ([]byte, error) {
	path := filepath.Join(dir, "link.key")
	secret, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeSecret(path); err != nil {
			return nil, fmt.Errorf("link secret: %w", err)
		}
		secret, err = os.ReadFile(path)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("link secret: %w", err)
	case len(secret) != secretBytes:
		return nil, fmt.Errorf("link secret %s: %d bytes instead of %d; remove it for a new one, and links given out stop working", path, len(secret), secretBytes)
	}
	return secret, nil
}

// makeSecret puts a new secret at path, whole, unless there is one already.
func makeSecret(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), "link.key.*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	secret := make([]byte, secretBytes)
	rand.Read(secret)
	_, err = file.Write(secret)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
