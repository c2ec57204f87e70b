// Package roughytest is a server of the renders endpoint for your own tests: real keys, real signed links, every answer held to
// the documented contract, and renders that go through their states when your test says so.
//
// Start with NewServer, Server.Add and Server.Advance:
//
//	func TestFetch(t *testing.T) {
//		server := roughytest.NewServer(t)
//		id := server.Add(roughytest.Render{Bytes: []byte("video")})
//		client, err := roughy.NewClient(server.Key(), roughy.WithBaseURL(server.URL()))
//		require.NoError(t, err)
//
//		render, err := client.Render(t.Context(), id)
//		require.NoError(t, err)
//		require.Equal(t, roughy.StatePending, render.State)
//
//		server.Advance(id) // to processing
//		server.Advance(id) // to completed
//		var output bytes.Buffer
//		_, err = client.Download(t.Context(), id, &output)
//		require.NoError(t, err)
//		require.Equal(t, "video", output.String())
//
//		server.Break(id, roughytest.MissingState)
//		_, err = client.Render(t.Context(), id)
//		require.ErrorIs(t, err, roughy.ErrContract)
//	}
//
// # On a socket and in memory
//
// NewServer listens on 127.0.0.1, for code that takes a URL. NewInMemory listens nowhere: its Transport carries each request
// over a pipe in this process, through all of net/http, so that headers, lengths and connections that break are the real
// ones. It starts no goroutine that outlives an answer. Everything else is the same in both.
//
// # Time
//
// Nothing happens by itself: a render stays in its state until Server.Advance or Server.Fail, unless its Render asks for
// states that change with its reads, or with the clock. That clock is time.Now, so that in a bubble of testing/synctest, which
// needs NewInMemory, waiting takes no time:
//
//	func TestPatience(t *testing.T) {
//		synctest.Test(t, func(t *testing.T) {
//			server := roughytest.NewInMemory(t)
//			id := server.Add(roughytest.Render{Every: time.Minute})
//			render, err := server.Client().Wait(t.Context(), id)
//			require.NoError(t, err)
//			require.Equal(t, roughy.StateCompleted, render.State)
//			require.Equal(t, 2*time.Minute, render.CompletedAt.Sub(render.CreatedAt))
//		})
//	}
//
// # Broken contracts
//
// Server.Break makes the answers about one render break the contract in one of the ways of Breaks. Each names the rule that a check
// of it reports, how bad that is, in which states it shows and after how many reads, for tests that go through all of them.
// Server.Answer puts a handler of yours around the answers, for what keeps the contract and is no render: a 429, a 503 twice
// and then the render, one that takes its time.
//
// # Safety
//
// All methods may be called from many goroutines. Those that are told of a render or a key that is not there, or of something that
// the contract does not know, end the test by Fatalf, so call these from the test's own goroutine. Neither a key nor the query of a link is in what Requests returns,
// or in what a test is failed with.
package roughytest

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
)

// TB is what is needed of a test: a *testing.T, a *testing.B and a testing.TB have it. Fatalf does not return.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// defaultOwner has the renders for which no owner is named, and the key that Key returns.
const defaultOwner = "owner"

// memoryURL is the base URL of a server that listens nowhere: of a reserved domain, so that it leads nowhere else either.
const memoryURL = "https://roughy.test"

// Server is a server of the documented endpoint, with all that it knows in memory. It is safe for concurrent use.
type Server struct {
	t         TB
	url       string
	key       string
	endpoint  http.Handler // what keeps the contract
	handler   http.Handler // what requests reach
	transport *http.Transport

	mu       sync.Mutex
	owners   map[[32]byte]string // by the hashes of their keys
	rows     map[uuid.UUID]*row
	secret   string // signs links
	requests []*Request
}

// NewServer starts a server on a socket of 127.0.0.1. It is closed when the test ends.
func NewServer(t TB) *Server {
	t.Helper()
	s := newServer(t)
	socket := httptest.NewServer(s.handler)
	s.url, s.transport = socket.URL, socketTransport(socket.Listener.Addr())
	t.Cleanup(func() {
		s.transport.CloseIdleConnections()
		socket.Close()
	})
	return s
}

// NewInMemory makes a server without a socket, which Transport and Client reach.
func NewInMemory(t TB) *Server {
	t.Helper()
	s := newServer(t)
	s.url, s.transport = memoryURL, memoryTransport(s.handler)
	return s
}

func newServer(t TB) *Server {
	t.Helper()
	s := &Server{t: t, owners: map[[32]byte]string{}, rows: map[uuid.UUID]*row{}, secret: rand.Text()}
	endpoint, err := api.New(api.Config{Store: store{s}, Links: links{s}})
	if err != nil {
		t.Fatalf("roughytest: %v", err)
	}
	s.endpoint, s.key = endpoint, s.NewKey("")
	s.handler = s.recorded(route(http.HandlerFunc(s.altered), links{s}))
	return s
}

// URL is the base URL of the server, for roughy.WithBaseURL: http://127.0.0.1:PORT, or one that only Transport reaches.
func (s *Server) URL() string { return s.url }

// Key is a good API key of the owner of all renders for which none is named.
func (s *Server) Key() string { return s.key }

// Transport reaches this server, whatever host and scheme a request names. It is for http.Client.Transport.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// Client is a client of this server, with its key. Options come after those that make it one: WithMode, WithReports, WithPolling
// for a test that does not want to wait, WithRetry for one that is about that, WithHTTPClient around Transport for another timeout.
// Default: as roughy.NewClient makes it, with a timeout of 30 seconds a read, but that it asks once, so that a test sees each answer.
func (s *Server) Client(opts ...roughy.Option) *roughy.Client {
	s.t.Helper()
	opts = append([]roughy.Option{
		roughy.WithBaseURL(s.url), roughy.WithHTTPClient(&http.Client{Transport: s.transport, Timeout: 30 * time.Second}),
		roughy.WithRetry(roughy.RetryOptions{Attempts: 1}),
	}, opts...)
	client, err := roughy.NewClient(s.key, opts...)
	if err != nil {
		s.t.Fatalf("roughytest: client: %v", err)
	}
	return client
}
