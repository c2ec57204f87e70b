package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
)

// Prism is the proxy that people use today to hold an API to its document: as it starts by itself, and told to log errors
// alone, which makes it as quiet on clean answers as ours is, and faster.
const (
	namePrism      = "Stoplight Prism's proxy"
	namePrismQuiet = "Stoplight Prism's proxy, quiet"
)

// prismPackage is what npm knows it by.
const prismPackage = "@stoplight/prism-cli@5.16.0"

// prism starts Prism before the upstream, and installs it the first time.
func (s *stage) prism(ctx context.Context, upstream *server, flags ...string) (*server, error) {
	path, err := s.prismPath(ctx)
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(address) // which freeAddress made
	args := append([]string{"proxy", "--port", port, "../../openapi.yaml", upstream.url}, flags...)
	started, err := s.serve(ctx, program{path: path, args: args, address: address, onStderr: true}) // so that its log goes nowhere
	if err != nil {
		return nil, err
	}
	return started, handsOn(ctx, started, "") // it writes bodies anew
}

// freeAddress is where nobody listens, for somebody who cannot find such a place and say so.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// prisms are both ways to run it; none, with a note why, where it cannot be had.
func (s *stage) prisms(ctx context.Context, upstream *server, press pressure) ([]entry, error) {
	loud, err := s.prism(ctx, upstream)
	if err != nil {
		s.note("%s is not measured: %v", namePrism, err)
		return nil, ctx.Err()
	}
	quiet, err := s.prism(ctx, upstream, "--verboseLevel", "error")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", namePrismQuiet, err)
	}
	s.note("Prism is %s", prismPackage)
	return []entry{s.pressed(namePrism, loud, press), s.pressed(namePrismQuiet, quiet, press)}, nil
}

// prismPath is where the installed program is: in the user's cache, where it stays for the next run.
func (s *stage) prismPath(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "roughy-bench", prismPackage)
	path := filepath.Join(folder, "node_modules", ".bin", "prism")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errors.New("npm is not there")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	fmt.Fprintf(s.progress, "getting ready: npm install %s\n", prismPackage)
	install := program{path: npm, args: []string{"install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", prismPackage}}
	if out, err := install.command(ctx).CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install: %w: %.300s", err, out)
	}
	return path, nil
}
