package blobs_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
)

// FuzzLink holds the verifier to this: whatever is asked, the bytes are given only to who has all that was signed.
func FuzzLink(f *testing.F) {
	const bytes = "these are the bytes"
	config := blobs.Config{
		Dir: filepath.Join(f.TempDir(), "blobs"), BaseURL: "http://127.0.0.1:1/links",
		Secrets: [][]byte{[]byte("the second secret"), secret},
	}
	b, err := blobs.Open(f.Context(), config)
	require.NoError(f, err)
	f.Cleanup(func() { require.NoError(f, b.Close()) })
	handler := b.Handler("/links", nil)
	valid := map[string]url.Values{} // by key
	for _, k := range []string{key, otherKey} {
		_, err := b.Upload(f.Context(), k, "video/mp4", strings.NewReader(bytes))
		require.NoError(f, err)
		l, err := b.Link(f.Context(), k)
		require.NoError(f, err)
		u, err := url.Parse(l)
		require.NoError(f, err)
		valid[k] = u.Query()
		for _, q := range []string{u.RawQuery, u.RawQuery + "&obj=" + otherKey, strings.Replace(u.RawQuery, "GET", "HEAD", 1), u.RawQuery[:len(u.RawQuery)-1], u.RawQuery + "&"} {
			f.Add(http.MethodGet, "/links", q)
			f.Add(http.MethodHead, "/links", q)
			f.Add(http.MethodGet, "", q)
			f.Add(http.MethodGet, "/links/", q)
			f.Add(http.MethodGet, "/links/"+k, q)
		}
	}
	f.Add(http.MethodGet, "/links", "obj=../../etc/passwd&expiry=99999999999&method=GET&signature=")
	f.Add(http.MethodGet, "/links", "obj=%zz;obj&expiry=-1")
	f.Fuzz(func(t *testing.T, method, path, query string) {
		w := httptest.NewRecorder()
		r := &http.Request{Method: method, URL: &url.URL{Path: path, RawQuery: query}, Header: http.Header{}}
		handler.ServeHTTP(w, r.WithContext(t.Context()))
		if w.Code == http.StatusForbidden {
			require.NotContains(t, w.Body.String(), bytes)
			return
		}
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		q, err := url.ParseQuery(query)
		require.NoError(t, err)
		require.Equal(t, valid[q.Get("obj")], q, "what was signed, and nothing else")
		require.Equal(t, http.MethodGet, method)
		require.Equal(t, "/links", path)
	})
}
