// Package pgtest gives tests a real PostgreSQL. URL is a new, empty database on a server that the tests of one process share;
// Start is a server of a test's own, which it may stop and restart.
//
// # The server
//
// It is the one on PATH or in /usr/lib/postgresql, and runs in a temporary folder, on a free port of 127.0.0.1, without a
// password. PostgreSQL does not run as root: then it becomes the user postgres, or nobody. It does not wait for the disk
// (fsync is off), which only a crash of the machine could tell. Where PostgreSQL is not installed the test is skipped, and
// fails when ROUGHY_TEST_ALL=1.
//
// # Its end
//
// A server ends, and its folder goes, with the process that started it, however that ends: a shell waits for the other end of a
// pipe to be closed, which the system does for a process that was killed, too.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// patience is how long a server may take to start or stop.
const patience = time.Minute

// shared is the server of all tests of this process.
var shared = sync.OnceValues(start)

// URL is the address of a new, empty database, which is dropped at the test's end.
func URL(t testing.TB) string {
	t.Helper()
	s, err := shared()
	check(t, err)
	return s.URL(t)
}

// Server is a running PostgreSQL. Its methods are for one goroutine at a time.
type Server struct {
	bin    string // the folder of its programs
	dir    string // of its data
	port   int
	client *sql.DB   // to its own database
	leash  *os.File  // the end of the pipe whose close ends it
	user   *identity // that it runs as; nil: as we do
}

// Start starts a server that is the test's alone, and ends it with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := start()
	check(t, err)
	t.Cleanup(s.end)
	return s
}

// URL is the address of a new, empty database, which is dropped at the test's end.
func (s *Server) URL(t testing.TB) string {
	t.Helper()
	name := "test_" + rand.Text()
	if _, err := s.client.ExecContext(t.Context(), `CREATE DATABASE "`+name+`"`); err != nil {
		t.Fatalf("create database: %v", err)
	}
	t.Cleanup(func() {
		// FORCE ends the connections that a killed process left.
		_, _ = s.client.ExecContext(context.Background(), `DROP DATABASE "`+name+`" WITH (FORCE)`)
	})
	return s.address(name)
}

func (s *Server) address(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/" + database,
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)),
	}
	return u.String()
}

// Stop ends the server as an administrator's restart does: connections are cut, what was committed stays.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := s.control("stop", "--mode=fast"); err != nil {
		t.Fatalf("stop PostgreSQL: %v", err)
	}
}

// Restart starts a server that was stopped, at the same address.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.control("start"); err != nil {
		t.Fatalf("restart PostgreSQL: %v", err)
	}
}

// check skips the test where PostgreSQL is missing, and fails it where it does not start.
func check(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case err == ErrMissing && os.Getenv("ROUGHY_TEST_ALL") != "1":
		t.Skip(err)
	default:
		t.Fatalf("start PostgreSQL: %v", err)
	}
}

// programs is the folder of PostgreSQL's programs; Debian keeps them off PATH.
func programs() (string, error) {
	folders := filepath.SplitList(os.Getenv("PATH"))
	debian, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	for _, folder := range append(folders, debian...) {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err == nil {
			return folder, nil
		}
	}
	return "", ErrMissing
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("free port: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
