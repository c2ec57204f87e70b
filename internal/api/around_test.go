package api_test

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/api"
)

func lostAnswerIsNone(t *testing.T) {
	seen, left := newObserver(), make(chan struct{})
	s := serve(t, func(c *api.Config) {
		c.Observer, c.Store, c.Patience = seen, storeThatHangs{}, time.Minute
		c.Around = func(endpoint http.Handler) (http.Handler, error) {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/long" {
					endpoint.ServeHTTP(w, r)
					return
				}
				defer close(left)
				for err := error(nil); err == nil; _, err = w.Write(make([]byte, 1<<20)) {
				}
			}), nil
		}
	})
	for i, target := range []string{"/v1/renders/" + uuid.NewString(), "/long"} {
		c, err := net.Dial("tcp", s.address)
		require.NoError(t, err)
		_, err = io.WriteString(c, s.request("GET", target, ""))
		require.NoError(t, err)
		require.Eventually(t, func() bool { return seen.came() > i }, time.Minute, time.Millisecond)
		require.NoError(t, c.Close())
		require.NotContains(t, seen.over(t), 200, target)
	}
	<-left
	require.Equal(t, map[int]int{0: 2}, seen.over(t))
	require.Equal(t, 2, strings.Count(s.log.String(), `"aborted":true`))
}

func besideIsLikeTheEndpoint(t *testing.T) {
	seen := newObserver()
	beside := map[string]http.HandlerFunc{
		"/text": func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader("text"))
		},
		"/none":   func(http.ResponseWriter, *http.Request) {},
		"/panics": func(http.ResponseWriter, *http.Request) { panic("row of 10.1.2.3 is odd") },
		"/id":     func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, api.RequestID(r.Context())) },
		"/own": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
		},
	}
	s := serve(t, func(c *api.Config) {
		c.Observer = seen
		c.Around = func(endpoint http.Handler) (http.Handler, error) {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if h := beside[r.URL.Path]; h != nil {
					h(w, r)
					return
				}
				endpoint.ServeHTTP(w, r)
			}), nil
		}
	})
	s.ask(t, "GET", "/x", nil).fails(t, http.StatusUnauthorized, "unauthenticated")
	s.ask(t, "GET", "/panics", nil).fails(t, http.StatusInternalServerError, "internal")
	beyond := http.Header{"Range": {"bytes=9-"}}
	for _, c := range []struct {
		path   string
		header http.Header
		status int
	}{{"/text", nil, 200}, {"/text", beyond, 416}, {"/none", nil, 200}, {"/id", nil, 200}} {
		for _, method := range []string{"GET", "HEAD"} {
			a := s.exchange(t, method, c.path, c.header)
			require.Equal(t, c.status, a.status, c.path)
			for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
				"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"} {
				require.Equal(t, []string{want}, a.header[name], c.path)
			}
			id := a.header.Get("X-Request-Id")
			require.Contains(t, s.log.String(), `"request":"`+id+`","method":"`+method+`","path":"`+c.path+`","status":`+strconv.Itoa(c.status))
			if c.path == "/id" && method == "GET" {
				require.Equal(t, id, string(a.body))
			}
		}
	}
	own := s.exchange(t, "GET", "/own", nil)
	require.Equal(t, []string{"no-cache"}, own.header["Cache-Control"])
	require.Equal(t, []string{"default-src 'self'"}, own.header["Content-Security-Policy"])
	require.Equal(t, map[int]int{200: 7, 416: 2, 401: 1, 500: 1}, seen.over(t))
	answers := s.send(t, s.request("POST", "/text", "Content-Length: 5000000\r\n"))
	require.Len(t, answers, 1, "a body that nobody reads does not hold the connection")
	require.True(t, answers[0].Close)
}
