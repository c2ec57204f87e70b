package intercept_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// serve answers every request with h over a real socket, through a transport with o.
func serve(t *testing.T, o intercept.Options, h http.HandlerFunc) (*http.Client, string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &http.Client{Transport: intercept.Transport(s.Client().Transport, o)}, s.URL + path
}

// answer writes a status and a body of JSON.
func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func get(t *testing.T, c *http.Client, url string) (string, error) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestTransportHandsOnWhatKeepsTheContract(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.Enforce, contract.ReportOnly} {
		o, told := options(t, mode)
		c, url := serve(t, o, answer(200, clean))
		body, err := get(t, c, url)
		require.NoError(t, err)
		require.Equal(t, clean, body)
		require.Equal(t, contract.Report{Operation: "readRender", Findings: []contract.Finding{}}, told.only(t))
	}
}

func TestTransportEnforces(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.Enforce)
	c, url := serve(t, o, answer(200, broken))
	_, err := get(t, c, url)
	require.ErrorIs(t, err, contract.ErrBroken)
	broke, ok := errors.AsType[*contract.Error](err)
	require.True(t, ok)
	require.Equal(t, told.only(t), broke.Report)
	require.NotContains(t, err.Error(), "tOpSeCrEt")
}

func TestTransportReportsAlone(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.ReportOnly)
	c, url := serve(t, o, answer(200, broken))
	body, err := get(t, c, url)
	require.NoError(t, err)
	require.Equal(t, broken, body)
	require.Equal(t, contract.Violation, told.only(t).Verdict)
}

func TestTransportOffIsTheBase(t *testing.T) {
	t.Parallel()
	base := &http.Transport{}
	require.Same(t, base, intercept.Transport(base, intercept.Options{Mode: contract.Off}))
	require.Same(t, http.DefaultTransport, intercept.Transport(nil, intercept.Options{Mode: contract.Off}))
}

func TestTransportJudgesOtherAnswers(t *testing.T) {
	t.Parallel()
	envelope := `{"error":{"code":"not_found","message":"no"}}`
	tests := []struct {
		name    string
		method  string
		handler http.HandlerFunc
		want    contract.Verdict
	}{
		{"an error in its envelope", "GET", answer(404, envelope), contract.OK},
		{"an error without its envelope", "GET", answer(502, `{}`), contract.Violation},
		{"HEAD", "HEAD", answer(200, clean), contract.OK},
		{"another method", "DELETE", answer(404, envelope), contract.Violation},
		{"no body", "GET", answer(200, ""), contract.Violation},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o, told := options(t, contract.ReportOnly)
			c, url := serve(t, o, tt.handler)
			req, err := http.NewRequest(tt.method, url, nil)
			require.NoError(t, err)
			resp, err := c.Do(req)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, tt.want, told.only(t).Verdict, told.only(t))
		})
	}
}

func TestTransportKeepsEncodedBytes(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := io.WriteString(z, clean)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	o, told := options(t, contract.Enforce)
	c, url := serve(t, o, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		answer(200, zipped.String())(w, r)
	})
	req, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Header.Set("Accept-Encoding", "gzip") // so that net/http leaves it as it is
	resp, err := c.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, zipped.Bytes(), body)
	require.Equal(t, contract.OK, told.only(t).Verdict)

	text, err := get(t, c, url) // and here net/http undoes it
	require.NoError(t, err)
	require.Equal(t, clean, text)
}

func TestTransportLetsGoOverTheCap(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(" ", 1000) + clean
	for _, mode := range []contract.Mode{contract.Enforce, contract.ReportOnly} {
		o, told := options(t, mode)
		o.Cap = 999
		c, url := serve(t, o, answer(200, long))
		body, err := get(t, c, url)
		require.NoError(t, err)
		require.Equal(t, long, body)
		require.Equal(t, []string{"unchecked.cap"}, rules(told.only(t)))
		require.Equal(t, contract.Unchecked, told.only(t).Verdict)
	}
}

