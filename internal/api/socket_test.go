package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/contract"
)

// served is the handler behind a real socket, with what it was made of. key is anna's.
type served struct {
	rows    *rowsInMemory
	links   *linksThatCount
	log     *lines
	key     string
	address string
	judge   *contract.Contract
}

// serve starts a server; change may put other parts into its configuration.
func serve(t *testing.T, change func(*api.Config)) served {
	t.Helper()
	s := served{rows: newRows(), links: &linksThatCount{}, log: &lines{}}
	s.key = s.rows.addKey(t, "anna")
	logger := slog.New(slog.NewJSONHandler(io.MultiWriter(s.log, suite), nil))
	c := api.Config{Store: s.rows, Links: s.links, Logger: logger}
	if change != nil {
		change(&c)
	}
	h, err := api.New(c)
	require.NoError(t, err)
	s.judge, err = contract.Load("openapi.yaml", roughy.Spec(), contract.AnyHost())
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(nil)
	server.Config = api.NewHTTPServer(h, logger)
	server.Start()
	t.Cleanup(server.Close)
	s.address = server.Listener.Addr().String()
	return s
}

func (s served) good() http.Header { return http.Header{"Authorization": {"Bearer " + s.key}} }

// get reads a render with the good key.
func (s served) get(t *testing.T, id string) answer {
	t.Helper()
	return s.ask(t, "GET", "/v1/renders/"+id, s.good())
}

// ask sends a request and holds its answer to the contract.
func (s served) ask(t *testing.T, method, target string, header http.Header) answer {
	t.Helper()
	a := s.exchange(t, method, target, header)
	s.keeps(t, a)
	return a
}

// answer is one response as it came, never one that a redirect led to.
type answer struct {
	method string
	status int
	header http.Header
	body   []byte
}

// exchange sends target and header as they are written; no client tidies them up.
func (s served) exchange(t *testing.T, method, target string, header http.Header) answer {
	t.Helper()
	c, err := net.Dial("tcp", s.address)
	require.NoError(t, err)
	defer c.Close()
	var q bytes.Buffer
	fmt.Fprintf(&q, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", method, target, s.address)
	for name, values := range header {
		for _, value := range values {
			fmt.Fprintf(&q, "%s: %s\r\n", name, value)
		}
	}
	_, err = c.Write(append(q.Bytes(), "\r\n"...))
	require.NoError(t, err)
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return answer{method, r.StatusCode, r.Header, body}
}

// request is one with the good key, as it is on the wire, but for a body.
func (s served) request(method, target, header string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n%s\r\n", method, target, s.address, s.key, header)
}

// send writes text to a connection and returns all answers until the server ends it. It fails if the server does not.
func (s served) send(t *testing.T, text string) (answers []*http.Response) {
	t.Helper()
	c, err := net.Dial("tcp", s.address)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(c, text)
	require.NoError(t, err)
	for r := bufio.NewReader(c); ; {
		if _, err := r.Peek(1); err != nil {
			require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
			return answers
		}
		a, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		body, err := io.ReadAll(a.Body)
		require.NoError(t, err)
		a.Body = io.NopCloser(bytes.NewReader(body))
		answers = append(answers, a)
	}
}

// keeps judges an answer as one of the documented operation, wherever it came from: failures have one shape on all paths.
func (s served) keeps(t *testing.T, a answer) {
	t.Helper()
	method := http.MethodGet
	if a.method == http.MethodHead {
		method = a.method
	}
	documented, err := url.Parse("http://" + s.address + "/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")
	require.NoError(t, err)
	report := s.judge.Check(contract.Exchange{Method: method, URL: documented, Status: a.status, Header: a.header, Body: a.body})
	require.Equal(t, contract.OK, report.Verdict, "%d %s %+v", a.status, a.body, report.Findings)
}

func (a answer) render(t *testing.T) gen.Render {
	t.Helper()
	var r gen.Render
	require.NoError(t, json.Unmarshal(a.body, &r))
	return r
}

func (a answer) detail(t *testing.T) gen.ErrorDetail {
	t.Helper()
	var e gen.ErrorEnvelope
	require.NoError(t, json.Unmarshal(a.body, &e))
	return e.Error
}

// fails requires a failure, in the envelope unless it was a HEAD.
func (a answer) fails(t *testing.T, status int, code string) gen.ErrorDetail {
	t.Helper()
	require.Equal(t, status, a.status, "%s", a.body)
	if a.method == http.MethodHead {
		require.Empty(t, a.body)
		return gen.ErrorDetail{}
	}
	detail := a.detail(t)
	require.Equal(t, code, detail.Code)
	require.NotEmpty(t, detail.Message)
	require.Equal(t, code == "validation_error", detail.Fields != nil)
	return detail
}
