package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// pumpApart is the pump in a process of its own, on one processor, as wrk with one thread is.
func pumpApart(ctx context.Context, d demand, span time.Duration) (a answers, err error) {
	p, err := inRole(rolePump, strings.Join(d.urls, ","), d.key, strconv.Itoa(d.connections), span.String())
	if err != nil {
		return a, err
	}
	p.env = append(p.env, "GOMAXPROCS=1")
	out, err := p.output(ctx)
	if err != nil {
		return a, fmt.Errorf("pump: %w", err)
	}
	_, err = fmt.Sscan(out, &a.rate, &a.tail)
	return a, err
}

// playPump is the pump for arguments as pumpApart writes them.
func playPump(ctx context.Context, args []string, stdout io.Writer) error {
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	span, err := time.ParseDuration(args[3])
	if err != nil {
		return err
	}
	a, err := pump(ctx, demand{strings.Split(args[0], ","), args[1], count}, span)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, a.rate, a.tail)
	return err
}

// pump is pressure by plain connections: an http.Client would cost more than what it asks.
func pump(ctx context.Context, d demand, span time.Duration) (answers, error) {
	host, requests, err := d.requests(ctx)
	if err != nil {
		return answers{}, err
	}
	times := make([][]float64, d.connections)
	started := time.Now()
	ctx, stop := context.WithTimeout(ctx, span+stopTime)
	defer stop()
	all, ctx := errgroup.WithContext(ctx)
	for i := range times {
		all.Go(func() (err error) {
			times[i], err = pumpOne(ctx, host, requests, started.Add(span))
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return answers{}, err
	}
	took := slices.Concat(times...)
	return answers{float64(len(took)) / time.Since(started).Seconds(), percentile(took, 99)}, nil
}

// requests are the demand's, as they are written to its host.
func (d demand) requests(ctx context.Context) (host string, all [][]byte, err error) {
	for _, url := range d.urls {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return "", nil, err
		}
		request.Header.Set("Authorization", "Bearer "+d.key)
		var text bytes.Buffer
		if err := request.Write(&text); err != nil {
			return "", nil, err
		}
		host, all = request.URL.Host, append(all, text.Bytes())
	}
	return host, all, nil
}

// pumpOne asks on one connection until the end, once at least, and tells how long each answer took.
func pumpOne(ctx context.Context, host string, requests [][]byte, end time.Time) (took []float64, err error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for began := time.Now(); len(took) == 0 || began.Before(end); began = time.Now() {
		if _, err := conn.Write(requests[len(took)%len(requests)]); err != nil {
			return nil, err
		}
		if err := readAnswer(reader); err != nil {
			return nil, err
		}
		took = append(took, float64(time.Since(began)))
	}
	return took, nil
}

func readAnswer(r *bufio.Reader) error {
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