func TestTransportToldOfHalfAnAnswer(t *testing.T) {
	t.Parallel()
	half := func(announced string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", announced)
			answer(200, clean[:100])(w, r)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
	}
	tests := []struct {
		name    string
		mode    contract.Mode
		handler http.HandlerFunc
		want    []string
	}{
		{"shorter than announced, reported", contract.ReportOnly, half("500"), []string{"body"}},
		{"cut without an announcement, reported", contract.ReportOnly, half(""), []string{"unchecked.cut"}},
		{"cut without an announcement, enforced", contract.Enforce, half(""), []string{"unchecked.cut"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o, told := options(t, tt.mode)
			c, url := serve(t, o, tt.handler)
			body, err := get(t, c, url)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.Equal(t, clean[:100], body)
			require.Equal(t, tt.want, rules(told.only(t)))
		})
	}
}

func TestTransportNeverHoldsAStreamBackInReportMode(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.ReportOnly)
	more := make(chan struct{})
	c, url := serve(t, o, func(w http.ResponseWriter, r *http.Request) {
		answer(200, clean[:10])(w, r)
		_ = http.NewResponseController(w).Flush()
		<-more
		_, _ = io.WriteString(w, clean[10:])
	})
	resp, err := c.Get(url)
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
	require.Equal(t, contract.OK, told.only(t).Verdict)
}

func TestTransportToldOfABodyThatNobodyRead(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.ReportOnly)
	c, url := serve(t, o, answer(200, clean))
	resp, err := c.Get(url)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.NoError(t, resp.Body.Close())
	require.Equal(t, []string{"unchecked.closed"}, rules(told.only(t)))
}

func TestTransportHandsErrorsOn(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.Enforce)
	c, url := serve(t, o, answer(200, clean))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	require.NoError(t, err)
	_, err = c.Do(req)
	require.ErrorIs(t, err, context.Canceled)
	told.none(t)
}

func TestTransportLeavesUpgradesAlone(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.Enforce)
	c, url := serve(t, o, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Upgrade", "echo")
		w.Header().Set("Connection", "Upgrade")
		w.WriteHeader(http.StatusSwitchingProtocols)
	})
	req, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Header.Set("Upgrade", "echo")
	req.Header.Set("Connection", "Upgrade")
	resp, err := c.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Implements(t, (*io.ReadWriteCloser)(nil), resp.Body)
	told.none(t)
}

// bare answers without a body or headers, as a test's double may.
type bare struct{ resp *http.Response }

func (b bare) RoundTrip(*http.Request) (*http.Response, error) { return b.resp, nil }

func TestTransportTakesNoBodyForAnEmptyOne(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.Enforce, contract.ReportOnly} {
		o, told := options(t, mode)
		c := &http.Client{Transport: intercept.Transport(bare{&http.Response{StatusCode: 200}}, o)}
		body, err := get(t, c, "http://a"+path)
		require.Empty(t, body)
		require.Equal(t, mode == contract.Enforce, errors.Is(err, contract.ErrBroken), err)
		require.Equal(t, []string{"body"}, rules(told.only(t)))
	}
}

func TestTransportHandsNoAnswerOn(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.Enforce)
	_, err := get(t, &http.Client{Transport: intercept.Transport(bare{}, o)}, "http://a"+path)
	require.ErrorContains(t, err, "nil *Response")
	told.none(t)
}

func TestIdleConnectionsAreClosedThroughTransport(t *testing.T) {
	t.Parallel()
	o, _ := options(t, contract.Enforce)
	base := &closing{}
	c := http.Client{Transport: intercept.Transport(base, o)}
	c.CloseIdleConnections()
	require.True(t, base.closed)
	(&http.Client{Transport: intercept.Transport(http.NewFileTransport(http.Dir(".")), o)}).CloseIdleConnections()
}

// closing has connections to close.
type closing struct {
	http.RoundTripper
	closed bool
}

func (c *closing) CloseIdleConnections() { c.closed = true }
