package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// running is a roughy proxy, in a process of its own.
type running struct {
	t       *testing.T
	cmd     *exec.Cmd
	url     string
	dir     string
	stdout  bytes.Buffer
	stderr  bytes.Buffer
	drained sync.WaitGroup
}

// startProxy starts the real program before an API, on a port that is free.
func startProxy(t *testing.T, upstream string, args ...string) *running {
	t.Helper()
	r := newProxy(t, upstream, args...)
	r.start()
	return r
}

// newProxy is that, before it is started.
func newProxy(t *testing.T, upstream string, args ...string) *running {
	t.Helper()
	r := &running{t: t, dir: t.TempDir()}
	r.cmd = exec.Command("roughy", append([]string{"proxy", "--upstream", upstream, "--addr", "127.0.0.1:0"}, args...)...)
	r.cmd.Dir, r.cmd.Stdout = r.dir, &r.stdout
	r.cmd.Env = append(os.Environ(), "GITHUB_ACTIONS=", "ROUGHY_API_KEY=", "ROUGHY_BASE_URL=")
	return r
}

func (r *running) start() {
	t := r.t
	t.Helper()
	stderr, err := r.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, r.cmd.Start())
	t.Cleanup(func() { _ = r.cmd.Process.Kill() })
	lines := bufio.NewReader(stderr)
	first, err := lines.ReadString('\n')
	require.NoError(t, err)
	r.stderr.WriteString(first)
	r.drained.Go(func() { _, _ = io.Copy(&r.stderr, lines) })
	m := regexp.MustCompile(`^roughy: (http://127\.0\.0\.1:\d+) hands on to `).FindStringSubmatch(first)
	require.NotNil(t, m, first)
	r.url = m[1]
}

// get reads a path through the proxy, with the right key.
func (r *running) get(path string) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequest(http.MethodGet, r.url+path, nil)
	require.NoError(r.t, err)
	req.Header.Set("Authorization", "Bearer "+rightKey)
	req.Header.Set("Cookie", "session=c00k1e-value")
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req) // follows no redirect
	require.NoError(r.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	return resp, string(body)
}

// stop presses Ctrl-C, and holds what was printed to the promise of every output.
func (r *running) stop(want int) (stdout, stderr string) {
	r.t.Helper()
	require.NoError(r.t, r.cmd.Process.Signal(os.Interrupt))
	r.drained.Wait()
	_ = r.cmd.Wait() // the exit code tells
	require.Equal(r.t, want, r.cmd.ProcessState.ExitCode(), "%s%s", &r.stdout, &r.stderr)
	for _, text := range []string{r.stdout.String(), r.stderr.String(), r.files()} {
		for _, secret := range []string{"sk_", signature, "c00k1e", "s3cr3t"} {
			require.NotContains(r.t, text, secret)
		}
	}
	return r.stdout.String(), r.stderr.String()
}

// files is all that was written.
func (r *running) files() string {
	r.t.Helper()
	var all strings.Builder
	require.NoError(r.t, filepath.WalkDir(r.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	}))
	return all.String()
}

func readPath(name string) string { return "/v1/renders/" + renders[name] }

func newTestWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld()
	t.Cleanup(w.close)
	return w
}

func TestProxyReports(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	p := startProxy(t, w.api.URL, "--report", "ndjson=findings.ndjson", "--report", "html=page.html", "--har-out", "traffic.har")
	resp, body := p.get(readPath("OK") + "?trace=s3cr3t")
	require.Equal(t, 200, resp.StatusCode)
	require.Contains(t, body, signature, "the client gets the answer as it came")
	resp, body = p.get(readPath("VIOLATION"))
	require.Equal(t, 200, resp.StatusCode)
	require.NotContains(t, body, "contract_violation")
	resp, _ = p.get(readPath("REDIRECT"))
	require.Equal(t, 302, resp.StatusCode, "redirects are not followed")

	stdout, stderr := p.stop(1)
	require.Regexp(t, `violation  #\d GET `+readPath("VIOLATION"), stdout) // a number is given once an answer was judged
	require.Contains(t, stdout, "  violation  schema.required  /state  openapi.yaml:")
	require.Contains(t, stdout, "3 checked: 1 ok, 0 with warnings, 0 unchecked, 2 with violations")
	require.Contains(t, stderr, "roughy: the contract is broken by 2 of 3 answers\n")
	lines, err := os.ReadFile(filepath.Join(p.dir, "findings.ndjson"))
	require.NoError(t, err)
	for line := range bytes.Lines(lines) {
		require.True(t, json.Valid(line), "%s", line)
	}

	// what was recorded says the same when it is read back
	var out bytes.Buffer
	check := exec.Command("roughy", "check", "--har", filepath.Join(p.dir, "traffic.har"))
	check.Stdout = &out
	_ = check.Run() // the exit code tells
	require.Equal(t, 1, check.ProcessState.ExitCode())
	require.Contains(t, out.String(), "3 checked: 1 ok, 0 with warnings, 0 unchecked, 2 with violations")
}

