package main

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media/clip"
	"github.com/roughy-go/roughy/internal/pgtest"
	"github.com/roughy-go/roughy/internal/s3test"
)

// patience is how long anything may take that takes no time.
const patience = time.Minute

// databasePassword is one that the database does not ask for.
const databasePassword = "the-password-of-the-database"

// cluster is processes of the real program on one database and bucket.
type cluster struct {
	dir string
	env []string
	s3  *s3test.Server

	mu      sync.Mutex
	secrets []string // that no log may hold
	logs    []*diary
}

// newCluster is one on Postgres and S3.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	database, err := url.Parse(pgtest.URL(t))
	require.NoError(t, err)
	database.User = url.UserPassword(database.User.Username(), databasePassword)
	c := &cluster{dir: t.TempDir(), s3: s3test.Start(t)}
	c.env = append(os.Environ(), s3test.Environ()...)
	c.env = append(c.env, "ROUGHYD_DATA="+filepath.Join(c.dir, "data"), "ROUGHYD_DATABASE_URL="+database.String(), "ROUGHYD_BUCKET_URL="+c.s3.Bucket(t))
	c.secrets = []string{databasePassword, s3test.SecretKey, "X-Amz-", "sk_", "Bearer", database.String()}
	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "clip.mp4"), clip.MP4, 0o600))
	return c
}

// run is what a command prints that is done at once.
func (c *cluster) run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "roughyd", args...)
	log := &diary{}
	cmd.Dir, cmd.Env, cmd.Stderr = c.dir, c.env, log
	out, err := cmd.Output()
	require.NoError(t, err, "%v: %s", args, log)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.logs = append(c.logs, log)
	return strings.TrimSpace(string(out))
}

func TestServersAndWorkersScaleApartOnPostgresAndS3(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	serve := []string{"serve", "--no-worker", "--addr", "127.0.0.1:0", "--public-endpoint", c.s3.Public}
	first, second := c.start(t, serve...), c.start(t, serve...)
	idle := c.start(t, "worker", "--parallel", "1")
	worker := c.start(t, "worker")

	key := c.run(t, "keys", "create")
	asset := c.run(t, "assets", "add", "clip.mp4")
	var renders []uuid.UUID
	for range 4 {
		renders = append(renders, uuid.MustParse(c.run(t, "renders", "create", "--asset", asset, "--output-format", "mp4")))
	}
	for _, id := range renders {
		for _, server := range []*member{first, second} {
			link, content := server.fetch(t, key, id)
			require.Equal(t, clip.MP4, content)
			require.True(t, strings.HasPrefix(link, c.s3.Public+"/"), "it leads to where clients reach S3")
			require.Contains(t, link, "X-Amz-Signature=")
		}
	}
	require.NoDirExists(t, filepath.Join(c.dir, "data", "blobs"))

	idle.stop(t)
	made := uuid.MustParse(c.run(t, "renders", "create", "--asset", asset))
	_, content := second.fetch(t, key, made)
	require.Equal(t, clip.MP4, content, "the other worker goes on alone")
	for _, m := range []*member{first, second, worker} {
		status, body := m.ask(t, "/readyz")
		require.Equal(t, http.StatusOK, status, body)
	}
	worker.await(t, `roughyd_queue_jobs\{state="completed"\} 5\n`) // which River notes a moment later
	worker.await(t, `roughyd_renders_total\{error_code="",state="completed"\} [1-5]\n`)
	first.await(t, `roughyd_requests_total\{status="200"\} \d`)

	for _, m := range []*member{first, second, worker} {
		m.stop(t)
	}
	require.NotZero(t, requests(t, first)+requests(t, second))
	c.requireNoSecrets(t)
}

// requests is how many lines of a log tell of a request, each with its id.
func requests(t *testing.T, m *member) (n int) {
	t.Helper()
	for _, line := range m.log.lines(t) {
		if line["msg"] == "request" {
			require.NotEmpty(t, line["request"])
			n++
		}
	}
	return n
}

