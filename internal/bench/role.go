package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
)

// roleVariable is the environment variable in which the bench tells itself what to be, so that what must not share a
// process with it has one of its own.
const roleVariable = "ROUGHY_BENCH_ROLE"

// The roles, and their arguments.
const (
	roleUpstream = "upstream" // what the proxies stand before
	rolePlain    = "plain"    // URL: the proxy that only hands on
	rolePump     = "pump"     // URL,… KEY CONNECTIONS SPAN: the load, where there is no wrk
	roleBare     = "bare"     // FILE: a bare handler that writes its bytes
	roleOutput   = "output"   // SIZE: a render and its output, that many bytes
	roleDownload = "download" // URL FILE: our download of that output
)

// play is the program in a role.
func play(ctx context.Context, role string, args []string, stdout io.Writer) error {
	switch {
	case role == roleUpstream && len(args) == 0:
		return listen(ctx, newUpstream(), stdout)
	case role == rolePlain && len(args) == 1:
		proxy, err := plainProxy(args[0])
		if err != nil {
			return err
		}
		return listen(ctx, proxy, stdout)
	case role == rolePump && len(args) == 4:
		return playPump(ctx, args, stdout)
	case role == roleBare && len(args) == 1:
		body, err := os.ReadFile(args[0])
		if err != nil {
			return err
		}
		return listen(ctx, bare(body), stdout)
	case role == roleOutput && len(args) == 1:
		size, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil {
			return err
		}
		return listen(ctx, newOutput(size), stdout)
	case role == roleDownload && len(args) == 2:
		return download(ctx, args[0], args[1], stdout)
	}
	return fmt.Errorf("%s: no role %q with %d arguments", roleVariable, role, len(args))
}

// listen serves on a free port of this machine until ctx ends, and says where.
func listen(ctx context.Context, handler http.Handler, stdout io.Writer) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &http.Server{Handler: handler, ErrorLog: log.New(io.Discard, "", 0)}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	if _, err := fmt.Fprintf(stdout, "http://%s\n", listener.Addr()); err != nil {
		return err
	}
	if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// inRole is the bench itself in a role.
func inRole(role string, args ...string) (program, error) {
	self, err := os.Executable()
	if err != nil {
		return program{}, err
	}
	return program{path: self, args: args, env: []string{roleVariable + "=" + role}}, nil
}
