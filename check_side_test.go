package roughy_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// observer is what a check tells.
type observer struct {
	reports
	checked []roughy.Checked
}

func (o *observer) options(m roughy.Mode) roughy.CheckOptions {
	return roughy.CheckOptions{Mode: m, OnReport: func(c roughy.Checked) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.all, o.checked = append(o.all, c.Report), append(o.checked, c)
	}}
}

func (o *observer) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.all)
}

// reply is what a client got.
type reply struct {
	status int
	body   string
}

// checked is a check at work, and how to read through it.
type checked struct {
	url  string
	rt   http.RoundTripper
	done chan struct{} // the server has told what it has to; nil if the client tells
}

// side puts a check in front of a handler.
type side func(t *testing.T, h http.Handler, o roughy.CheckOptions) checked

var sides = map[string]side{
	"in the client": func(t *testing.T, h http.Handler, o roughy.CheckOptions) checked {
		t.Helper()
		url, _ := serve(t, h)
		return checked{url: url, rt: roughy.CheckTransport(connections(t), o)}
	},
	"in the server": func(t *testing.T, h http.Handler, o roughy.CheckOptions) checked {
		t.Helper()
		inner, done := roughy.CheckHandler(h, o), make(chan struct{}, 1000)
		url, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			inner.ServeHTTP(w, r)
			done <- struct{}{}
		}))
		return checked{url, connections(t), done}
	},
}

// connections are those of one test.
func connections(t *testing.T) *http.Transport {
	t.Helper()
	base := &http.Transport{}
	t.Cleanup(base.CloseIdleConnections)
	return base
}

// open makes a request whose body is to be read.
func (c checked) open(t *testing.T, method, path string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, c.url+path, nil)
	require.NoError(t, err)
	return c.rt.RoundTrip(req)
}

// read makes a request, and returns when what there is to tell of it was told.
func (c checked) read(t *testing.T, method, path string) (reply, error) {
	t.Helper()
	resp, err := c.open(t, method, path)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if c.done != nil {
		<-c.done
	}
	return reply{resp.StatusCode, string(body)}, err
}

// eachSide runs a test on both sides.
func eachSide(t *testing.T, test func(t *testing.T, s side)) {
	t.Helper()
	for name, s := range sides {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}
