package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// pumpApart is the pump in a process of its own, on one processor, as wrk with one thread is.
func pumpApart(ctx context.Context, url string, span time.Duration) (float64, error) {
	p, err := inRole(rolePump, url, span.String())
	if err != nil {
		return 0, err
	}
	p.env = append(p.env, "GOMAXPROCS=1")
	out, err := p.output(ctx)
	if err != nil {
		return 0, fmt.Errorf("pump: %w", err)
	}
	return strconv.ParseFloat(out, 64)
}

// pump is pressure by plain connections: an http.Client would cost more than what it asks.
func pump(ctx context.Context, url string, span time.Duration) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", authorization)
	var text bytes.Buffer
	if err := request.Write(&text); err != nil {
		return 0, err
	}
	var answers atomic.Int64
	started := time.Now()
	ctx, stop := context.WithTimeout(ctx, span+stopTime)
	defer stop()
	all, ctx := errgroup.WithContext(ctx)
	for range connections {
		all.Go(func() error {
			n, err := pumpOne(ctx, request.URL.Host, text.Bytes(), started.Add(span))
			answers.Add(n)
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return 0, err
	}
	return float64(answers.Load()) / time.Since(started).Seconds(), nil
}

// pumpOne asks on one connection until the end, and counts the answers.
func pumpOne(ctx context.Context, host string, request []byte, end time.Time) (answers int64, err error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return 0, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for ; time.Now().Before(end); answers++ {
		if _, err := conn.Write(request); err != nil {
			return answers, err
		}
		if err := readAnswer(reader); err != nil {
			return answers, err
		}
	}
	return answers, nil
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
