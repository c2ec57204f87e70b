package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// member is a process of the cluster.
type member struct {
	cmd        *exec.Cmd
	log        *diary
	url, admin string
	ended      chan struct{}
}

// start starts a server or a worker and waits until it is at work.
func (c *cluster) start(t *testing.T, args ...string) *member {
	t.Helper()
	m := &member{log: &diary{}, ended: make(chan struct{})}
	m.cmd = exec.Command("roughyd", append(args, "--format", "json", "--admin-addr", "127.0.0.1:0")...)
	m.cmd.Dir, m.cmd.Env, m.cmd.Stderr = c.dir, c.env, m.log
	require.NoError(t, m.cmd.Start())
	go func() {
		_ = m.cmd.Wait() // how it ended is in its state
		close(m.ended)
	}()
	t.Cleanup(func() {
		_ = m.cmd.Process.Kill()
		<-m.ended
	})
	c.mu.Lock()
	c.logs = append(c.logs, m.log)
	c.mu.Unlock()
	require.Eventually(t, func() bool {
		for _, line := range m.log.lines(t) {
			if line["msg"] == "serving" || line["msg"] == "working" {
				m.url, _ = line["url"].(string)
				m.admin = line["admin"].(string)
			}
		}
		return m.admin != ""
	}, patience, 10*time.Millisecond, "%v", args)
	return m
}

// stop interrupts a process and waits for its end, which is a good one.
func (m *member) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, m.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-m.ended:
		require.Zero(t, m.cmd.ProcessState.ExitCode(), m.log)
	case <-time.After(patience):
		t.Fatalf("it does not stop: %s", m.log)
	}
}

// ask is what the admin address tells.
func (m *member) ask(t *testing.T, path string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(m.admin + path)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}

// await waits until a metric is there.
func (m *member) await(t *testing.T, metric string) {
	t.Helper()
	want := regexp.MustCompile(metric)
	require.Eventually(t, func() bool {
		_, all := m.ask(t, "/metrics")
		return want.MatchString(all)
	}, patience, 10*time.Millisecond, metric)
}

// fetch follows a render to its end through a server, and returns its link and the bytes that it leads to.
func (m *member) fetch(t *testing.T, key string, id uuid.UUID) (link string, content []byte) {
	t.Helper()
	client, err := roughy.NewClient(key, roughy.WithBaseURL(m.url))
	require.NoError(t, err)
	r, err := client.Wait(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, roughy.StateCompleted, r.State)
	var body bytes.Buffer
	_, err = client.Download(t.Context(), id, &body)
	require.NoError(t, err)
	return r.DownloadURL, body.Bytes()
}

// diary is what a process writes to standard error.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(b)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

// lines are those that are whole. Each must be JSON.
func (d *diary) lines(t *testing.T) (lines []map[string]any) {
	t.Helper()
	whole := d.String()
	for text := range strings.Lines(whole[:strings.LastIndexByte(whole, '\n')+1]) {
		var line map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &line), text)
		lines = append(lines, line)
	}
	return lines
}
