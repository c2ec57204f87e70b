package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

// nameHandler is a server that does nothing but write what ours writes.
const nameHandler = "bare net/http handler, same bytes"

// nameEach is ours asked for more renders than it remembers, so that the database is asked for most of them, too.
const nameEach = "ours, 1,000 renders in turn"

// clients are how many ask roughyd at once, and Postgres beside it.
const clients = 64

// bare writes the same bytes to everybody.
func bare(body []byte) http.Handler {
	length := strconv.Itoa(len(body))
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(body)
	})
}

// endpoint is roughyd with a completed render in it.
type endpoint struct {
	*house
	clip   uuid.UUID // the asset
	render uuid.UUID
	server *server
	demand demand // for that render
}

// endpoint starts roughyd on a new database.
func (s *stage) endpoint(ctx context.Context, d database) (e endpoint, err error) {
	address, err := d.address(ctx)
	if err != nil {
		return e, err
	}
	if e.house, err = s.house(ctx, address); err != nil {
		return e, err
	}
	if e.server, err = s.roughyd(ctx, e.house, address); err != nil {
		return e, err
	}
	if e.clip, err = e.newClip(ctx); err != nil {
		return e, err
	}
	r, err := e.newRender(ctx, e.clip, roughy.Output{})
	if err != nil {
		return e, err
	}
	e.render = r.ID
	e.demand = demand{urls: e.urls(r.ID), connections: clients}
	e.demand.key, err = e.newKey(ctx)
	return e, err
}

// urls are where renders are read.
func (e endpoint) urls(ids ...uuid.UUID) (all []string) {
	for _, id := range ids {
		all = append(all, e.server.url+"/v1/renders/"+id.String())
	}
	return all
}

// body is the render as the endpoint tells it.
func (e endpoint) body(ctx context.Context) ([]byte, error) {
	body, err := fetch(ctx, e.demand)
	if err != nil {
		return nil, err
	}
	var render gen.Render
	if err := json.Unmarshal(body, &render); err != nil {
		return nil, err
	}
	if render.DownloadURL == nil {
		return nil, errors.New("the render has no link")
	}
	return body, nil
}

// fetch asks once.
func fetch(ctx context.Context, d demand) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.urls[0], nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+d.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return io.ReadAll(resp.Body)
}

// handler is a bare handler of what the endpoint answers, in a process of its own, and the demand for it.
func (s *stage) handler(ctx context.Context, e endpoint) (*server, demand, error) {
	body, err := e.body(ctx)
	if err != nil {
		return nil, demand{}, err
	}
	path := filepath.Join(e.dir, "body.json")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		return nil, demand{}, err
	}
	at, err := s.serveRole(ctx, roleBare, path)
	if err != nil {
		return nil, demand{}, err
	}
	d := e.demand
	d.urls = []string{at.url + renderPath}
	return at, d, nil
}
