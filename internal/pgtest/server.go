package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrMissing is what Open gives where PostgreSQL is not installed. It says what to install.
var ErrMissing = errors.New("PostgreSQL is missing; apt-get install postgresql")

// leash stops the server in $1 with the programs in $0 and removes its folder when the pipe at its input is closed.
const leash = `trap '' INT TERM HUP; read nothing; "$0/pg_ctl" -D "$1/data" -m immediate stop >/dev/null 2>&1; rm -rf "$1"`

// start makes a server and waits until it answers.
func start() (s *Server, err error) {
	s = &Server{}
	if s.bin, err = programs(); err != nil {
		return nil, err
	}
	if s.user, err = other(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "pgtest-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.end()
		}
	}()
	if err := s.user.own(s.dir); err != nil {
		return nil, err
	}
	if err := s.tie(); err != nil {
		return nil, fmt.Errorf("watch for the end of the tests: %w", err)
	}
	if s.port, err = freePort(); err != nil {
		return nil, err
	}
	if err := s.initialize(); err != nil {
		return nil, err
	}
	if s.client, err = sql.Open("pgx", s.address("postgres")); err != nil {
		return nil, err
	}
	return s, s.client.Ping()
}

func (s *Server) initialize() error {
	err := s.run("initdb", "--pgdata="+s.data(), "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync")
	if err != nil {
		return err
	}
	settings := "listen_addresses = '127.0.0.1'\nport = " + strconv.Itoa(s.port) + "\nunix_socket_directories = '" + s.dir +
		"'\nfsync = off\nmax_connections = 400\nshared_buffers = 128MB\n"
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(settings)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return s.control("start")
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// control lets pg_ctl do something to the server, and waits until it is done.
func (s *Server) control(verb string, options ...string) error {
	args := []string{verb, "--pgdata=" + s.data(), "--log=" + filepath.Join(s.dir, "log"), "--wait", "--silent"}
	return s.run("pg_ctl", append(args, options...)...)
}

// run runs one of PostgreSQL's programs as the server's user. What it says goes to a file: a pipe would stay open for as long
// as the server that it starts.
func (s *Server) run(program string, args ...string) error {
	said, err := os.CreateTemp("", "pgtest-said-")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(said.Close(), os.Remove(said.Name())) }()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, said, said
	s.user.become(cmd)
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(said.Name())
		return fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(string(text)))
	}
	return nil
}

// tie starts what ends the server with this process.
func (s *Server) tie() error {
	held, kept, err := os.Pipe()
	if err != nil {
		return err
	}
	defer held.Close()
	cmd := exec.Command("/bin/sh", "-c", leash, s.bin, s.dir)
	cmd.Stdin = held
	s.user.become(cmd)
	if err := cmd.Start(); err != nil {
		return errors.Join(err, kept.Close())
	}
	go func() { _ = cmd.Wait() }()
	s.leash = kept
	return nil
}

// end lets go of the server: it stops at once, and its folder goes.
func (s *Server) end() {
	if s.client != nil {
		_ = s.client.Close()
	}
	if s.leash == nil {
		_ = os.RemoveAll(s.dir)
		return
	}
	_ = s.leash.Close()
}
