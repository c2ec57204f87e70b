package roughy

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/link"
)

// userAgent is what a Client calls itself.
const userAgent = "roughy-go"

// Client reads renders and holds every answer to the contract. It is safe for concurrent use, and prints without its key.
type Client struct {
	settings
	api      *gen.Client
	base     *url.URL
	document *contract.Contract  // nil where nothing is judged
	links    *link.Follower      // never carries the key
	clean    func(string) string // takes secrets out of texts
	late     error               // of an attempt that took longer than the HTTP client's Timeout
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
		settings: s, base: base, clean: cleaner(key),
		late: fmt.Errorf("no whole answer within %v: %w", s.httpClient.Timeout, context.DeadlineExceeded),
	}
	transport := http.DefaultTransport
	if given := s.httpClient.Transport; given != nil {
		transport = whole{given}
	}
	c.links = &link.Follower{Transport: transport, API: base, Clean: c.clean}
	checked, err := c.checked(transport)
	if err != nil {
		return nil, err
	}
	origin := url.URL{Scheme: base.Scheme, Host: base.Host}
	c.api, err = gen.NewClient(origin.String(), gen.WithHTTPClient(checked), gen.WithRequestEditorFn(
		func(_ context.Context, req *http.Request) error {
			req.Header.Set("Authorization", "Bearer "+key)
			req.Header.Set("User-Agent", userAgent)
			req.Header.Set("Accept-Encoding", "gzip") // net/http would undo what it asks for itself, and hide its faults
			return nil
		}))
	if err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	return c, nil
}

// String names the client by its base URL.
func (c *Client) String() string { return "roughy client of " + c.base.String() }

// GoString is String, so that %#v shows no secret either.
func (c *Client) GoString() string { return c.String() }

// LogValue is the client for log/slog: its base URL.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Render reads a render, again and again where that may help (WithRetry). The answer is judged before it is decoded; in Enforce,
// the default, a broken contract is a *ContractError and no render is returned. A render that failed is a render, with its Failure.
// What the API refuses is an *Error, in which errors.Is finds ErrNotFound, ErrUnauthenticated and ErrRateLimited. The end of ctx
// ends it at once.
func (c *Client) Render(ctx context.Context, id uuid.UUID) (*Render, error) {
	r, _, err := c.read(ctx, id, nil)
	return r, err
}
