package docs_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api/docs"
)

// serve puts the docs beside an API that refuses everything.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	h, err := docs.Around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	require.NoError(t, err)
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// ask never follows a redirect.
func ask(t *testing.T, method, url string) (*http.Response, string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	resp, err := http.DefaultTransport.RoundTrip(q)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}

func TestTheDocumentIsServedAsItIs(t *testing.T) {
	t.Parallel()
	resp, body := ask(t, "GET", serve(t).URL+"/openapi.yaml")
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, "application/yaml", resp.Header.Get("Content-Type"))
	require.Equal(t, string(roughy.Spec()), body)
}

func TestThePageNeedsNoKeyAndNoRedirect(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for path, mediaType := range map[string]string{
		"/docs": "text/html", "/docs/": "text/html", "/docs?x=1": "text/html", "/docs/swagger-ui.css": "text/css",
		"/docs/swagger-ui-bundle.js": "javascript", "/docs/swagger-ui-standalone-preset.js": "javascript", "/docs/favicon-32x32.png": "image/png",
	} {
		resp, body := ask(t, "GET", s.URL+path)
		require.Equal(t, 200, resp.StatusCode, path)
		require.Contains(t, resp.Header.Get("Content-Type"), mediaType, path)
		require.NotEmpty(t, body, path)
		require.Contains(t, resp.Header.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.NotContains(t, resp.Header.Get("Content-Security-Policy"), "unsafe", path)
		require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "no-referrer", resp.Header.Get("Referrer-Policy"), path)
		resp, body = ask(t, "HEAD", s.URL+path)
		require.Equal(t, 200, resp.StatusCode, path)
		require.Empty(t, body, path)
	}
}

func TestAllElseIsTheAPIs(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, path := range []string{"/", "/v1/renders/1", "/docs/x", "/docs//", "//docs", "/docs/../v1", "/docs/oauth2-redirect.html", "/docs/swagger-ui.css/",
		"/docs%2Fswagger-ui.css", "/%64ocs", "/docs/index.html", "/docs/embed.go", "/openapi.yaml/", "/openapi.json", "/Docs"} {
		resp, _ := ask(t, "GET", s.URL+path)
		require.Equal(t, 401, resp.StatusCode, path)
	}
	for _, path := range []string{"/docs", "/openapi.yaml", "/docs/swagger-ui.css"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
			resp, _ := ask(t, method, s.URL+path)
			require.Equal(t, 401, resp.StatusCode, "%s %s", method, path)
		}
	}
}

func TestAnETagIsWrittenAsHTTPHasIt(t *testing.T) {
	t.Parallel()
	url := serve(t).URL + "/docs/swagger-ui.css"
	for _, coding := range []string{"gzip", "identity"} {
		fetch := func(method, tag string) *http.Response {
			q, err := http.NewRequestWithContext(t.Context(), method, url, nil)
			require.NoError(t, err)
			q.Header = http.Header{"Accept-Encoding": {coding}, "If-None-Match": {tag}}
			resp, err := http.DefaultTransport.RoundTrip(q)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			return resp
		}
		tag := fetch("GET", `"other"`).Header.Get("ETag")
		require.Regexp(t, `^"[^"]+"$`, tag, coding)
		require.Equal(t, tag, fetch("HEAD", "").Header.Get("ETag"), coding)
		require.Equal(t, 200, fetch("GET", `"other"`).StatusCode, coding)
		require.Equal(t, 304, fetch("GET", tag).StatusCode, coding)
		require.Equal(t, 304, fetch("GET", "W/"+tag).StatusCode, coding)
	}
}
