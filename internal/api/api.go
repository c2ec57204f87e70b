// Package api serves the documented endpoint: New makes the handler from a Store and Links, NewHTTPServer a server with limits
// for it, and NewKey the keys that it takes. It is the adapter under the generated server, and the only one that knows which
// error becomes which status.
//
// # Promises
//
// Each sentence is a test of the suite, over a real socket.
//
//   - A good key reads its owner's renders.
//   - Without a good key the answer is 401, whatever else is wrong with the request.
//   - A key is one bearer token in exactly one Authorization header.
//   - A revoked key is refused from the next request on, or once KeyMemory is over.
//   - A key that asks more often than Rate allows is refused with 429 and Retry-After, and no other key is.
//   - Another owner's render is 404, in the same bytes as a render that is not there.
//   - An id is taken in its hyphenated form alone, and any other is 422 that names path.render_id.
//   - A completed render alone has a link, signed afresh for each read.
//   - A render that is over is told without Store while it is remembered, to its owner alone.
//   - Another path is 404, and no path is ever redirected.
//   - A target with a host in it is 404, wherever the host leads.
//   - Another method is 405 with the methods that are allowed.
//   - HEAD is answered like GET, without the body.
//   - A request's body is never read, and its connection ends with the answer.
//   - What goes wrong inside is 500 without detail, and the detail is in the log.
//   - What cannot be read now, or is still being read after Patience, is 503 with Retry-After.
//   - A panic is 500 too.
//   - An answer that breaks the contract is withheld unless the mode is to report only.
//   - No answer may be stored by a cache or framed or taken for another type, and each has its own request id.
//   - Each answer is observed once, and each that is documented with its verdict.
//   - An answer that its client did not get whole is observed as none.
//   - What Around puts beside the endpoint is guarded, logged and observed like it.
//   - No key and no link's query reaches the log.
//
// # Order
//
// Authentication comes before everything else, so that nobody without a key learns which paths and ids there are. The limit
// comes next: it counts what is refused after it, too, and nothing that has no good key.
//
// # What is ours
//
// The codes method_not_allowed, rate_limited, unavailable, internal and contract_violation are not documented, nor is
// Retry-After. They come in the documented envelope.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// Store is the two reads that the endpoint needs. It is safe for concurrent use, ends a read when its context is over, and what
// it does not find is roughy.ErrNotFound, wrapped or not. ErrUnavailable is a 503, any other error a 500.
type Store interface {
	// KeyOwner returns the owner of the key with this hash (HashKey). A revoked key is not found.
	KeyOwner(ctx context.Context, hash [32]byte) (owner string, err error)

	// ReadRender returns a render and, if it is completed, the key of its output in the bucket. A render of another owner
	// is not found.
	ReadRender(ctx context.Context, owner string, id uuid.UUID) (r roughy.Render, outputKey string, err error)
}

// Links signs links.
type Links interface {
	// Link returns a short-lived absolute URL of what the bucket holds under key. It is safe for concurrent use, and bounds by itself
	// how long it waits for what it signs with.
	Link(ctx context.Context, key string) (string, error)
}

// Config is what New needs.
type Config struct {
	Store  Store         // required
	Links  Links         // required
	Logger *slog.Logger  // where requests and failures are told, without secrets. Default: nowhere.
	Mode   contract.Mode // what happens to an answer of ours that breaks the contract. Default: Enforce, a 500 instead.

	// KeyMemory is how long a good key is taken without asking Store again, and so how long a revoked one may still work: at most
	// 5 seconds. Default: 0, Store is asked each time.
	KeyMemory time.Duration

	// RenderMemory is how many renders that are over are told without asking Store again. It is for a Store whose renders never change
	// or go once they are over. Default: 0, Store is asked each time.
	RenderMemory int

	// Rate is how many requests a second a key may make. After a while without any it may make as many as two seconds' at once.
	// Default: 0, no limit.
	Rate int

	// Patience is how long all that one request reads of Store may take together. Default: DefaultPatience.
	Patience time.Duration

	// Around puts what needs no key beside the endpoint: it is given the handler of that and returns the handler of all. Headers
	// that it sets stay as they are. Default: there is nothing else.
	Around func(endpoint http.Handler) (http.Handler, error)

	Observer Observer // counts what is answered. Default: nobody does.
}

// Server answers the documented operations. New wraps it in all that a request passes before.
type Server struct {
	renders *over
	links   Links
}

var _ gen.StrictServerInterface = (*Server)(nil)

// New returns the handler of the endpoint, which answers every path, with what Around puts beside it. It fails when Config lacks
// what it must have, or Around fails.
func New(c Config) (http.Handler, error) {
	if c.Store == nil || c.Links == nil {
		return nil, errors.New("api without store or links")
	}
	if c.KeyMemory < 0 || c.KeyMemory > longestKeyMemory {
		return nil, fmt.Errorf("key memory of %v: want 0s to %v, since a revoked key works as long", c.KeyMemory, longestKeyMemory)
	}
	if c.Rate < 0 {
		return nil, fmt.Errorf("rate of %d requests a second: want 1 or more, or 0 for no limit", c.Rate)
	}
	if c.RenderMemory < 0 {
		return nil, fmt.Errorf("render memory of %d: want 1 or more, or 0 for none", c.RenderMemory)
	}
	if c.Patience < 0 {
		return nil, fmt.Errorf("patience of %v: want more than 0s", c.Patience)
	}
	if c.Patience == 0 {
		c.Patience = DefaultPatience
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	document, err := contract.Load("openapi.yaml", roughy.Spec(), contract.AnyHost())
	if err != nil {
		return nil, fmt.Errorf("load spec: %w", err)
	}
	l := logger{c.Logger, c.Observer}
	renders := &over{store: c.Store, patience: patience(c.Patience), most: c.RenderMemory, known: map[whose]last{}}
	var h http.Handler = routes(&Server{renders, c.Links}, l)
	h = authenticate(h, newCallers(c), l)
	h = recovered(h, l)
	h = intercept.Handler(h, intercept.Options{Judge: document, Mode: c.Mode, OnReport: l.report})
	if c.Around != nil {
		if h, err = c.Around(h); err != nil {
			return nil, fmt.Errorf("beside the endpoint: %w", err)
		}
	}
	return traced(h, l), nil
}

// ReadRender answers GET /v1/renders/{render_id} for the owner whom the request was authenticated for.
func (s *Server) ReadRender(ctx context.Context, q gen.ReadRenderRequestObject) (gen.ReadRenderResponseObject, error) {
	owner := callOf(ctx).owner
	if owner == "" {
		return nil, roughy.ErrUnauthenticated
	}
	r, err := s.read(ctx, whose{owner, q.RenderID})
	if err != nil {
		return nil, err
	}
	answer := rendered(r.Gen())
	return &answer, nil
}

// read is a render with its link, if it has one.
func (s *Server) read(ctx context.Context, w whose) (roughy.Render, error) {
	r, outputKey, err := s.renders.read(ctx, w)
	if err != nil {
		return r, fmt.Errorf("read render: %w", err)
	}
	r.DownloadURL = ""
	if r.State == roughy.StateCompleted {
		if r.DownloadURL, err = s.links.Link(ctx, outputKey); err != nil {
			return r, fmt.Errorf("sign link: %w", err)
		}
	}
	return r, nil
}
