package intercept_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// wrapped serves h behind Handler over a real socket.
func wrapped(t *testing.T, o intercept.Options, h http.HandlerFunc) (*http.Client, string) {
	t.Helper()
	s := httptest.NewServer(intercept.Handler(h, o))
	t.Cleanup(s.Close)
	return s.Client(), s.URL
}

func TestHandlerPassesWhatKeepsTheContract(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.Enforce, contract.ReportOnly} {
		o, told := options(t, mode)
		c, url := wrapped(t, o, answer(200, clean))
		body, err := get(t, c, url+path)
		require.NoError(t, err)
		require.Equal(t, clean, body)
		require.Equal(t, contract.OK, told.only(t).Verdict)
	}
}

func TestHandlerWithholdsAViolation(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.Enforce)
	outer := func(next http.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Request-Id", "7")
			next.ServeHTTP(w, r)
		}
	}
	s := httptest.NewServer(outer(intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Inner", "sk_tOpSeCrEt")
		w.Header().Set("Content-Length", "21")
		answer(200, broken)(w, r)
	}), o)))
	t.Cleanup(s.Close)
	resp, err := s.Client().Get(s.URL + path)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, 500, resp.StatusCode)
	require.Equal(t, "7", resp.Header.Get("X-Request-Id"))
	require.NotContains(t, resp.Header, "X-Inner")
	require.Contains(t, string(body), `"code":"contract_violation"`)
	require.Contains(t, string(body), "schema.required")
	require.NotContains(t, string(body), "tOpSeCrEt")
	require.Equal(t, contract.Violation, told.only(t).Verdict)
	own, _ := o.Judge.Judge(contract.Exchange{Method: "GET", URL: resp.Request.URL, Status: 500, Header: resp.Header, Body: body})
	require.Equal(t, contract.OK, own.Verdict, "the refusal keeps the contract itself: %v", own)
}

func TestHandlerReportsAlone(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.ReportOnly)
	c, url := wrapped(t, o, answer(200, broken))
	body, err := get(t, c, url+path)
	require.NoError(t, err)
	require.Equal(t, broken, body)
	require.Equal(t, contract.Violation, told.only(t).Verdict)
}

func TestHandlerPassesWhatIsNotDocumented(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]string{"another path": "/links/a", "another method": "POST"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, told := options(t, contract.Enforce)
			var inner http.ResponseWriter
			h := intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { inner = w }), o)
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/links/a", nil)
			if target == "POST" {
				r = httptest.NewRequest(http.MethodPost, path, nil)
			}
			h.ServeHTTP(w, r)
			require.Same(t, w, inner, "the writer itself, so that nothing is lost")
			told.none(t)
		})
	}
}

func TestHandlerSeesWhatTheClientGets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		method  string
		handler http.HandlerFunc
		want    []string
	}{
		{"HEAD, whatever is written", "HEAD", answer(200, broken), nil},
		{"a content type that net/http guesses", "GET", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, clean)
		}, []string{"content-type"}},
		{"nothing at all", "GET", func(http.ResponseWriter, *http.Request) {}, []string{"body", "content-type"}},
		{"headers set too late", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			w.WriteHeader(200)
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, clean)
		}, []string{"content-type"}},
		{"a hint before the answer", "GET", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			answer(200, clean)(w, r)
		}, nil},
		{"a status that takes no body", "GET", answer(204, clean), []string{"body"}},
	}
	for _, tt := range tests {
		for _, mode := range []contract.Mode{contract.ReportOnly, contract.Enforce} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				o, _ := options(t, mode)
				reported := make(chan contract.Report, 1) // the client may have its answer first
				o.OnReport = func(seen intercept.Seen) { reported <- seen.Report }
				c, url := wrapped(t, o, tt.handler)
				req, err := http.NewRequest(tt.method, url+path, nil)
				require.NoError(t, err)
				resp, err := c.Do(req)
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				if got := rules(<-reported); len(tt.want) == 0 {
					require.Empty(t, got)
				} else {
					require.Subset(t, tt.want, got)
					require.NotEmpty(t, got)
				}
			})
		}
	}
}

func TestHandlerNeverHoldsAStreamBackInReportMode(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.ReportOnly)
	more := make(chan struct{})
	c, url := wrapped(t, o, func(w http.ResponseWriter, r *http.Request) {
		answer(200, clean[:10])(w, r)
		w.(http.Flusher).Flush()
		require.NoError(t, http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)))
		<-more
		_, _ = io.WriteString(w, clean[10:])
	})
	resp, err := c.Get(url + path)
	require.NoError(t, err)
	defer resp.Body.Close()
	first := make([]byte, 10)
	_, err = io.ReadFull(resp.Body, first)
	require.NoError(t, err)
	told.none(t)
	close(more)
	rest, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, clean, string(first)+string(rest))
}

func TestHandlerHoldsFlushedBytesInEnforce(t *testing.T) {
	t.Parallel()
	o, _ := options(t, contract.Enforce)
	c, url := wrapped(t, o, func(w http.ResponseWriter, r *http.Request) {
		answer(200, broken[:5])(w, r)
		require.NoError(t, http.NewResponseController(w).Flush())
		_, _ = io.WriteString(w, broken[5:])
	})
	body, err := get(t, c, url+path)
	require.NoError(t, err)
	require.Contains(t, body, "contract_violation")
}

func TestHandlerLetsGoOverTheCap(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(" ", 1000) + clean
	for _, mode := range []contract.Mode{contract.Enforce, contract.ReportOnly} {
		o, told := options(t, mode)
		o.Cap = 700
		c, url := wrapped(t, o, func(w http.ResponseWriter, r *http.Request) {
			answer(200, long[:600])(w, r)
			_, _ = io.WriteString(w, long[600:])
		})
		body, err := get(t, c, url+path)
		require.NoError(t, err)
		require.Equal(t, long, body)
		require.Equal(t, []string{"unchecked.cap"}, rules(told.only(t)))
	}
}

func TestHandlerKeepsTrailers(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.Enforce, contract.ReportOnly} {
		o, _ := options(t, mode)
		c, url := wrapped(t, o, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Trailer", "X-After")
			answer(200, clean)(w, r)
			w.Header().Set("X-After", "1")
			w.Header().Set("X-Late", "1")
		})
		resp, err := c.Get(url + path)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, "1", resp.Trailer.Get("X-After"))
		require.NotContains(t, resp.Header, "X-Late")
	}
}

func TestHandlerLetsConnectionsBeTakenOver(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.Enforce, contract.ReportOnly} {
		o, told := options(t, mode)
		c, url := wrapped(t, o, func(w http.ResponseWriter, _ *http.Request) {
			conn, rw, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
			_ = (*bufio.ReadWriter)(rw).Flush()
		})
		body, err := get(t, c, url+path)
		require.NoError(t, err)
		require.Equal(t, "hi", body)
		told.none(t)
	}
}

func TestHandlerOffIsTheHandler(t *testing.T) {
	t.Parallel()
	h := http.NewServeMux()
	require.Same(t, h, intercept.Handler(h, intercept.Options{Mode: contract.Off}))
}
