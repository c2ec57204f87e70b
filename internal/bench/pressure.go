package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// connections are how many ask a proxy at once.
const connections = 32

// The API key is on every request: without it, whoever judges requests too would have something to say.
const (
	key           = "sk_bench"
	authorization = "Bearer " + key
)

// demand is what a server is asked for, and by how many at once, each again as soon as it is answered.
type demand struct {
	urls        []string // all of one server, in turn
	key         string
	connections int
}

// answers is what came of a demand.
type answers struct {
	rate float64 // in a second
	tail float64 // nanoseconds within which 99 of 100 were there
}

// pressure puts a server under a demand for a span. An answer that is no 200 is an error.
type pressure func(ctx context.Context, d demand, span time.Duration) (answers, error)

// findPressure is wrk if it is on the PATH, or else the bench's own, which costs the machine a little more.
func findPressure() (pressure, string) {
	if path, err := exec.LookPath("wrk"); err == nil {
		return wrk(path), "wrk, on 1 thread"
	}
	return pumpApart, "the bench's own pump, on 1 processor; apt-get install wrk to have that"
}

// wrk knows whole seconds alone.
func wrk(path string) pressure {
	return func(ctx context.Context, d demand, span time.Duration) (answers, error) {
		seconds := max(1, int(span.Round(time.Second)/time.Second))
		args := []string{"-t1", fmt.Sprintf("-c%d", d.connections), fmt.Sprintf("-d%ds", seconds), "--latency", "-H", "Authorization: Bearer " + d.key}
		if len(d.urls) > 1 {
			script, err := wrkScript(d.urls)
			if err != nil {
				return answers{}, err
			}
			defer os.Remove(script)
			args = append(args, "--script", script)
		}
		out, err := program{path: path, args: append(args, d.urls[0])}.output(ctx)
		if err != nil {
			return answers{}, fmt.Errorf("wrk: %w", err)
		}
		return wrkAnswers(out)
	}
}

// wrkScript is a file that makes wrk ask for the URLs in turn. The requests are written before it begins, so that it takes hardly
// longer for one.
func wrkScript(urls []string) (path string, err error) {
	var text strings.Builder
	text.WriteString("local requests, last = {}, 0\nfunction init()\n")
	for _, full := range urls {
		u, err := url.Parse(full)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&text, "  table.insert(requests, wrk.format(nil, %q))\n", u.RequestURI())
	}
	text.WriteString("end\nfunction request()\n  last = last % #requests + 1\n  return requests[last]\nend\n")
	file, err := os.CreateTemp("", "roughy-bench-*.lua")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(text.String())
	return file.Name(), errors.Join(err, file.Close())
}

// What wrk prints of the answers.
var (
	wrkRate = regexp.MustCompile(`(?m)^Requests/sec:\s+([\d.]+)$`)
	wrkTail = regexp.MustCompile(`(?m)^\s+99%\s+(\S+)$`)
)

// wrkAnswers reads what wrk printed.
func wrkAnswers(out string) (a answers, err error) {
	for _, trouble := range []string{"Non-2xx", "Socket errors"} {
		if _, rest, ok := strings.Cut(out, trouble); ok {
			line, _, _ := strings.Cut(rest, "\n")
			return a, fmt.Errorf("wrk: %s%s", trouble, line)
		}
	}
	rate, tail := wrkRate.FindStringSubmatch(out), wrkTail.FindStringSubmatch(out)
	if rate == nil || tail == nil {
		return a, errors.New("wrk: no line of requests a second, or of 99%")
	}
	if a.rate, err = strconv.ParseFloat(rate[1], 64); err != nil {
		return a, err
	}
	slowest, err := time.ParseDuration(tail[1])
	a.tail = float64(slowest)
	return a, err
}
