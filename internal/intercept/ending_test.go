package intercept_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// both are the modes in which answers are judged.
var both = []contract.Mode{contract.ReportOnly, contract.Enforce}

// measured is an answer that says how long it is to be.
func measured(length int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(length))
		answer(200, body)(w, r)
	}
}

// typeless is an answer without a Content-Type.
func typeless(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// flushing is half an answer, which is not kept.
func flushing(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = []string{kind}
		typeless(200, clean[:10])(w, r)
		flush(w)
	}
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

func TestHandlerTellsWhatAClientThatIsGoneLeftUnseen(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		method  string
		handler func(w http.ResponseWriter, r *http.Request, gone func())
		status  int
		want    []string
	}{
		"nothing":          {"GET", func(_ http.ResponseWriter, _ *http.Request, gone func()) { gone() }, 0, []string{"unchecked.closed"}},
		"nothing, to HEAD": {"HEAD", func(_ http.ResponseWriter, _ *http.Request, gone func()) { gone() }, 0, []string{"unchecked.closed"}},
		"a status alone": {"GET", func(w http.ResponseWriter, _ *http.Request, gone func()) {
			w.WriteHeader(503)
			gone()
		}, 503, []string{"unchecked.closed"}},
		"headers that were flushed": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			answer(200, "")(w, r)
			flush(w)
			gone()
		}, 200, []string{"unchecked.closed"}},
		"half a body": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			answer(200, clean[:10])(w, r)
			flush(w)
			gone()
		}, 200, []string{"unchecked.closed"}},
		"half a body of known length": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			measured(len(clean), clean[:10])(w, r)
			gone()
		}, 200, []string{"unchecked.closed"}},
		"half a body, without a type": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			typeless(200, clean[:10])(w, r)
			gone()
		}, 200, []string{"content-type", "unchecked.closed"}},
		"a text": {"GET", func(w http.ResponseWriter, _ *http.Request, gone func()) {
			gone()
			http.Error(w, "too late", 504)
		}, 504, []string{"content-type", "unchecked.closed"}},
		"all": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			gone()
			answer(200, clean)(w, r)
		}, 200, nil},
		"all, and it is broken": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			gone()
			answer(404, `{}`)(w, r)
		}, 404, []string{"schema.required"}},
		"all, as its length says": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			measured(10, clean[:10])(w, r)
			gone()
		}, 200, []string{"json-syntax"}},
		"all there can be of a 204": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			w.WriteHeader(204)
			flush(w)
			gone()
		}, 204, []string{"body"}},
		"all there can be for HEAD": {"HEAD", func(w http.ResponseWriter, r *http.Request, gone func()) {
			answer(200, "")(w, r)
			gone()
		}, 200, nil},
		"what a time-out says for it": {"GET", func(w http.ResponseWriter, r *http.Request, gone func()) {
			http.TimeoutHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				gone()
				<-t.Context().Done()
			}), time.Hour, "").ServeHTTP(w, r)
		}, 503, []string{"unchecked.closed"}},
	} {
		for _, mode := range both {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o, told := sights(t, mode)
				leave := make(chan func() error, 1)
				url := front(t, intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					tt.handler(w, r, func() {
						_ = (<-leave)()
						<-r.Context().Done()
					})
				}), o))
				c := dial(t, url)
				leave <- c.Close
				send(t, c, tt.method, path)
				seen := <-told
				require.Equal(t, tt.want, rules(seen.Report))
				require.Equal(t, tt.status, seen.Exchange.Status)
				require.Equal(t, "readRender", seen.Report.Operation)
				require.Empty(t, told)
			})
		}
	}
}

func TestHandlerBlamesNobodyForATimeOutAroundIt(t *testing.T) {
	t.Parallel()
	for _, mode := range both {
		o, told := sights(t, mode)
		inner := intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer(200, clean[:10])(w, r)
			<-r.Context().Done()
			_, _ = io.WriteString(w, clean[10:20])
		}), o)
		got := raw(t, front(t, http.TimeoutHandler(inner, time.Nanosecond, "late")), "GET", path)
		require.Contains(t, got, "503 Service Unavailable")
		require.Equal(t, []string{"unchecked.closed"}, rules((<-told).Report))
	}
}

