package s3test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

const (
	version = "v1.8.0"
	source  = "github.com/versity/versitygw/cmd/versitygw@" + version
)

// buildTime bounds the one build, and how long others wait for it.
const buildTime = 5 * time.Minute

// versitygw is where the program is. It is built once for all tests on this machine, into the user's cache.
func versitygw(t testing.TB) string {
	t.Helper()
	path, err := built(t.Context())
	if err == nil {
		return path
	}
	const missing = "versitygw is missing; GOBIN=%s go install %s: %v"
	if os.Getenv("ROUGHY_TEST_ALL") == "1" {
		t.Fatalf(missing, filepath.Dir(path), source, err)
	}
	t.Skipf(missing, filepath.Dir(path), source, err)
	return ""
}

func built(ctx context.Context) (path string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "roughy", "versitygw-"+version)
	path = filepath.Join(dir, "versitygw")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return path, err
	}
	ctx, cancel := context.WithTimeout(ctx, buildTime)
	defer cancel()
	lock := flock.New(filepath.Join(dir, "lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return path, fmt.Errorf("wait for its build: %w", err)
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = build(ctx, dir, filepath.Base(path))
	}
	return path, errors.Join(err, lock.Unlock())
}

// build puts the program into dir, whole or not at all.
func build(ctx context.Context, dir, name string) error {
	part, err := os.MkdirTemp(dir, "build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(part)
	cmd := exec.CommandContext(ctx, "go", "install", source)
	cmd.Dir = part
	cmd.Env = append(os.Environ(), "GOBIN="+part, "GOFLAGS=", "CGO_ENABLED=0", "GOOS=", "GOARCH=", "GOWORK=off")
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(said.Bytes()))
	}
	return os.Rename(filepath.Join(part, name), filepath.Join(dir, name))
}
