package link_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/link"
)

// hosts are servers in memory: where each URL without its query leads, or "" for an output. No other URL has a server.
type hosts map[string]string

var errNobody = errors.New("nobody there")

func (h hosts) RoundTrip(req *http.Request) (*http.Response, error) {
	if len(req.Header) != 1 || req.Header.Get("Range") == "" {
		return nil, errors.New("other headers than those given")
	}
	to, ok := h[req.URL.Scheme+"://"+req.URL.Host+req.URL.Path]
	if !ok {
		return nil, errNobody
	}
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: req}
	if to != "" {
		resp.StatusCode = 307
		resp.Header.Set("Location", to)
	}
	return resp, nil
}

func follow(t *testing.T, api, address string) (*http.Response, error) {
	t.Helper()
	base, err := url.Parse(api)
	require.NoError(t, err)
	f := link.Follower{API: base, Clean: strings.ToUpper, Transport: hosts{
		"https://files.example/a": "", "https://files.example/hop": "/a?sig=other", "https://files.example/down": "http://files.example/a?sig=1",
		"https://files.example/loop": "/loop?sig=1", "https://files.example/nowhere": "https://%zz/?sig=1", "https://files.example/file": "file:///etc/passwd",
		"http://127.0.0.1:1/a": "", "http://127.0.0.1:1/up": "https://files.example/a?sig=1",
	}}
	return f.Get(t.Context(), address, http.Header{"Range": {"bytes=1-"}})
}

func TestGetFollowsLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, api, address, end string }{
		{"a link", "https://api.example", "https://files.example/a?sig=1", "https://files.example/a?sig=1"},
		{"a redirect", "https://api.example", "https://files.example/hop?sig=1", "https://files.example/a?sig=other"},
		{"on this machine", "http://127.0.0.1:8080", "http://127.0.0.1:1/a", "http://127.0.0.1:1/a"},
		{"a redirect to https", "http://localhost:8080", "http://127.0.0.1:1/up", "https://files.example/a?sig=1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			resp, err := follow(t, c.api, c.address)
			require.NoError(t, err)
			require.Equal(t, c.end, resp.Request.URL.String())
			require.NoError(t, resp.Body.Close())
		})
	}
}

func TestGetRefusesLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, address, reason string
		insecure              bool
	}{
		{"http", "http://127.0.0.1:1/a?sig=1", "the link to 127.0.0.1:1 is http: want https", true},
		{"a redirect to http", "https://files.example/down?sig=1", "a redirect from https on FILES.EXAMPLE to HTTP", true},
		{"a redirect to a file", "https://files.example/file?sig=1", "a redirect from https on FILES.EXAMPLE to FILE", true},
		{"a redirect to no URL", "https://files.example/nowhere?sig=1", "a redirect from FILES.EXAMPLE to no URL", false},
		{"a redirect to itself", "https://files.example/loop?sig=1", "more than 5 redirects", false},
		{"a file", "file:///etc/passwd?sig=1", "the link is not https://HOST/…", false},
		{"no host", "/a?sig=1", "the link is not https://HOST/…", false},
		{"a user", "https://me:pass@files.example/a?sig=1", "the link is not https://HOST/…", false},
		{"no URL", "https://%zz?sig=1", "the link is not a URL", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := follow(t, "https://api.example", c.address)
			require.Equal(t, &link.Refusal{Reason: c.reason, Insecure: c.insecure}, err)
		})
	}
}

func TestGetSaysWhoDidNotAnswer(t *testing.T) {
	t.Parallel()
	_, err := follow(t, "https://api.example", "https://elsewhere.example/a?sig=1")
	require.EqualError(t, err, "link to ELSEWHERE.EXAMPLE: nobody there")
	require.ErrorIs(t, err, errNobody)
	failure, ok := errors.AsType[*link.Failure](err)
	require.True(t, ok)
	require.Equal(t, "ELSEWHERE.EXAMPLE", failure.Host)
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost:1": true, "127.0.0.1": true, "127.9.9.9:80": true, "[::1]:80": true,
		"localhost.example": false, "127.example": false, "10.0.0.1": false, "": false,
	} {
		require.Equal(t, want, link.Loopback(&url.URL{Host: host}), host)
	}
}
