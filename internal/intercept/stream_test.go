package intercept_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/faulttest"
	"github.com/roughy-go/roughy/internal/intercept"
)

// streamed is an answer in two halves; the second waits for the gate.
func streamed(kind string, gate <-chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = io.WriteString(w, "one")
		_ = http.NewResponseController(w).Flush()
		<-gate
		_, _ = io.WriteString(w, "two")
	}
}

// sides put a check between a handler and the client that is returned.
var sides = map[string]func(*testing.T, intercept.Options, http.HandlerFunc) (*http.Client, string){
	"transport": func(t *testing.T, o intercept.Options, h http.HandlerFunc) (*http.Client, string) {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return &http.Client{Transport: intercept.Transport(s.Client().Transport, o)}, s.URL
	},
	"handler": wrapped,
	"proxy": func(t *testing.T, o intercept.Options, h http.HandlerFunc) (*http.Client, string) {
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		return &http.Client{Transport: transport}, proxied(t, front(t, h), o)
	},
}

func TestStreamsFlowInEnforce(t *testing.T) {
	t.Parallel()
	for side, between := range sides {
		for _, kind := range []string{"text/event-stream", "Text/Event-Stream; charset=utf-8", "application/x-ndjson"} {
			t.Run(side+", "+kind, func(t *testing.T) {
				t.Parallel()
				o, told := feeding(t, contract.Enforce)
				gate := make(chan struct{})
				c, url := between(t, o, streamed(kind, gate))
				resp, err := c.Get(url + "/feed")
				require.NoError(t, err)
				defer resp.Body.Close()
				require.Equal(t, 200, resp.StatusCode)
				require.Empty(t, told)
				flows(t, resp.Body, gate)
				seen := <-told
				require.Equal(t, []string{"unchecked.media-type"}, rules(seen.Report))
				require.Equal(t, "onetwo", string(seen.Exchange.Body))
				require.False(t, seen.Withheld)
				require.Empty(t, told)
			})
		}
	}
}

// lenient finds nothing wrong.
type lenient struct{}

func (lenient) Judge(contract.Exchange) (contract.Report, []byte) { return contract.Report{}, nil }
func (lenient) Operation(string, *url.URL) (string, bool)         { return "any", true }

// typed answers with a media type.
type typed string

func (k typed) RoundTrip(*http.Request) (*http.Response, error) {
	h := http.Header{"Content-Type": {string(k)}}
	return &http.Response{StatusCode: 200, Header: h, ContentLength: -1, Body: io.NopCloser(strings.NewReader("one"))}, nil
}

func TestOnlyStreamsFlowInEnforce(t *testing.T) {
	t.Parallel()
	for kind, held := range map[string]bool{
		"text/event-stream": false, "multipart/x-mixed-replace; boundary=a": false, "application/x-ndjson": false, "application/jsonl": false,
		"application/json-seq": false, "application/geo+json-seq": false, "application/stream+json": false,
		"application/json": true, "application/problem+json": true, "text/plain": true, "text/html": true, "application/octet-stream": true, "": true,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o, told := options(t, contract.Enforce)
			o.Judge = lenient{}
			c := &http.Client{Transport: intercept.Transport(typed(kind), o)}
			resp, err := c.Get("http://a/")
			require.NoError(t, err)
			defer resp.Body.Close()
			if held {
				told.only(t)
			} else {
				told.none(t)
			}
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			told.only(t)
		})
	}
}

func TestStreamsAreWithheldByTheirHeaders(t *testing.T) {
	t.Parallel()
	for side, between := range sides {
		t.Run(side, func(t *testing.T) {
			t.Parallel()
			o, told := sights(t, contract.Enforce)
			gate, wrote := make(chan struct{}), make(chan error, 1)
			c, url := between(t, o, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Inner", "sk_tOpSeCrEt")
				w.WriteHeader(http.StatusEarlyHints)
				streamed("text/event-stream", gate)(w, r)
				w.WriteHeader(http.StatusEarlyHints)
				_, err := io.WriteString(w, "three")
				wrote <- err
			})
			resp, err := c.Get(url + path)
			if side == "transport" {
				require.ErrorIs(t, err, contract.ErrBroken)
			} else {
				require.NoError(t, err)
				body, err := io.ReadAll(resp.Body) // while the handler still waits
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.GreaterOrEqual(t, resp.StatusCode, 500)
				require.NotContains(t, resp.Header, "X-Inner")
				require.Contains(t, string(body), `"code":"contract_violation"`)
			}
			seen := <-told
			require.True(t, seen.Withheld)
			require.Equal(t, []string{"content-type", "unchecked.closed"}, rules(seen.Report))
			close(gate)
			if err := <-wrote; side == "handler" {
				require.EqualError(t, err, "answer withheld: its status or headers break the contract")
			}
			require.Empty(t, told)
		})
	}
}

func TestAHandlerTakesNoConnectionOverOnceItsStreamIsWithheld(t *testing.T) {
	t.Parallel()
	o, _ := sights(t, contract.Enforce)
	hijacked := make(chan error, 1)
	c, url := wrapped(t, o, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(200)
		_, _, err := http.NewResponseController(w).Hijack()
		hijacked <- err
	})
	body, err := get(t, c, url+path)
	require.NoError(t, err)
	require.Contains(t, body, "contract_violation")
	require.ErrorContains(t, <-hijacked, "answer withheld")
}

func TestAStreamWithoutAByteIsHeldToItsBody(t *testing.T) {
	t.Parallel()
	o, told := feeding(t, contract.Enforce)
	url := faulttest.Serve(t, faulttest.Head("200 OK", "Content-Type: text/event-stream", "Content-Length: 0"))
	transport := intercept.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	_, err := get(t, &http.Client{Transport: intercept.Transport(transport, o)}, url+"/feed")
	require.ErrorIs(t, err, contract.ErrBroken)
	require.Equal(t, []string{"body"}, rules((<-told).Report))
}
