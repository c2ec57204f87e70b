package blobs_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
)

// served is a bucket with two outputs whose links a real server answers below /links.
func served(t *testing.T, ttl time.Duration) (*blobs.Bucket, string) {
	t.Helper()
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	b := open(t, blobs.Config{Secret: []byte("0123456789abcdef"), BaseURL: s.URL + "/links", TTL: ttl})
	mux.Handle("/links", http.StripPrefix("/links", b.Handler()))
	mux.Handle("/links/", http.StripPrefix("/links", b.Handler()))
	upload(t, b, key, "0123456789")
	upload(t, b, "renders/other/1.mp4", "other")
	return b, s.URL
}

func link(t *testing.T, b *blobs.Bucket, key string) string {
	t.Helper()
	l, err := b.Link(t.Context(), key)
	require.NoError(t, err)
	return l
}

func fetch(t *testing.T, method, link string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, link, nil)
	require.NoError(t, err)
	for name := range header {
		req.Header.Set(name, header.Get(name))
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}

func TestLinkGivesTheBytes(t *testing.T) {
	t.Parallel()
	b, _ := served(t, 0)
	resp, body := fetch(t, http.MethodGet, link(t, b, key), nil)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "0123456789", body)
	require.Equal(t, "video/mp4", resp.Header.Get("Content-Type"))
	require.Equal(t, "attachment; filename=0192f0c1.mp4", resp.Header.Get("Content-Disposition"))
	require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
}

func TestLinkGivesRanges(t *testing.T) {
	t.Parallel()
	b, _ := served(t, 0)
	l := link(t, b, key)
	whole, _ := fetch(t, http.MethodGet, l, nil)
	for _, c := range []struct {
		name, asked, ifRange string
		status               int
		body                 string
	}{
		{"the end", "bytes=7-", whole.Header.Get("ETag"), http.StatusPartialContent, "789"},
		{"the middle", "bytes=2-3", whole.Header.Get("Last-Modified"), http.StatusPartialContent, "23"},
		{"of bytes that have changed", "bytes=7-", `"other"`, http.StatusOK, "0123456789"},
		{"beyond the end", "bytes=10-", "", http.StatusRequestedRangeNotSatisfiable, ""},
	} {
		header := http.Header{"Range": {c.asked}}
		if c.ifRange != "" {
			header.Set("If-Range", c.ifRange)
		}
		resp, body := fetch(t, http.MethodGet, l, header)
		require.Equal(t, c.status, resp.StatusCode, c.name)
		if c.body != "" {
			require.Equal(t, c.body, body, c.name)
		}
	}
}

func TestLinkThatIsRefused(t *testing.T) {
	t.Parallel()
	b, server := served(t, 0)
	late, lateServer := served(t, -time.Second)
	good := link(t, b, key)
	other := link(t, b, "renders/other/1.mp4")
	with := func(name, value string) string {
		u, err := url.Parse(good)
		require.NoError(t, err)
		q := u.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for _, c := range []struct{ name, method, link string }{
		{"expired", http.MethodGet, link(t, late, key)},
		{"for another key", http.MethodGet, with("obj", "renders/other/1.mp4")},
		{"with a later end", http.MethodGet, with("expiry", "99999999999")},
		{"without an end", http.MethodGet, with("expiry", "")},
		{"with another signature", http.MethodGet, with("signature", "AAAA")},
		{"with another link's signature", http.MethodGet, with("signature", query(t, other, "signature"))},
		{"signed by another server", http.MethodGet, server + strings.TrimPrefix(link(t, open(t, blobs.Config{Secret: []byte("guess"), BaseURL: lateServer + "/links"}), key), lateServer)},
		{"out of the bucket", http.MethodGet, with("obj", "../../etc/passwd")},
		{"with a second key", http.MethodGet, good + "&obj=renders/other/1.mp4"},
		{"below another path", http.MethodGet, strings.Replace(good, "/links?", "/links/renders/other/1.mp4?", 1)},
		{"of nothing", http.MethodGet, server + "/links"},
		{"with another method signed", http.MethodGet, with("method", "PUT")},
		{"with a member more", http.MethodGet, good + "&contentType=text/html"},
		{"sent with HEAD", http.MethodHead, good},
		{"sent with POST", http.MethodPost, good},
		{"sent with PUT", http.MethodPut, good},
		{"sent with DELETE", http.MethodDelete, good},
	} {
		resp, body := fetch(t, c.method, c.link, nil)
		require.Equal(t, http.StatusForbidden, resp.StatusCode, c.name)
		require.Equal(t, "application/json", resp.Header.Get("Content-Type"), c.name)
		if c.method != http.MethodHead {
			require.Contains(t, body, `{"error":{"code":"forbidden","message":`, c.name)
		}
	}
	resp, body := fetch(t, http.MethodGet, good, nil)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "0123456789", body, "nothing of it changed anything")
}

