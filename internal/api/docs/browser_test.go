package docs_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// open is what a real browser makes of a page, and what it complained about there: all that a policy forbids is among that.
func open(t *testing.T, url string) (dom string, complaints []string) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		const install = "chromium is missing; apt-get install --no-install-recommends chromium"
		if os.Getenv("ROUGHY_TEST_ALL") == "1" {
			t.Fatal(install)
		}
		t.Skip(install)
	}
	cmd := exec.CommandContext(t.Context(), path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom", url)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, ":CONSOLE") {
			complaints = append(complaints, line)
		}
	}
	return string(out), complaints
}

func TestThePageWorksInABrowser(t *testing.T) {
	t.Parallel()
	dom, complaints := open(t, serve(t).URL+"/docs#/renders/readRender")
	require.Empty(t, complaints)
	for text, shown := range map[string]bool{
		"Gives the current state of one render": true, "There is no such render.": true, ">Authorize": false, "Try it out": false,
	} {
		require.Equal(t, shown, strings.Contains(dom, text), text)
	}
}

// What the policy forbids is told by the browser, so that a page without complaints asked nobody else.
func TestABrowserTellsWhatThePolicyForbids(t *testing.T) {
	t.Parallel()
	docs, _ := ask(t, "HEAD", serve(t).URL+"/docs")
	policy := docs.Header.Get("Content-Security-Policy")
	for name, part := range map[string]string{
		"a script of another": `<script>alert(1)</script>`,
		"another origin":      `<img src="http://127.0.0.2:9/x.png">`,
		"a frame":             `<iframe src="/docs"></iframe>`,
	} {
		page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				return // a browser wants an icon
			}
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(part))
		}))
		_, complaints := open(t, page.URL)
		page.Close()
		require.NotEmpty(t, complaints, name)
	}
}
