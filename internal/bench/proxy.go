package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"

	"github.com/roughy-go/roughy/internal/intercept"
)

// namePlain is the proxy that ours must not be much slower than.
const namePlain = "httputil.ReverseProxy, same transport"

// plainProxy hands on to target and does nothing else, through the transport that ours has.
func plainProxy(target string) (http.Handler, error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	return &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(u) },
		Transport: intercept.NewTransport(),
		ErrorLog:  log.New(io.Discard, "", 0),
	}, nil
}

// proxies are all that stand before one upstream.
type proxies struct {
	upstream *server
	ours     *server
	plain    *server
}

// proxyRows are the rows in which a render passes a proxy.
func (s *stage) proxyRows(ctx context.Context, pattern *regexp.Regexp) (rows []row, err error) {
	loaded, streamed := pattern.MatchString(rowProxy), pattern.MatchString(rowStream)
	if !loaded && !streamed {
		return nil, nil
	}
	fmt.Fprintln(s.progress, "getting ready: proxies")
	p, err := s.startProxies(ctx)
	if err != nil {
		return nil, err
	}
	if loaded {
		r, err := s.proxyRow(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", rowProxy, err)
		}
		rows = append(rows, r)
	}
	if streamed {
		rows = append(rows, streamRow(p))
	}
	return rows, nil
}

func (s *stage) startProxies(ctx context.Context) (p proxies, err error) {
	path, err := s.build(ctx, "roughy")
	if err != nil {
		return p, err
	}
	if p.upstream, err = s.serveRole(ctx, roleUpstream); err != nil {
		return p, fmt.Errorf("upstream: %w", err)
	}
	if p.plain, err = s.serveRole(ctx, rolePlain, p.upstream.url); err != nil {
		return p, fmt.Errorf("plain proxy: %w", err)
	}
	args := []string{"proxy", "--upstream", p.upstream.url, "--addr", "127.0.0.1:0"}
	if p.ours, err = s.serve(ctx, program{path: path, args: args, onStderr: true}); err != nil {
		return p, fmt.Errorf("roughy proxy: %w", err)
	}
	return p, nil
}

// proxyRow is how many answers pass a proxy.
func (s *stage) proxyRow(ctx context.Context, p proxies) (row, error) {
	r := row{name: rowProxy, bytes: len(bodyLong)}
	press, tool := findPressure()
	s.note("the proxies are loaded by %s with %d connections", tool, connections)
	for _, c := range []struct {
		name   string
		server *server
	}{{nameOurs, p.ours}, {namePlain, p.plain}} {
		if err := handsOn(ctx, c.server, bodyLong); err != nil {
			return row{}, fmt.Errorf("%s: %w", c.name, err)
		}
		r.entries = append(r.entries, s.pressed(c.name, c.server, press))
	}
	prisms, err := s.prisms(ctx, p.upstream, press)
	r.entries = append(r.entries, prisms...)
	return r, err
}

// pressed is a proxy whose turn is to be loaded.
func (s *stage) pressed(name string, at *server, press pressure) entry {
	loaded, _ := s.loaded(name, at, press, demand{[]string{at.url + renderPath}, key, connections})
	return loaded
}

// loaded is a server whose turn is to be under a demand for the span. A run is an answer. tail is for a row that comes later, and
// tells what the same turn did: how long the slowest of a hundred took.
func (s *stage) loaded(name string, at *server, press pressure, d demand) (speed, tail entry) {
	var last answers
	speed = entry{contender: name, memory: at.memory, turn: func(ctx context.Context) (took float64, err error) {
		last, err = press(ctx, d, s.span)
		return 1e9 / last.rate, err
	}}
	tail = entry{contender: name, turn: func(context.Context) (float64, error) { return last.tail, nil }}
	return speed, tail
}

// handsOn tells whether the render comes through, and as it was sent; want is "" where another text of it will do.
func handsOn(ctx context.Context, at *server, want string) error {
	resp, err := get(ctx, http.DefaultClient, at.url+renderPath)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && want != "" && string(body) != want {
		err = errors.New("another body than the upstream's came through")
	}
	return err
}

// get asks as all who ask the proxies do. An answer that is no 200 is an error.
func get(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", authorization)
	resp, err := client.Do(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.Join(fmt.Errorf("status %d", resp.StatusCode), resp.Body.Close())
	}
	return resp, err
}
