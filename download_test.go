package roughy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// output is long enough for several writes.
var output = bytes.Repeat([]byte("0123456789"), 50_000)

// store is an API with one completed render, and the host of its link.
type store struct {
	api, host       *recorder
	apiURL, hostURL string
	reads           atomic.Int32
	changed         members // of the render
}

// newStore starts both, the host with h.
func newStore(t *testing.T, h http.HandlerFunc) *store {
	t.Helper()
	s := &store{}
	s.hostURL, s.host = serve(t, h)
	s.apiURL, s.api = serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := members{"size_bytes": len(output), "download_url": fmt.Sprintf("%s/a.mp4?X-Sig=%d", s.hostURL, s.reads.Add(1))}
		for name, value := range s.changed {
			m[name] = value
		}
		answer(200, render("completed", m))(w, r)
	}))
	return s
}

// whole serves the output with all that ranges need.
func whole(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"v1"`)
	http.ServeContent(w, r, "a.mp4", time.Time{}, bytes.NewReader(output))
}

// download runs one, and holds it to what is true of every one: the key stays with the API, and errors keep secrets.
func (s *store) download(t *testing.T, opts ...roughy.DownloadOption) ([]byte, error) {
	t.Helper()
	var got bytes.Buffer
	n, err := client(t, s.apiURL).Download(t.Context(), id, &got, opts...)
	require.EqualValues(t, got.Len(), n)
	require.LessOrEqual(t, got.Len(), len(output))
	for _, r := range s.host.received() {
		require.NotContains(t, fmt.Sprint(r.Header, r.URL), "tOpSeCrEt")
		require.NotContains(t, r.Header, "Authorization")
		require.NotContains(t, r.Header, "Referer")
	}
	if err != nil {
		noSecrets(t, err)
		require.ErrorContains(t, err, "download render "+id.String())
		require.True(t, bytes.HasPrefix(output, got.Bytes()))
	}
	return got.Bytes(), err
}

func TestDownload(t *testing.T) {
	t.Parallel()
	s := newStore(t, whole)
	var last, total int64
	got, err := s.download(t, roughy.WithProgress(func(written, of int64) {
		require.Greater(t, written, last)
		last, total = written, of
	}))
	require.NoError(t, err)
	require.Equal(t, output, got)
	require.EqualValues(t, len(output), last)
	require.EqualValues(t, len(output), total)
	require.Len(t, s.host.received(), 1)
	require.Equal(t, "identity", s.host.received()[0].Header.Get("Accept-Encoding"))
}

func TestDownloadOfNothing(t *testing.T) {
	t.Parallel()
	s := newStore(t, func(http.ResponseWriter, *http.Request) {})
	s.changed = members{"size_bytes": 0}
	got, err := s.download(t)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestDownloadWithoutAPromisedLength(t *testing.T) {
	t.Parallel()
	s := newStore(t, whole)
	s.changed = members{"size_bytes": nil} // a warning alone
	got, err := s.download(t)
	require.NoError(t, err)
	require.Equal(t, output, got)
}

func TestDownloadNeedsACompletedRender(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ body, code, says string }{
		"pending":    {render("pending", nil), "not_completed", "Wait for the render first"},
		"processing": {render("processing", nil), "not_completed", "its state is processing"},
		"failed":     {render("failed", nil), "render_failed", "source_unreadable: The source is no video."},
		"no link":    {render("completed", members{"download_url": nil}), "no_link", "read the render again"},
		"no render":  {problem("not_found", "No."), "not_found", "check the id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status := 200
			if strings.HasPrefix(want.body, `{"error"`) {
				status = 404
			}
			url, _ := serve(t, answer(status, want.body))
			n, err := client(t, url).Download(t.Context(), id, io.Discard)
			require.Zero(t, n)
			told, ok := errors.AsType[*roughy.Error](err)
			require.True(t, ok)
			require.Equal(t, want.code, told.Code)
			require.ErrorContains(t, err, want.says)
		})
	}
}

func TestDownloadTakesAFreshLink(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 410} {
		s := newStore(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("X-Sig") < "3" {
				w.WriteHeader(status)
				return
			}
			whole(w, r)
		})
		got, err := s.download(t)
		require.NoError(t, err)
		require.Equal(t, output, got)
		require.EqualValues(t, 3, s.reads.Load())
	}
}

func TestDownloadGivesUpOnFreshLinks(t *testing.T) {
	t.Parallel()
	s := newStore(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	_, err := s.download(t)
	told, _ := errors.AsType[*roughy.Error](err)
	require.Equal(t, "link_expired", told.Code)
	require.Equal(t, 403, told.Status)
	require.EqualValues(t, 4, s.reads.Load())
}

func TestDownloadGoesOnAfterACut(t *testing.T) {
	t.Parallel()
	for name, chunked := range map[string]bool{"an announced length": false, "chunks": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, func(w http.ResponseWriter, r *http.Request) { cutAfter(w, r, 200_000, chunked) })
			got, err := s.download(t)
			require.NoError(t, err)
			require.Equal(t, output, got)
			requests := s.host.received()
			require.Len(t, requests, 3)
			require.NotContains(t, requests[0].Header, "Range")
			require.Equal(t, "bytes=200000-", requests[1].Header.Get("Range"))
			require.Equal(t, `"v1"`, requests[1].Header.Get("If-Range"))
			require.Equal(t, "bytes=400000-", requests[2].Header.Get("Range"))
		})
	}
}

// cutAfter serves the output from where it was asked for, and breaks the connection off after n bytes.
func cutAfter(w http.ResponseWriter, r *http.Request, n int, chunked bool) {
	first, _ := strconv.Atoi(strings.Trim(r.Header.Get("Range"), "bytes=-"))
	rest := output[first:]
	w.Header().Set("ETag", `"v1"`)
	if !chunked {
		w.Header().Set("Content-Length", strconv.Itoa(len(rest)))
	}
	if first > 0 {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, len(output)-1, len(output)))
		w.WriteHeader(http.StatusPartialContent)
	}
	_, _ = w.Write(rest[:min(n, len(rest))])
	if n < len(rest) {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

func TestDownloadTakesAFreshLinkInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newStore(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Range") != "" && r.URL.Query().Get("X-Sig") == "1" {
			w.WriteHeader(403)
			return
		}
		cutAfter(w, r, 300_000, false)
	})
	got, err := s.download(t)
	require.NoError(t, err)
	require.Equal(t, output, got)
	require.EqualValues(t, 2, s.reads.Load())
}

func TestDownloadRefusesWhatIsNotTheOutput(t *testing.T) {
	t.Parallel()
	resumed := func(second http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				cutAfter(w, r, 100, false)
			}
			second(w, r)
		}
	}
	partial := func(contentRange string) http.HandlerFunc {
		return resumed(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", contentRange)
			w.Header().Set("ETag", `"v1"`)
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(output[100:])
		})
	}
	chunks := func(body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).Flush()
			_, _ = w.Write(body)
		}
	}
	for name, want := range map[string]struct {
		host http.HandlerFunc
		code string
	}{
		"more bytes announced":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(append(output, 'x')) }, "length_mismatch"},
		"more bytes in chunks":         {chunks(append(bytes.Clone(output), "more"...)), "length_mismatch"},
		"fewer bytes announced":        {answer(200, "short", "Content-Length", "5"), "length_mismatch"},
		"another output after a cut":   {resumed(whole200), "output_changed"},
		"other bytes after a cut":      {partial(fmt.Sprintf("bytes 0-499899/%d", len(output))), "link_failed"},
		"no range after a cut":         {partial(""), "link_failed"},
		"another length after a cut":   {partial("bytes 100-600000/600001"), "length_mismatch"},
		"part of it without a cut":     {answer(206, "x"), "link_failed"},
		"encoded bytes":                {answer(200, "x", "Content-Encoding", "gzip"), "link_failed"},
		"nothing there":                {answer(404, ""), "link_failed"},
		"a host in trouble":            {answer(503, ""), "link_failed"},
		"a redirect to itself":         {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), 302) }, "link_failed"},
		"a redirect to another scheme": {answer(302, "", "Location", "file:///etc/passwd?X-Sig=1"), "link_failed"},
		"a redirect to no URL":         {answer(302, "", "Location", "https://%zz/?X-Sig=1"), "link_failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newStore(t, want.host).download(t)
			told, ok := errors.AsType[*roughy.Error](err)
			require.True(t, ok, err)
			require.Equal(t, want.code, told.Code, err)
			require.NotErrorIs(t, err, roughy.ErrNotFound, "the link is not the render")
		})
	}
}

// whole200 ignores ranges.
func whole200(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(output) }

func TestDownloadOfTooFewChunksGivesUp(t *testing.T) {
	t.Parallel()
	s := newStore(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Range") != "" {
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			return
		}
		_ = http.NewResponseController(w).Flush()
		_, _ = w.Write(output[:10])
	})
	_, err := s.download(t)
	require.ErrorContains(t, err, "length_mismatch: 10 bytes came, the render promises 500000")
}

func TestDownloadFollowsRedirectsWithoutSecrets(t *testing.T) {
	t.Parallel()
	elsewhere, seen := serve(t, http.HandlerFunc(whole))
	s := newStore(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere+"/b.mp4?X-Sig=other", http.StatusTemporaryRedirect)
	})
	got, err := s.download(t)
	require.NoError(t, err)
	require.Equal(t, output, got)
	require.Len(t, seen.received(), 1)
	require.NotContains(t, fmt.Sprint(seen.received()[0].Header), s.hostURL)
	require.NotContains(t, seen.received()[0].Header, "Authorization")
}

func TestDownloadKeepsToTLS(t *testing.T) {
	t.Parallel()
	plain, seen := serve(t, http.HandlerFunc(whole))
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain+"?X-Sig=1", http.StatusFound)
	}))
	t.Cleanup(secure.Close)
	links := map[string]string{
		"a redirect from https to http": secure.URL + "/a?X-Sig=1",
		"an http link":                  plain + "/a?X-Sig=1",
		"a link with a user":            "https://me:tOpSeCrEt@127.0.0.1/?X-Sig=1",
		"a link to a file":              "file:///etc/passwd?X-Sig=1",
		"a link that is none":           "https://%zz?X-Sig=1",
		"a link without a host":         "/a.mp4?X-Sig=1",
	}
	for name, link := range links {
		t.Run(name, func(t *testing.T) {
			fake := toHost{"api.example", render("completed", members{"download_url": link}), secure.Client().Transport}
			c, err := roughy.NewClient(key, roughy.WithBaseURL("https://api.example"), roughy.WithHTTPClient(&http.Client{Transport: fake}))
			require.NoError(t, err)
			n, err := c.Download(t.Context(), id, io.Discard)
			require.Zero(t, n)
			noSecrets(t, err)
			require.ErrorContains(t, err, "link_")
		})
	}
	require.Empty(t, seen.received())
	secure.Client().CloseIdleConnections()
}

// toHost answers for one host from memory, and passes every other on.
type toHost struct {
	host, body string
	http.RoundTripper
}

func (h toHost) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host == h.host {
		return (&script{bodies: []string{h.body}}).RoundTrip(req)
	}
	return h.RoundTripper.RoundTrip(req)
}

func TestDownloadNoticesAChangedRender(t *testing.T) {
	t.Parallel()
	s := newStore(t, nil)
	s.host.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.changed = members{"size_bytes": len(output) - 1}
		w.WriteHeader(403)
	})
	_, err := s.download(t)
	require.ErrorContains(t, err, "output_changed")
}

func TestDownloadStopsWithItsWriter(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	s := newStore(t, whole)
	n, err := client(t, s.apiURL).Download(t.Context(), id, writer(func([]byte) (int, error) { return 3, full }))
	require.ErrorIs(t, err, full)
	require.EqualValues(t, 3, n)
	_, err = client(t, s.apiURL).Download(t.Context(), id, writer(func([]byte) (int, error) { return 1, nil }))
	require.ErrorIs(t, err, io.ErrShortWrite)
	require.Len(t, s.host.received(), 2, "nothing is tried again")
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestDownloadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := newStore(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(output[:1000])
		_ = http.NewResponseController(w).Flush()
		cancel()
		<-r.Context().Done()
	})
	_, err := client(t, s.apiURL).Download(ctx, id, io.Discard)
	require.ErrorIs(t, err, context.Canceled)
	noSecrets(t, err)
}

func TestDownloadFromNobody(t *testing.T) {
	t.Parallel()
	s := newStore(t, whole)
	s.changed = members{"download_url": strings.Replace(s.hostURL, "127.0.0.1", "127.0.0.2", 1) + "/?X-Sig=1"}
	_, err := s.download(t)
	require.ErrorContains(t, err, "refused")
}
