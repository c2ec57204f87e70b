package intercept_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/faulttest"
	"github.com/roughy-go/roughy/internal/intercept"
)

func TestProxyWithholdsAViolation(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		steps steps
		rule  string
	}{
		"a body":                       {steps{faulttest.Head("200 OK", jsonType, "Set-Cookie: sk_tOpSeCrEt", "Content-Length: 21"), faulttest.Text(broken)}, "schema.required"},
		"fewer bytes than announced":   {steps{faulttest.Head("200 OK", jsonType, "Content-Length: 500"), faulttest.Text(clean), faulttest.Cut()}, "body"},
		"another type, without an end": {steps{faulttest.Head("200 OK", "Content-Type: text/html"), faulttest.Endless("sk_tOpSeCrEt")}, "content-type"},
		"no type":                      {steps{faulttest.Head("200 OK", "Content-Length: 2"), faulttest.Text("{}")}, "content-type"},
		"no body, where none can come": {steps{faulttest.Head("204 No Content")}, "body"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, told := sights(t, contract.Enforce)
			got := raw(t, proxied(t, faulttest.Serve(t, tt.steps...), o), "GET", path)
			resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), nil)
			require.NoError(t, err)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.Equal(t, 502, resp.StatusCode)
			require.Contains(t, string(body), `"code":"contract_violation"`)
			require.Contains(t, string(body), tt.rule)
			require.NotContains(t, got, "tOpSeCrEt")
			seen := <-told
			require.True(t, seen.Withheld)
			require.Contains(t, rules(seen.Report), tt.rule)
			require.NotEqual(t, 502, seen.Exchange.Status)
			own, _ := o.Judge.Judge(contract.Exchange{Method: "GET", URL: seen.Request.URL, Status: 502, Header: resp.Header, Body: body})
			require.Equal(t, contract.OK, own.Verdict, "the refusal keeps the contract itself: %v", own)
			require.Empty(t, told)
		})
	}
}

func TestProxyInEnforceLetsPassWhatItDoesNotWithhold(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			upstream := faulttest.Serve(t, f.steps...)
			want := raw(t, front(t, plain(parse(t, upstream), nil, -1)), f.by(), path)
			o, told := sights(t, contract.Enforce)
			got := raw(t, proxied(t, upstream, o), f.by(), path)
			if seen := <-told; seen.Withheld {
				require.Equal(t, contract.Violation, seen.Report.Verdict)
				require.Contains(t, got, "HTTP/1.1 502 Bad Gateway\r\n")
			} else {
				require.NotEqual(t, contract.Violation, seen.Report.Verdict)
				got = strings.Replace(got, "Trailer: X-Sum\r\n", "", 1) // which is known by then, so that it is announced
				require.Equal(t, strings.Replace(comparable(want), "Trailer: X-Sum\r\n", "", 1), comparable(got))
			}
		})
	}
}

// feed is a document of answers that are not JSON.
const feed = `
openapi: 3.1.0
info: {title: feed, version: "1"}
paths:
  /feed:
    get:
      operationId: feed
      responses:
        "200":
          description: events
          content:
            text/event-stream: {schema: {type: string}}
            application/x-ndjson: {schema: {type: string}}
            application/octet-stream: {}
            text/plain: {schema: {enum: [onetwo]}}
`

// feeding is options with feed as the document.
func feeding(t *testing.T, m contract.Mode) (intercept.Options, chan intercept.Seen) {
	t.Helper()
	c, err := contract.Load("feed.yaml", []byte(feed), contract.AnyHost())
	require.NoError(t, err)
	o, told := sights(t, m)
	o.Judge = c
	return o, told
}

func TestProxyInEnforceHoldsOnlyWhatIsJudged(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string][]string{"text/event-stream": {"unchecked.media-type"}, "application/octet-stream": nil} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o, told := feeding(t, contract.Enforce)
			gate := make(chan struct{})
			client := dial(t, proxied(t, faulttest.Serve(t, faulttest.Head("200 OK", "Content-Type: "+kind, "Content-Length: 6"), faulttest.Text("one"),
				faulttest.Wait(gate), faulttest.Text("two")), o))
			send(t, client, "GET", "/feed")
			resp, err := http.ReadResponse(bufio.NewReader(client), nil)
			require.NoError(t, err)
			flows(t, resp.Body, gate)
			seen := <-told
			require.Equal(t, want, rules(seen.Report))
			require.False(t, seen.Withheld)
			require.Empty(t, told)
		})
	}
}

// flows reads a body of which the second half waits for the gate, and so has to come in two.
func flows(t *testing.T, body io.Reader, gate chan struct{}) {
	t.Helper()
	first := make([]byte, 3)
	_, err := io.ReadFull(body, first)
	require.NoError(t, err)
	require.Equal(t, "one", string(first))
	close(gate)
	rest, err := io.ReadAll(body)
	require.NoError(t, err)
	require.Equal(t, "two", string(rest))
}

func TestProxyInEnforceHoldsText(t *testing.T) {
	t.Parallel()
	for text, status := range map[string]string{"onetwo": "200 OK", "sk_two": "502 Bad Gateway"} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			o, told := feeding(t, contract.Enforce)
			got := raw(t, proxied(t, faulttest.Serve(t, faulttest.Head("200 OK", "Content-Type: Text/Plain; charset=utf-8", "Content-Length: 6"), faulttest.Text(text)), o), "GET", "/feed")
			require.Contains(t, got, "HTTP/1.1 "+status+"\r\n")
			require.Equal(t, text != "onetwo", (<-told).Withheld)
			require.NotContains(t, got, "sk_")
		})
	}
}
