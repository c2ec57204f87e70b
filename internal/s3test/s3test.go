// Package s3test is a real server of S3 for tests: versitygw over a folder, on free ports of 127.0.0.1. Start it, and take a new
// bucket's URL for each test; Stop and Resume make it go away and come back, and a Gate takes it away from those who go through.
//
// Credentials are found in the environment, as programs of AWS do. Setenv puts those of the server there, in a TestMain;
// Environ are the same for a program that a test runs.
package s3test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// What every server takes as its only user's.
const (
	AccessKey = "AKIAROUGHYTEST"
	SecretKey = "the-secret-of-the-test-server"
	Region    = "us-east-1"
)

// startTime bounds how long a server takes until it answers.
const startTime = 30 * time.Second

// Environ is the environment for who uses a server. Config files of whoever runs the tests are out of it.
func Environ() []string {
	return []string{
		"AWS_ACCESS_KEY_ID=" + AccessKey, "AWS_SECRET_ACCESS_KEY=" + SecretKey, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}
}

// Setenv makes Environ this process's.
func Setenv() error {
	for _, entry := range Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// Server is a server of S3. It is safe for concurrent use.
type Server struct {
	Endpoint string // http://127.0.0.1:PORT
	Public   string // the same server by another address, as clients from outside see it

	tool, dir string

	mu      sync.Mutex
	process *exec.Cmd // nil while it is stopped
	said    bytes.Buffer
	buckets int
}

// Start starts a server that is stopped at the test's end. Without versitygw the test is skipped, or fails when
// ROUGHY_TEST_ALL=1.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{tool: versitygw(t), dir: t.TempDir()}
	for _, sub := range []string{"objects", "attributes"} {
		if err := os.Mkdir(filepath.Join(s.dir, sub), 0o700); err != nil {
			t.Fatalf("start S3: %v", err)
		}
	}
	ports := free(t, 2)
	s.Endpoint, s.Public = "http://"+ports[0], "http://"+ports[1]
	t.Cleanup(func() { s.Stop(t) })
	s.Resume(t)
	return s
}

// Bucket makes a new bucket and returns its URL.
func (s *Server) Bucket(t testing.TB) string {
	t.Helper()
	return s.URL(s.makeBucket(t))
}

func (s *Server) makeBucket(t testing.TB) (name string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buckets++
	name = fmt.Sprintf("bucket-%d", s.buckets)
	if err := os.Mkdir(filepath.Join(s.dir, "objects", name), 0o700); err != nil { // which is what makes one
		t.Fatalf("make bucket: %v", err)
	}
	return name
}

// URL is what a bucket of this name has, if there is one.
func (s *Server) URL(name string) string { return bucketURL(name, s.Endpoint) }

func bucketURL(name, endpoint string) string {
	return "s3://" + name + "?" + url.Values{"region": {Region}, "endpoint": {endpoint}}.Encode()
}

// Stop makes the server go away at once, in the middle of what it does. Its buckets stay.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return
	}
	if err := s.process.Process.Kill(); err != nil {
		t.Errorf("stop S3: %v", err)
	}
	_ = s.process.Wait() // it says that it was killed
	s.process = nil
}

// Resume brings a server back that was stopped, at the same addresses, and returns when it answers.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said.Reset()
	s.process = exec.Command(s.tool, "--port", strings.TrimPrefix(s.Endpoint, "http://"), "--port", strings.TrimPrefix(s.Public, "http://"),
		"--region", Region, "--health", "/health", "--keep-alive", "--quiet",
		"posix", "--sidecar", filepath.Join(s.dir, "attributes"), filepath.Join(s.dir, "objects"))
	s.process.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+AccessKey, "ROOT_SECRET_KEY="+SecretKey)
	s.process.Stdout, s.process.Stderr = &s.said, &s.said
	bind(s.process)
	if err := s.process.Start(); err != nil {
		s.process = nil
		t.Fatalf("start S3: %v", err)
	}
	s.await(t)
}

// await returns when both addresses answer.
func (s *Server) await(t testing.TB) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(startTime); time.Now().Before(end); <-tick.C {
		if answers(s.Endpoint) && answers(s.Public) {
			return
		}
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.process = nil
	t.Fatalf("S3 does not answer: %s", s.said.String())
}

func answers(endpoint string) bool {
	resp, err := http.Get(endpoint + "/health")
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// free returns addresses that nobody listens on.
func free(t testing.TB, n int) []string {
	t.Helper()
	var out []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatalf("find a free port: %v", err)
		}
		defer l.Close()
		out = append(out, l.Addr().String())
	}
	return out
}