func TestLinkWorksUntilItExpires(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := open(t, blobs.Config{Dir: dir, Secret: []byte("0123456789abcdef"), BaseURL: "https://files.example/links", TTL: time.Minute})
		upload(t, b, key, "bytes")
		l := link(t, b, key)
		require.True(t, strings.HasPrefix(l, "https://files.example/links?"))
		for _, c := range []struct {
			name  string
			later time.Duration
			want  int
			body  string
		}{
			{"at once", 0, http.StatusOK, "bytes"},
			{"at its end", time.Minute, http.StatusOK, "bytes"},
			{"a second later", time.Second, http.StatusForbidden, "has expired; read the render again"},
			{"a year later", 365 * 24 * time.Hour, http.StatusForbidden, "has expired; read the render again"},
		} {
			time.Sleep(c.later)
			w := httptest.NewRecorder()
			b.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+strings.TrimPrefix(l, "https://files.example/links"), nil))
			require.Equal(t, c.want, w.Code, c.name)
			require.Contains(t, w.Body.String(), c.body, c.name)
		}
	})
}

func TestWhatTheBytesAreFollowsFromTheKey(t *testing.T) {
	t.Parallel()
	b, _ := served(t, 0)
	for key, want := range map[string][2]string{
		"renders/a/1.mov":  {"video/quicktime", "attachment; filename=a.mov"},
		"renders/a/1.m4a":  {"audio/mp4", "attachment; filename=a.m4a"},
		"renders/a/1.MP3":  {"audio/mpeg", "attachment; filename=a.MP3"},
		"renders/a/1.html": {"application/octet-stream", "attachment; filename=a.html"},
		"top":              {"application/octet-stream", "attachment; filename=top"},
		`r/é "x"/1.mp4`:    {"video/mp4", "attachment; filename*=utf-8''%C3%A9%20%22x%22.mp4"},
	} {
		upload(t, b, key, "<html>")
		resp, _ := fetch(t, http.MethodGet, link(t, b, key), nil)
		require.Equal(t, http.StatusOK, resp.StatusCode, key)
		require.Equal(t, want, [2]string{resp.Header.Get("Content-Type"), resp.Header.Get("Content-Disposition")}, key)
	}
}

func TestKeysThatAreNoneGetNoLink(t *testing.T) {
	t.Parallel()
	b, _ := served(t, 0)
	for _, bad := range []string{"", "../x", "a.tmp"} {
		_, err := b.Link(t.Context(), bad)
		require.Error(t, err, bad)
	}
}

func query(t *testing.T, link, name string) string {
	t.Helper()
	u, err := url.Parse(link)
	require.NoError(t, err)
	return u.Query().Get(name)
}

func TestLinkToWhatIsGone(t *testing.T) {
	t.Parallel()
	b, _ := served(t, 0)
	l := link(t, b, key)
	require.NoError(t, b.Delete(t.Context(), key))
	resp, body := fetch(t, http.MethodGet, l, nil)
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	require.Contains(t, body, `"not_found"`)
}

func TestBucketWithoutASecretSignsNothing(t *testing.T) {
	t.Parallel()
	b := open(t, blobs.Config{})
	_, err := b.Link(t.Context(), key)
	require.ErrorContains(t, err, "without a secret")
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?obj=x", nil))
	require.Equal(t, http.StatusForbidden, w.Code)
}

func TestLinkLastsAQuarterOfAnHourByDefault(t *testing.T) {
	t.Parallel()
	b, _ := served(t, 0)
	seconds, err := strconv.ParseInt(query(t, link(t, b, key), "expiry"), 10, 64)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(15*time.Minute), time.Unix(seconds, 0), time.Minute)
}