// unwritable is a writer without a client, whose request does not know.
type unwritable struct{ http.ResponseWriter }

func (unwritable) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestHandlerNoticesThatNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.ReportOnly)
	h := intercept.Handler(answer(200, clean), o)
	h.ServeHTTP(unwritable{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, path, nil))
	require.Equal(t, []string{"unchecked.closed"}, rules((<-told).Report))
}

func TestAHandlerThatWritesMoreThanItSaysIsToBlame(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		o, told := sights(t, contract.ReportOnly)
		s := httptest.NewUnstartedServer(intercept.Handler(measured(5, clean), o))
		if s.EnableHTTP2 = http2; http2 {
			s.StartTLS()
		} else {
			s.Start()
		}
		t.Cleanup(s.Close)
		_, err := get(t, s.Client(), s.URL+path)
		require.Error(t, err)
		require.Equal(t, []string{"body"}, rules((<-told).Report))
	}
}

func TestHandlerTellsOfPanics(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		method  string
		handler http.HandlerFunc
		status  int
		want    []string
	}{
		"nothing written":     {"GET", func(http.ResponseWriter, *http.Request) {}, 0, []string{"unchecked.cut"}},
		"a status alone":      {"GET", typeless(200, ""), 200, []string{"unchecked.cut"}},
		"half a body":         {"GET", answer(200, clean[:10]), 200, []string{"unchecked.cut"}},
		"all of a body":       {"GET", measured(len(clean), clean), 200, []string{"unchecked.cut"}},
		"a body of no type":   {"GET", typeless(200, clean), 200, []string{"content-type", "unchecked.cut"}},
		"nothing for HEAD":    {"HEAD", answer(200, clean), 200, []string{"unchecked.cut"}},
		"half a stream":       {"GET", flushing("application/json"), 200, []string{"unchecked.cut"}},
		"a stream of no type": {"GET", flushing(""), 200, []string{"content-type", "unchecked.cut"}},
	} {
		for _, mode := range both {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o, told := sights(t, mode)
				fault := errors.New("any")
				h := intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					tt.handler(w, r)
					panic(fault)
				}), o)
				w := httptest.NewRecorder()
				require.PanicsWithValue(t, fault, func() { h.ServeHTTP(w, httptest.NewRequest(tt.method, path, nil)) })
				seen := <-told
				require.Equal(t, tt.want, rules(seen.Report))
				require.Equal(t, tt.status, seen.Exchange.Status)
				require.False(t, seen.Withheld)
				require.Empty(t, told)
				if mode == contract.Enforce {
					require.Empty(t, w.Body.String())
				}
			})
		}
	}
}

func TestAPanicForAClientThatIsGoneIsNoCut(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.ReportOnly)
	ctx, cancel := context.WithCancel(t.Context())
	h := intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // as a ReverseProxy does
		answer(200, clean[:10])(w, r)
		cancel()
		panic(http.ErrAbortHandler)
	}), o)
	require.PanicsWithValue(t, http.ErrAbortHandler, func() {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
	})
	require.Equal(t, []string{"unchecked.closed"}, rules((<-told).Report))
}

func TestHandlerGuessesTheTypeThatNetHTTPGuesses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"by the first bytes": {typeless(200, "<p>"), "text/html; charset=utf-8"},
		"by those before a flush": {func(w http.ResponseWriter, r *http.Request) {
			typeless(200, "<")(w, r)
			flush(w)
			_, _ = io.WriteString(w, "p>")
		}, "text/plain; charset=utf-8"},
		"never after a flush": {func(w http.ResponseWriter, r *http.Request) {
			flush(w)
			answer(200, clean)(w, r)
		}, ""},
		"never for a transfer coding": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Transfer-Encoding", "identity")
			typeless(200, "<p>")(w, r)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, told := sights(t, contract.ReportOnly)
			c, url := wrapped(t, o, tt.handler)
			resp, err := c.Get(url + path)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, tt.want, resp.Header.Get("Content-Type"))
			require.Equal(t, tt.want, (<-told).Exchange.Header.Get("Content-Type"))
		})
	}
}
