package roughy_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

func TestAWritersErrorIsNoAnswer(t *testing.T) {
	t.Parallel()
	s := newStore(t, whole)
	calls := 0
	_, err := client(t, s.apiURL).Download(t.Context(), id, writer(func([]byte) (int, error) {
		calls++
		return 0, fmt.Errorf("upload: %w", &roughy.Error{Status: 503})
	}))
	require.ErrorContains(t, err, "write output: upload: 503")
	require.Equal(t, 1, calls)
	for _, odd := range []int{-1, 1 << 30} {
		n, err := client(t, s.apiURL).Download(t.Context(), id, writer(func([]byte) (int, error) { return odd, nil }))
		require.ErrorContains(t, err, "the writer says that it wrote what it was not given")
		require.Zero(t, n)
	}
}

func TestOptionsThatAreNil(t *testing.T) {
	t.Parallel()
	s := newStore(t, whole)
	c := client(t, s.apiURL, nil, roughy.WithLogger(nil), roughy.WithReports(nil))
	_, err := c.Download(t.Context(), id, io.Discard, nil, roughy.WithProgress(nil))
	require.NoError(t, err)
}

func TestAContextsCauseIsTold(t *testing.T) {
	t.Parallel()
	cause := errors.New("budget used up")
	url, _ := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	link := newStore(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for name, call := range map[string]func(context.Context) error{
		"a read": func(ctx context.Context) error { _, err := client(t, url).Render(ctx, id); return err },
		"a download": func(ctx context.Context) error {
			_, err := client(t, link.apiURL).Download(ctx, id, io.Discard)
			return err
		},
	} {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, cause)
		err := call(ctx)
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded, name)
		require.ErrorIs(t, err, cause, name)
	}
}

func TestADownloadKeepsTheLastAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	s := newStore(t, func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked == 1 {
			w.WriteHeader(503)
			return
		}
		cancel()
		<-r.Context().Done()
	})
	_, err := client(t, s.apiURL).Download(ctx, id, io.Discard)
	require.ErrorIs(t, err, context.Canceled)
	said, ok := errors.AsType[*roughy.Error](err)
	require.True(t, ok, err)
	require.Equal(t, 503, said.Status)
}

func TestAForeign404IsNoMissingRender(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, http.NotFoundHandler())
	_, err := client(t, url).Render(t.Context(), id)
	require.NotErrorIs(t, err, roughy.ErrNotFound)
	require.ErrorContains(t, err, "check the base URL: this may not be the API")
}

// A key without the look of one, which only the client knows.
const plainKey = "tOpSeCrEt-0123456789abcdef"

func TestAKeyOfAnyLookIsKept(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, strings.Replace(render("pending", nil), "{", `{"`+plainKey+`":1,`, 1)))
	cut, _ := serve(t, answer(503, problem("unavailable", "Busy."), "X-Request-Id", strings.Repeat("a", 129-len(plainKey))+plainKey))
	var told []roughy.Report
	for _, at := range []string{url, cut} {
		c, err := roughy.NewClient(plainKey, roughy.WithBaseURL(at), quick, roughy.WithReports(func(r roughy.Report) { told = append(told, r) }))
		require.NoError(t, err)
		_, err = c.Render(t.Context(), id)
		require.NotContains(t, fmt.Sprintf("%v %+v", err, told), "tOpSeCrEt")
	}
	require.Equal(t, "/…", told[0].Findings[0].Pointer)
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

func TestARenderPrintsNoSecretsOfItsFailure(t *testing.T) {
	t.Parallel()
	r := roughy.Render{State: roughy.StateFailed, Failure: &roughy.Failure{Code: "no_source", Message: "open https://b/x?sig=tOpSeCrEt with " + key + "\n\x1b[31m"}}
	require.Equal(t, "render 00000000-0000-0000-0000-000000000000 failed (no_source: open https://b/x?… with …  [31m)", r.String())
}

// fake is a RoundTripper written by hand, which may leave out what http.Transport never does. It answers the API's requests well.
type fake func(req *http.Request) (*http.Response, error)

func (f fake) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host == "api.example" {
		return (&script{bodies: []string{render("completed", members{"size_bytes": 6, "download_url": "https://files.example/a?sig=tOpSeCrEt"})}}).RoundTrip(req)
	}
	return f(req)
}

func (f fake) client(t *testing.T, opts ...roughy.Option) *roughy.Client {
	t.Helper()
	c, err := roughy.NewClient(key, append(opts, quick, roughy.WithBaseURL("https://api.example"), roughy.WithHTTPClient(&http.Client{Transport: f}))...)
	require.NoError(t, err)
	return c
}

