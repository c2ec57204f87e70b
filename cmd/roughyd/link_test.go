package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/jobs"
)

// linksOf opens a data folder and serves its links.
func linksOf(t *testing.T, dir string) (*blobs.Bucket, *httptest.Server) {
	t.Helper()
	var b *backend
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.bucket.Handler(linksPath, nil).ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	b, err := openBackend(t.Context(), place{dir: dir}, blobs.Config{BaseURL: s.URL + linksPath, TTL: time.Minute}, jobs.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b.bucket, s
}

// follow is what a link answers at a server.
func follow(t *testing.T, s *httptest.Server, link string) int {
	t.Helper()
	_, rest, _ := strings.Cut(link, linksPath)
	resp, err := http.Get(s.URL + linksPath + rest)
	require.NoError(t, err)
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)
	return resp.StatusCode
}

func TestASecretOfLinksIsChangedByALineInFront(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := filepath.Join(dir, "link.key")
	bucket, _ := linksOf(t, dir)
	_, err := bucket.Upload(t.Context(), "renders/1/1.mp4", "video/mp4", strings.NewReader("bytes"))
	require.NoError(t, err)
	old, err := bucket.Link(t.Context(), "renders/1/1.mp4")
	require.NoError(t, err)

	first, err := os.ReadFile(key)
	require.NoError(t, err)
	second := strings.Repeat("0123456789abcdef", 4) + "\n"
	require.NoError(t, os.WriteFile(key, append([]byte(second), first...), 0o600))
	bucket, both := linksOf(t, dir)
	link, err := bucket.Link(t.Context(), "renders/1/1.mp4")
	require.NoError(t, err)
	require.Equal(t, 200, follow(t, both, old))
	require.Equal(t, 200, follow(t, both, link))

	require.NoError(t, os.WriteFile(key, []byte(second), 0o600))
	_, after := linksOf(t, dir)
	require.Equal(t, 403, follow(t, after, old))
	require.Equal(t, 200, follow(t, after, link), "it was signed by the line in front")
}

func TestSecretsOfLinksAreReadOrRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", secretBytes)
	raw := string(slices.Concat([]byte("\n\r\n"), bytes.Repeat([]byte{0xff}, secretBytes-3)))
	for name, c := range map[string]struct {
		text string
		want []string // nil: refused
	}{
		"one":                            {long + "y\n", []string{long + "y"}},
		"one without an end of line":     {long + "y", []string{long + "y"}},
		"two, as Windows writes them":    {long + "1\r\n" + long + "2\r\n", []string{long + "1", long + "2"}},
		"any bytes, of earlier versions": {raw, []string{raw}},
		"nothing":                        {"", nil},
		"a short one":                    {"x\n", nil},
		"a short one behind":             {long + "\nx\n", nil},
		"an empty line between":          {long + "\n\n" + long + "\n", nil},
		"a short one with spaces of \\r": {long[1:] + "\r\n", nil},
		"a short one of just the bytes that earlier versions had": {long[1:] + "\n", nil},
	} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "link.key"), []byte(c.text), 0o600))
		secrets, err := linkSecrets(dir)
		if c.want == nil {
			require.ErrorContains(t, err, "write one secret a line", name)
			require.NotContains(t, err.Error(), long[1:], name)
			continue
		}
		require.NoError(t, err, name)
		var got []string
		for _, s := range secrets {
			got = append(got, string(s))
		}
		require.Equal(t, c.want, got, name)
	}
}

func TestACommentIsNoSecretOfLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	long := strings.Repeat("x", secretBytes)
	for _, comment := range []string{"# the secret of before, until May the 1st", " # short"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "link.key"), []byte(long+"\n"+comment+"\n"), 0o600))
		_, err := linkSecrets(dir)
		require.ErrorContains(t, err, "link.key: line 2 is a comment, which would be taken for a secret; take it away")
	}
}

func TestSecretsOfLinksThatEverybodyCanReadAreTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := linkSecrets(dir)
	require.NoError(t, err)
	require.Empty(t, exposed(dir))
	if runtime.GOOS == "windows" {
		return
	}
	require.NoError(t, os.Chmod(secretPath(dir), 0o644))
	require.Contains(t, exposed(dir), "link.key can be read by everybody on this machine")
	require.Empty(t, exposed(t.TempDir()), "there is none")
}

// A link in any but its one form is a path like all that need a key.
func TestLinksAreAtOnePath(t *testing.T) {
	t.Parallel()
	says := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
	}
	h := route(says("endpoint"), says("links"))
	for target, want := range map[string]string{
		"/links": "links", "/links?obj=x": "links", "/links/?obj=x": "endpoint", "/%6cinks": "endpoint", "/links%2f?obj=x": "endpoint",
		"//links": "endpoint", "/links/x": "endpoint", "http://127.0.0.1/links?obj=x": "endpoint", "http:/links?obj=x": "endpoint", "/LINKS": "endpoint",
	} {
		q, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n")))
		require.NoError(t, err)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		require.Equal(t, want, w.Body.String(), target)
	}
}
