package intercept_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

func TestResponseControllerWorksThroughHandler(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.ReportOnly, contract.Enforce} {
		for name, do := range map[string]func(*http.ResponseController, *http.Request) error{
			"flush": func(c *http.ResponseController, _ *http.Request) error { return c.Flush() },
			"write deadline": func(c *http.ResponseController, _ *http.Request) error {
				return c.SetWriteDeadline(time.Now().Add(time.Hour))
			},
			"read deadline": func(c *http.ResponseController, r *http.Request) error {
				if err := c.SetReadDeadline(time.Unix(1, 0)); err != nil {
					return err
				}
				if _, err := r.Body.Read(make([]byte, 1)); !os.IsTimeout(err) {
					return fmt.Errorf("read past the deadline: %w", err)
				}
				return nil
			},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o, _ := options(t, mode)
				failure := make(chan error, 1)
				c := dial(t, front(t, intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					failure <- do(http.NewResponseController(w), r)
					answer(200, clean)(w, r)
				}), o)))
				request := "GET " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"
				if name != "read deadline" {
					request += "x"
				}
				_, err := io.WriteString(c, request)
				require.NoError(t, err)
				require.NoError(t, <-failure)
			})
		}
	}
}

func TestHandlerLetsAnswersBeginBeforeTheRequestEnds(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.ReportOnly)
	c := dial(t, front(t, intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if err := control.EnableFullDuplex(); err != nil {
			t.Error(err)
		}
		answer(200, clean[:50])(w, r)
		_ = control.Flush()
		_, _ = io.Copy(w, r.Body)
	}), o)))
	_, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n", path, len(clean)-50)
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	first := make([]byte, 50)
	_, err = io.ReadFull(resp.Body, first)
	require.NoError(t, err)
	_, err = io.WriteString(c, clean[50:])
	require.NoError(t, err)
	rest, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, clean, string(first)+string(rest))
	require.Empty(t, rules((<-told).Report))
}

func TestHandlerTellsWhenItsAnswerBegan(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.ReportOnly)
	h := intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(200, clean)(w, r)
	}), o)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	seen := <-told
	require.Positive(t, seen.Exchange.Answered.Sub(seen.Exchange.Sent))
	require.GreaterOrEqual(t, seen.Elapsed, seen.Exchange.Answered.Sub(seen.Exchange.Sent))
}

func TestWhatIsNotPickedPassesAsIfNobodyLooked(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.Enforce)
	o.Pick = func(r *http.Request) bool { return r.URL.Query().Has("look") }

	var inner http.ResponseWriter
	h := intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { inner = w }), o)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	require.Same(t, w, inner, "the writer itself, so that nothing is lost")

	c, url := serve(t, o, answer(200, broken))
	body, err := get(t, c, url)
	require.NoError(t, err)
	require.Equal(t, broken, body)
	told.none(t)

	_, err = get(t, c, url+"?look")
	require.ErrorIs(t, err, contract.ErrBroken)
}

func TestHandlerLetsProtocolsBeSwitched(t *testing.T) {
	t.Parallel()
	for _, mode := range both {
		o, told := sights(t, mode)
		c := dial(t, front(t, intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "echo")
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = io.Copy(conn, rw)
		}), o)))
		_, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		require.NoError(t, err)
		in := bufio.NewReader(c)
		resp, err := http.ReadResponse(in, nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusSwitchingProtocols, resp.StatusCode)
		require.Equal(t, "echo", resp.Header.Get("Upgrade"))
		_, err = io.WriteString(c, "hello")
		require.NoError(t, err)
		require.NoError(t, c.CloseWrite())
		rest, err := io.ReadAll(in)
		require.NoError(t, err)
		require.Equal(t, "hello", string(rest))
		require.Empty(t, told)
	}
}

func TestA101AloneIsNotJudged(t *testing.T) {
	t.Parallel()
	for _, mode := range both {
		o, told := sights(t, mode)
		h := intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer(http.StatusSwitchingProtocols, "")(w, r)
			w.WriteHeader(http.StatusOK) // which comes too late
		}), o)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		require.Equal(t, http.StatusSwitchingProtocols, w.Code)
		require.Empty(t, told)
	}
}

func TestWhatIsHeldGoesOutBeforeAConnectionIsTakenOver(t *testing.T) {
	t.Parallel()
	for _, mode := range both {
		o, told := sights(t, mode)
		got := raw(t, front(t, intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "8")
			answer(200, "held")(w, r)
			flush(w)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "free")
		}), o)), "GET", path)
		require.True(t, strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n"), got)
		require.True(t, strings.HasSuffix(got, "\r\n\r\nheldfree"), got)
		require.Empty(t, told)
	}
}
