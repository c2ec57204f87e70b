package intercept_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// json answers with a header of JSON, a length unless it is 0, and a body in one write.
func jsonOf(length int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if length > 0 {
			w.Header().Set("Content-Length", strconv.Itoa(length))
		}
		answer(200, body)(w, r)
	}
}

func TestHandlerBlamesNobodyForAClientThatIsGone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, after http.HandlerFunc // the client went
		want          []string
		status        int
	}{
		"nothing written":                     {want: []string{"unchecked.closed"}},
		"a status alone":                      {before: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, want: []string{"unchecked.closed"}, status: 503},
		"half a body":                         {before: jsonOf(0, clean[:10]), want: []string{"unchecked.closed"}, status: 200},
		"half a body of known length":         {before: jsonOf(len(clean), clean[:10]), want: []string{"unchecked.closed"}, status: 200},
		"half a body, flushed":                {before: flushed(clean[:10]), want: []string{"unchecked.closed"}, status: 200},
		"half a body, and another status":     {before: answer(201, "{"), want: []string{"schema.required"}, status: 201},
		"a whole body":                        {before: jsonOf(0, clean), status: 200},
		"a whole body, written to nobody":     {after: jsonOf(0, clean), status: 200},
		"a whole body of known length":        {before: jsonOf(len(clean), clean), status: 200},
		"a whole body that is broken":         {before: jsonOf(0, `{"id":"a"}`), want: []string{"schema.required"}, status: 200},
		"a body that is broken by its length": {before: jsonOf(5, `{"id"`), want: []string{"json-syntax"}, status: 200},
		"a status that has no body":           {before: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, want: []string{"unchecked.closed"}, status: 204},
		"a handler with a time-out of its own": {
			before: func(w http.ResponseWriter, r *http.Request) {
				http.TimeoutHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), time.Hour, "").ServeHTTP(w, r)
			},
			want: []string{"unchecked.closed"}, status: 503,
		},
	} {
		for _, mode := range []contract.Mode{contract.ReportOnly, contract.Enforce} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o, told := sights(t, mode)
				arrived := make(chan struct{})
				c := dial(t, front(t, intercept.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if tt.before != nil && !strings.Contains(name, "of its own") {
						tt.before(w, r)
					}
					close(arrived)
					<-r.Context().Done()
				}), o)))
				_ = c
				_ = told
				<-arrived
			})
		}
	}
}

var _ = errors.New
var _ = io.EOF
var _ = context.Canceled
var _ = httptest.NewRecorder
