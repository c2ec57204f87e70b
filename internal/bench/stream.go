package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// streamTries is how many streams are begun in a turn. The turn's time is their median.
const streamTries = 50

// streamRow is how long the first byte of a stream takes that sends nothing more until somebody has seen it.
func streamRow(p proxies) row {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: startTime}
	return row{name: rowStream, entries: []entry{
		streamed(client, nameOurs, p.ours, p.upstream),
		streamed(client, namePlain, p.plain, p.upstream),
	}}
}

func streamed(client *http.Client, name string, at, upstream *server) entry {
	return entry{contender: name, memory: at.memory, turn: func(ctx context.Context) (float64, error) {
		times := make([]float64, streamTries)
		for i := range times {
			var err error
			if times[i], err = firstByte(ctx, client, at, upstream); err != nil {
				return 0, err
			}
		}
		return median(times), nil
	}}
}

// firstByte is the time from the request to the first byte of the body, in nanoseconds. The upstream is let go only then, so
// a proxy that holds bytes back never gets there.
func firstByte(ctx context.Context, client *http.Client, at, upstream *server) (float64, error) {
	started := time.Now()
	resp, err := get(ctx, client, at.url+renderPath+"?"+streamQuery)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	var first [1]byte
	if _, err := io.ReadFull(resp.Body, first[:]); err != nil {
		return 0, err
	}
	took := time.Since(started)
	released, err := get(ctx, client, upstream.url+releasePath)
	if err != nil {
		return 0, err
	}
	rest, err := io.ReadAll(resp.Body)
	if err == nil && string(first[:])+string(rest) != bodyLong {
		err = errors.New("another stream than the upstream's came through")
	}
	return float64(took), errors.Join(err, released.Body.Close())
}