func TestProxyEnforces(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	p := startProxy(t, w.api.URL, "--mode", "enforce")
	resp, body := p.get(readPath("OK"))
	require.Equal(t, 200, resp.StatusCode)
	require.Contains(t, body, `"completed"`)
	resp, body = p.get(readPath("VIOLATION"))
	require.Equal(t, 502, resp.StatusCode)
	require.JSONEq(t, `{"error":{"code":"contract_violation","message":"The answer was withheld because it breaks the contract: schema.required"}}`, body)
	stdout, _ := p.stop(1)
	require.Contains(t, stdout, "withheld")
}

func TestProxyJudgesRendersAcrossReads(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	p := startProxy(t, w.api.URL)
	p.get(readPath("SEQUENCE"))
	p.get(readPath("SEQUENCE"))
	p.get(readPath("SEQUENCE"))
	w.mu.Lock()
	w.reads[renders["SEQUENCE"]] = 0 // it begins anew, which no render does
	w.mu.Unlock()
	p.get(readPath("SEQUENCE"))
	stdout, _ := p.stop(1)
	require.Contains(t, stdout, "lifecycle.terminal")
}

func TestProxyOnlyCountsWhatItWasNotAskedToJudge(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	p := startProxy(t, w.api.URL, "--path", "/v2/**", "--path", readPath("OK"), "--format", "json")
	p.get(readPath("OK"))
	p.get(readPath("VIOLATION"))
	stdout, _ := p.stop(0)
	var document struct {
		Totals  struct{ Checks int }
		Summary struct {
			Skipped int
			Source  string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &document))
	require.Equal(t, 1, document.Totals.Checks)
	require.Equal(t, 1, document.Summary.Skipped)
	require.Equal(t, "proxy of "+w.api.URL, document.Summary.Source)

	p = startProxy(t, w.api.URL, "--sample", "0.000001")
	for range 20 {
		p.get(readPath("VIOLATION"))
	}
	_, stderr := p.stop(2)
	require.Contains(t, stderr, "nothing could be read")
}

func TestProxyBeforeNobody(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.close()
	p := startProxy(t, w.api.URL)
	resp, body := p.get(readPath("OK"))
	require.Equal(t, 502, resp.StatusCode)
	require.Empty(t, body)
	stdout, _ := p.stop(2)
	require.Contains(t, stdout, "no answer  #1 GET "+readPath("OK"))
	require.Contains(t, stdout, "connection refused")
}

func TestProxyHoldsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	p := startProxy(t, w.api.URL, "--cap", "100", "--fail-unchecked")
	_, body := p.get(readPath("OK"))
	require.Contains(t, body, signature, "the client gets it whole all the same")
	stdout, _ := p.stop(1)
	require.Contains(t, stdout, "unchecked.cap")

	p = startProxy(t, w.api.URL, "--budget", "100", "--show-values")
	p.get(readPath("OK"))
	stdout, _ = p.stop(2)
	require.Contains(t, stdout, "unchecked.budget")
}

// A stream that never ends neither keeps its bytes back nor the proxy from stopping.
func TestProxyStopsWithAnswersUnderWay(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t)
	p := startProxy(t, w.api.URL)
	go func() { // ends with the proxy
		req, _ := http.NewRequest(http.MethodGet, p.url+readPath("SLOW"), nil)
		req.Header.Set("Authorization", "Bearer "+rightKey)
		if resp, err := http.DefaultTransport.RoundTrip(req); err == nil {
			_ = resp.Body.Close()
		}
	}()
	<-w.hanging
	stdout, _ := p.stop(2)
	require.Contains(t, stdout, "1 checked: ")
}

// An upgraded connection is nobody's but the two ends', and is cut all the same.
func TestProxyStopsWithAnUpgradedConnection(t *testing.T) {
	t.Parallel()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_, _ = io.Copy(conn, conn) // until the proxy stops
	}))
	t.Cleanup(api.Close)
	p := startProxy(t, api.URL)
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET /socket HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	require.NoError(t, err)
	answer := bufio.NewReader(conn)
	resp, err := http.ReadResponse(answer, nil)
	require.NoError(t, err)
	require.Equal(t, 101, resp.StatusCode)
	_, err = io.WriteString(conn, "ping\n")
	require.NoError(t, err)
	line, err := answer.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ping\n", line)
	p.stop(2)
}