func TestAServerWithoutItsBucketIsNotReadyAndTellsNoSecret(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	m := c.start(t, "serve", "--addr", "127.0.0.1:0")
	signer := c.start(t, "serve", "--addr", "127.0.0.1:0", "--no-worker")
	c.run(t, "keys", "create")
	c.s3.Stop(t)
	status, body := m.ask(t, "/readyz")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.JSONEq(t, `{"status":"not ready","checks":{"server":"reachable","database":"reachable","bucket":"unreachable"}}`, body)
	status, body = signer.ask(t, "/readyz")
	require.Equal(t, http.StatusOK, status, "who only signs links is of use")
	require.JSONEq(t, `{"status":"ready","checks":{"server":"reachable","database":"reachable","bucket":"unreachable"}}`, body)
	status, _ = m.ask(t, "/healthz")
	require.Equal(t, http.StatusOK, status)
	asset := exec.CommandContext(t.Context(), "roughyd", "assets", "add", "clip.mp4")
	asset.Dir, asset.Env = c.dir, c.env
	said, err := asset.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(said), "S3 is not reachable")
	for _, secret := range c.secrets {
		require.NotContains(t, string(said), secret)
	}

	late := c.start(t, "worker")
	require.Contains(t, late.log.String(), "nothing is encoded until it answers")
	for _, line := range late.log.lines(t) {
		if line["level"] == "WARN" {
			require.Contains(t, line["error"], "S3 is not reachable", "and not the database")
		}
	}
	c.s3.Resume(t)
	status, body = m.ask(t, "/readyz")
	require.Equal(t, http.StatusOK, status, body)
	m.stop(t)
	signer.stop(t)
	c.run(t, "renders", "create", "--asset", c.run(t, "assets", "add", "clip.mp4"))
	late.await(t, `roughyd_renders_total\{error_code="",state="completed"\} 1\n`)
	late.stop(t)
	require.Contains(t, m.log.String(), `"what":"bucket"`, "why is in the log")
	c.requireNoSecrets(t)
}

func TestWhoHasAnotherBucketIsRefused(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	right := c.start(t, "worker")
	asset := c.run(t, "assets", "add", "clip.mp4")
	for what, bucket := range map[string]string{"no bucket": "", "an empty one": c.s3.Bucket(t)} {
		for _, args := range [][]string{{"worker", "--admin-addr", ""}, {"serve", "--addr", "127.0.0.1:0", "--admin-addr", ""}, {"assets", "add", "clip.mp4"}} {
			cmd := exec.CommandContext(t.Context(), "roughyd", args...)
			cmd.Dir, cmd.Env = c.dir, append(c.env, "ROUGHYD_BUCKET_URL="+bucket)
			said, err := cmd.CombinedOutput()
			require.Error(t, err, "%s: %v: %s", what, args, said)
			require.Equal(t, 2, cmd.ProcessState.ExitCode())
			require.Contains(t, string(said), "this is not where the database's files are", "%s: %v", what, args)
			require.Contains(t, string(said), `put a file "roughyd" there that holds `)
		}
	}
	made := uuid.MustParse(c.run(t, "renders", "create", "--asset", asset))
	right.await(t, `roughyd_renders_total\{error_code="",state="completed"\} 1\n`)
	require.NotEqual(t, uuid.Nil, made)
	right.stop(t)
}

// Who cannot ask the bucket for its mark at first touches no render with it.
func TestWhoseBucketTurnsOutToBeAnotherEnds(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	asset := c.run(t, "assets", "add", "clip.mp4")
	made := c.run(t, "renders", "create", "--asset", asset)
	gate := c.s3.Gate(t)
	other := gate.Bucket(t)
	gate.Shut()
	cmd := exec.CommandContext(t.Context(), "roughyd", "worker", "--admin-addr", "", "--format", "json")
	said := &diary{}
	cmd.Dir, cmd.Env, cmd.Stderr = c.dir, append(c.env, "ROUGHYD_BUCKET_URL="+other), said
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return strings.Contains(said.String(), `"msg":"working"`) }, patience, 10*time.Millisecond)
	gate.Open()
	require.Error(t, cmd.Wait())
	require.Equal(t, 2, cmd.ProcessState.ExitCode())
	require.Contains(t, said.String(), "this is not where the database's files are")
	require.Contains(t, c.run(t, "renders", "list"), made)
	require.Contains(t, c.run(t, "renders", "list"), "pending")
}

func (c *cluster) requireNoSecrets(t *testing.T) {
	t.Helper()
	for _, log := range c.logs {
		for _, secret := range c.secrets {
			require.NotContains(t, log.String(), secret)
		}
	}
}

// A load balancer sees that a server stops while that still answers.
func TestAServerThatStopsIsNotReadyAndServesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := &cluster{dir: dir, env: append(os.Environ(), "ROUGHYD_DATA="+filepath.Join(dir, "data"))}
	m := c.start(t, "serve", "--addr", "127.0.0.1:0", "--drain", "1h")
	status, _ := m.ask(t, "/readyz")
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, m.cmd.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool {
		status, body := m.ask(t, "/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(body, `"server":"stopping"`)
	}, patience, 10*time.Millisecond)
	resp, err := http.Get(m.url)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	require.True(t, resp.Close, "so that the connection is not cut when it has stopped")
	require.NoError(t, m.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-m.ended:
	case <-time.After(patience):
		t.Fatal("a second interrupt does not stop it")
	}
}
