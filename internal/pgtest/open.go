package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
)

// Open starts a server for a program that is no test. Close it.
func Open() (*Server, error) { return start() }

// Close ends the server, and its databases go.
func (s *Server) Close() { s.end() }

// Database is the address of a new, empty database, which goes with the server.
func (s *Server) Database(ctx context.Context) (string, error) {
	name := "bench_" + rand.Text()
	if _, err := s.client.ExecContext(ctx, `CREATE DATABASE "`+name+`"`); err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	return s.address(name), nil
}

// Program is the path of another of PostgreSQL's programs, such as pgbench, which is where initdb really is: what PATH leads to may be
// links to some of them alone.
func (s *Server) Program(name string) (string, error) {
	initdb, err := filepath.EvalSymlinks(filepath.Join(s.bin, "initdb"))
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(initdb), name), nil
}
