package roughy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// Client reads renders and holds every answer to the contract. It is safe for concurrent use, and prints without its key.
type Client struct {
	api        *gen.Client
	base       *url.URL
	document   *contract.Contract // nil where nothing is judged
	links      http.RoundTripper  // for signed links: never carries the key
	mode       Mode
	reports    func(Report)
	first, max time.Duration       // pauses of Watch
	clean      func(string) string // takes secrets out of texts
}

// NewClient makes a client that sends apiKey, or the environment's ROUGHY_API_KEY if that is "". It makes no request. It
// fails on a key that cannot be one, on a base URL that is none or would send the key in clear, and on options that
// contradict themselves. Default: DefaultBaseURL, every answer enforced.
func NewClient(apiKey string, opts ...Option) (*Client, error) {
	s, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	key, err := keyOf(apiKey)
	if err != nil {
		return nil, err
	}
	base, err := s.base()
	if err != nil {
		return nil, err
	}
	c := &Client{
		base: base, links: s.httpClient.Transport,
		mode: s.mode, reports: s.reports, first: s.first, max: s.max, clean: cleaner(key),
	}
	if c.links == nil {
		c.links = http.DefaultTransport
	}
	checked, err := c.checked(s.httpClient)
	if err != nil {
		return nil, err
	}
	origin := url.URL{Scheme: base.Scheme, Host: base.Host}
	c.api, err = gen.NewClient(origin.String(), gen.WithHTTPClient(checked), gen.WithRequestEditorFn(
		func(_ context.Context, req *http.Request) error {
			req.Header.Set("Authorization", "Bearer "+key)
			req.Header.Set("Accept-Encoding", "gzip") // net/http would undo what it asks for itself, and hide its faults
			return nil
		}))
	if err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	return c, nil
}

// checked is a copy of hc that follows no redirect and judges what comes back. What to do about a verdict is decided where
// the answer is read, which knows its status.
func (c *Client) checked(hc *http.Client) (*http.Client, error) {
	out := *hc
	out.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	out.Transport = c.links
	if c.base.Path != "" {
		out.Transport = &mount{c.links, c.base.Path}
	}
	if c.mode == Off {
		return &out, nil
	}
	var err error
	if c.document, err = document(); err != nil {
		return nil, err
	}
	out.Transport = intercept.Transport(out.Transport, intercept.Options{
		Judge: c.document, Mode: ReportOnly, OnReport: note,
	})
	return &out, nil
}

// String names the client by its base URL.
func (c *Client) String() string { return "roughy client of " + c.base.String() }

// Render reads a render once. The answer is judged before it is decoded; in Enforce, the default, a broken contract is a
// *ContractError and no render is returned. A render that failed is a render, with its Failure. What the API refuses is an
// *Error, in which errors.Is finds ErrNotFound, ErrUnauthenticated and ErrRateLimited. The end of ctx ends it at once.
func (c *Client) Render(ctx context.Context, id uuid.UUID) (*Render, error) {
	return c.read(ctx, id, nil)
}

// mount puts a base URL's path in front of the documented paths, below the place where answers are judged.
type mount struct {
	http.RoundTripper
	path string
}

// RoundTrip implements http.RoundTripper.
func (m *mount) RoundTrip(req *http.Request) (*http.Response, error) {
	below := req.Clone(req.Context())
	below.URL.Path = m.path + req.URL.Path
	below.URL.RawPath = ""
	return m.RoundTripper.RoundTrip(below)
}

// loopback reports whether a URL stays on this machine.
func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