// Another document, what is accepted, and what is not.
func TestProxyHoldsToAnotherDocument(t *testing.T) {
	t.Parallel()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"size":"big","note":1}`)
	}))
	t.Cleanup(api.Close)
	dir := t.TempDir()
	document, baseline := filepath.Join(dir, "api.yaml"), filepath.Join(dir, "accepted.yaml")
	require.NoError(t, os.WriteFile(document, []byte(`{openapi: 3.1.0, info: {title: T, version: "1"}, paths: {/things: {get: {responses: {"200": {description: D,
  content: {application/json: {schema: {type: object, properties: {size: {type: integer}}}}}}}}}}}`), 0o600))
	p := startProxy(t, api.URL, "--spec", document, "--baseline", baseline, "--write-baseline", "--reason", "known", "--show-values")
	p.get("/things")
	stdout, _ := p.stop(0)
	require.Contains(t, stdout, "2 findings accepted by the baseline")

	p = startProxy(t, api.URL, "--spec", document, "--show-values")
	p.get("/things")
	stdout, _ = p.stop(1)
	require.Contains(t, stdout, `got string "big"`)

	p = startProxy(t, api.URL, "--spec", document, "--baseline", baseline, "--strict")
	p.get("/things")
	p.stop(0)

	// below a path of its own, paths are the client's
	p = startProxy(t, api.URL+"/v2", "--spec", document, "--path", "/things")
	p.get("/things")
	stdout, _ = p.stop(1)
	require.Contains(t, stdout, "violation  #1 GET /v2/things\n")
	require.Contains(t, stdout, "schema.type")
	require.NotContains(t, stdout, "  operation")
}

// Whoever reads stdout, or does not, or goes: traffic and reports go on.
func TestProxyWaitsForNoReader(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*os.File){
		"nobody reads":       func(*os.File) {},
		"the reader is gone": func(stdout *os.File) { _ = stdout.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t)
			p := newProxy(t, w.api.URL, "--format", "ndjson", "--report", "json=all.json")
			read, write, err := os.Pipe()
			require.NoError(t, err)
			t.Cleanup(func() { _ = read.Close() })
			leave(read)
			p.cmd.Stdout = write
			p.start()
			require.NoError(t, write.Close())
			for range 300 { // which is more than a pipe holds
				p.get(readPath("VIOLATION"))
			}
			_, stderr := p.stop(1)
			require.Contains(t, stderr, "the contract is broken by 300 of 300 answers")
			all, err := os.ReadFile(filepath.Join(p.dir, "all.json"))
			require.NoError(t, err)
			require.True(t, json.Valid(all))
		})
	}
}

func TestProxyUsage(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":                                "required flag",
		"--upstream nonsense":             "--upstream: want a URL such as https://HOST",
		"--upstream http://u:pa55@h":      "--upstream: want no user, query or fragment in it",
		"--upstream http://h sk_test_1":   "no arguments are needed",
		"--upstream http://h --sample 0":  "--sample: want a share above 0",
		"--upstream http://h --sample 2":  "--sample: want a share above 0",
		"--upstream http://h --cap 0":     "--cap and --budget: want a size",
		"--upstream http://h --cap big":   "a size such as 10MiB is needed",
		"--upstream http://h --mode both": "report or enforce is needed",
		"--upstream http://h --path v1":   "--path: want a pattern such as /v1/renders/*",
		"--upstream http://h --addr nope": "choose another address with --addr",
		"--upstream http://h --har-out /nowhere/x --addr 127.0.0.1:0": "recording: ",
		"--upstream http://h --spec /nowhere/x --addr 127.0.0.1:0":    "document: ",
	} {
		var stderr bytes.Buffer
		cmd := exec.Command("roughy", append([]string{"proxy"}, strings.Fields(args)...)...)
		cmd.Stderr = &stderr
		_ = cmd.Run() // the exit code tells
		require.Equal(t, 2, cmd.ProcessState.ExitCode(), args)
		require.Contains(t, stderr.String(), want, args)
		require.NotContains(t, stderr.String(), "pa55")
		require.NotContains(t, stderr.String(), "sk_")
	}
}

// A real tool through the proxy: what curl asked for and got is in the recording, and reads back.
func TestCurlThroughTheProxy(t *testing.T) {
	t.Parallel()
	curl, err := exec.LookPath("curl")
	if err != nil {
		need(t, "curl")
	}
	w := newTestWorld(t)
	p := startProxy(t, w.api.URL, "--har-out", "traffic.har")
	out, err := exec.Command(curl, "-s", "--compressed", "-H", "Authorization: Bearer "+rightKey, p.url+readPath("OK")+"?a=s3cr3t").Output()
	require.NoError(t, err)
	require.Contains(t, string(out), signature)
	p.stop(0)
	data, err := os.ReadFile(filepath.Join(p.dir, "traffic.har"))
	require.NoError(t, err)
	require.Contains(t, string(data), "curl/")
	back, err := exec.Command("roughy", "check", "--har", filepath.Join(p.dir, "traffic.har")).Output()
	require.NoError(t, err)
	require.Contains(t, string(back), "1 checked: 1 ok")
}

// need skips a test for want of a Debian package, which is a failure where everything has to run.
func need(t *testing.T, name string) {
	t.Helper()
	text := fmt.Sprintf("%s is not there: apt-get install %s", name, name)
	if os.Getenv("ROUGHY_TEST_ALL") != "" {
		t.Fatal(text)
	}
	t.Skip(text)
}