func TestTransportsThatAreOdd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		transport fake
		want      string // "" for the output
	}{
		"a recorder's result": {func(*http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			_, _ = w.WriteString("video\n")
			return w.Result(), nil
		}, ""},
		"nothing at all": {func(*http.Request) (*http.Response, error) { return nil, nil }, "the transport gave no answer"},
		"no body": {func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ProtoMajor: 2, ContentLength: -1}, nil
		}, "length_mismatch"},
		"an error with the query": {func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("mirror refused [%s]", r.URL.RawQuery)
		}, "mirror refused […]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.transport.client(t).Download(t.Context(), id, io.Discard)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
			noSecrets(t, err)
		})
	}
}

func TestABodyThatBringsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		limit, stall time.Duration
		want         string
	}{
		"ends with the context": {time.Second, 0, "after 0 bytes: context deadline exceeded"},
		"stalls":                {time.Hour, time.Second, "nothing came any more"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.limit)
				defer cancel()
				transport := fake(func(*http.Request) (*http.Response, error) {
					return &http.Response{StatusCode: 200, ProtoMajor: 1, ContentLength: 6, Body: io.NopCloser(idle{})}, nil
				})
				_, err := transport.client(t, roughy.WithRetry(roughy.RetryOptions{Stall: c.stall})).Download(ctx, id, io.Discard)
				require.ErrorContains(t, err, c.want)
			})
		})
	}
}

// idle is a body that brings nothing, knows no end, and nothing of contexts.
type idle struct{}

func (idle) Read([]byte) (int, error) { time.Sleep(time.Millisecond); return 0, nil }

func TestLengthsThatNobodyPromises(t *testing.T) {
	t.Parallel()
	raw := func(t *testing.T, size any) error {
		s := newStore(t, nil)
		s.changed = members{"size_bytes": size, "download_url": wire(t, "HTTP/1.0 200 OK\r\n\r\nhalf") + "/a?X-Sig=1"}
		n, err := client(t, s.apiURL).DownloadFile(t.Context(), id, filepath.Join(t.TempDir(), "a.mp4"))
		require.Zero(t, n)
		return err
	}
	require.ErrorContains(t, raw(t, nil), "length_mismatch: nobody says how long it is")
	require.ErrorContains(t, raw(t, -5), "length_mismatch: the render promises -5 bytes")
}

func TestRetryAfterWithoutLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*365*24*time.Hour)
		defer cancel()
		api := &turns{list: []turn{busy("99999999999"), {status: 200, body: render("pending", nil)}}}
		_, err := api.client(t, roughy.WithRetry(roughy.RetryOptions{MaxAfter: math.MaxInt64, Budget: math.MaxInt64, First: 1})).Render(ctx, id)
		require.Error(t, err, "it is not asked again before a hundred years")
		require.Len(t, api.asked, 1)
	})
}

func TestRetryAfterBesideAStaleDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := busy(time.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat))
		first.header.Set("Date", "Mon, 02 Jan 1984 15:04:05 GMT")
		api := &turns{list: []turn{first, {status: 200, body: render("pending", nil)}}}
		_, err := api.client(t).Render(t.Context(), id)
		require.NoError(t, err)
		require.InDelta(t, 21*time.Second, api.pauses()[0], float64(2*time.Second))
	})
}

func TestWatchKeepsWhatItCompares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{bodies: []string{render("processing", nil), render("processing", nil), render("processing", nil), render("failed", nil)}}
		n := 0
		for r, err := range s.client(t).Watch(t.Context(), id) {
			require.NoError(t, err)
			*r.StartedAt = r.StartedAt.Add(time.Hour)
			n++
		}
		require.Equal(t, 2, n)
	})
}

func TestOneFileOfTwoDownloads(t *testing.T) {
	t.Parallel()
	s := newStore(t, whole)
	path := filepath.Join(t.TempDir(), "a.mp4")
	appears := roughy.WithProgress(func(written, total int64) {
		if written == total {
			require.NoError(t, os.WriteFile(path, []byte("theirs"), 0o600))
		}
	})
	n, err := client(t, s.apiURL).DownloadFile(t.Context(), id, path, appears)
	require.ErrorIs(t, err, os.ErrExist)
	require.EqualValues(t, len(output), n, "they are kept")
	require.Equal(t, "theirs", readText(t, path))
}

func TestDownloadFileKeepsItsFolder(t *testing.T) {
	s := newStore(t, whole)
	folder := t.TempDir()
	t.Chdir(folder)
	away := roughy.WithProgress(func(int64, int64) { t.Chdir(t.TempDir()) })
	_, err := client(t, s.apiURL).DownloadFile(t.Context(), id, "a.mp4", away)
	require.NoError(t, err)
	require.Equal(t, string(output), readText(t, filepath.Join(folder, "a.mp4")))
}
