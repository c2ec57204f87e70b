package main

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

// The bare client is what whoever generates one has: it decodes with encoding/json, and checks nothing. By itself it waits for ever.
const (
	nameBare    = "bare generated client"
	nameBareEnd = "bare generated client, with a timeout"
)

// readTimeout is that of our client's reads.
const readTimeout = 30 * time.Second

// readSpan is longer than the usual span, because a read waits for another process to wake up, sooner or later.
const readSpan = 200 * time.Millisecond

// clientRows are the rows in which a client reads a render.
func (s *stage) clientRows(ctx context.Context, pattern *regexp.Regexp) ([]row, error) {
	if !pattern.MatchString(rowClient) {
		return nil, nil
	}
	upstream, err := s.serveRole(ctx, roleUpstream)
	if err != nil {
		return nil, fmt.Errorf("%s: upstream: %w", rowClient, err)
	}
	r, err := clientRow(ctx, upstream.url)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rowClient, err)
	}
	s.note("the clients are as they come, over http.DefaultTransport; all ask for gzip, and the upstream sends none")
	return []row{r}, nil
}

// clientRow is one read after another, on a connection that is kept.
func clientRow(ctx context.Context, url string) (row, error) {
	id, err := roughy.ParseID(renderID)
	if err != nil {
		return row{}, err
	}
	ours, err := roughy.NewClient(key, roughy.WithBaseURL(url))
	if err != nil {
		return row{}, err
	}
	r := row{name: rowClient, bytes: len(bodyLong), span: readSpan, entries: []entry{{contender: nameOurs, run: readOurs(ctx, ours, id)}}}
	for _, b := range []struct {
		name   string
		client *http.Client
	}{{nameBare, &http.Client{}}, {nameBareEnd, &http.Client{Timeout: readTimeout}}} {
		bare, err := gen.NewClientWithResponses(url, gen.WithHTTPClient(b.client), gen.WithRequestEditorFn(authorize))
		if err != nil {
			return row{}, err
		}
		r.entries = append(r.entries, entry{contender: b.name, run: readBare(ctx, bare, id)})
	}
	return r, nil
}

func authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", authorization)
	return nil
}

func readOurs(ctx context.Context, client *roughy.Client, id uuid.UUID) judge {
	return func() bool {
		_, err := client.Render(ctx, id)
		return err != nil
	}
}

// readBare notices no more than an answer that is no 200, or that it cannot decode.
func readBare(ctx context.Context, client *gen.ClientWithResponses, id uuid.UUID) judge {
	return func() bool {
		resp, err := client.ReadRenderWithResponse(ctx, id)
		return err != nil || resp.JSON200 == nil
	}
}
