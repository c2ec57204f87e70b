package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// connections are how many ask at once, each again as soon as it is answered.
const connections = 32

// The API key is on every request: without it, whoever judges requests too would have something to say.
const (
	key           = "sk_bench"
	authorization = "Bearer " + key
)

// pressure loads a server for a span with requests for one URL, and says how many it answered in a second. Anything else
// than a 200 is an error.
type pressure func(ctx context.Context, url string, span time.Duration) (rate float64, err error)

// findPressure is wrk if it is on the PATH, or else the bench's own, which costs the machine a little more.
func findPressure() (pressure, string) {
	if path, err := exec.LookPath("wrk"); err == nil {
		return wrk(path), "wrk, 1 thread and 32 connections"
	}
	return pumpApart, "the bench's own pump, 1 processor and 32 connections; install wrk to have that"
}

// wrk knows whole seconds alone.
func wrk(path string) pressure {
	return func(ctx context.Context, url string, span time.Duration) (float64, error) {
		seconds := max(1, int(span.Round(time.Second)/time.Second))
		out, err := program{path: path, args: []string{
			"-t1", fmt.Sprintf("-c%d", connections), fmt.Sprintf("-d%ds", seconds), "-H", "Authorization: " + authorization, url,
		}}.command(ctx).Output()
		if err != nil {
			return 0, fmt.Errorf("wrk: %w", err)
		}
		return wrkRate(string(out))
	}
}

// wrkRate reads what wrk printed.
func wrkRate(out string) (float64, error) {
	for _, trouble := range []string{"Non-2xx", "Socket errors"} {
		if _, rest, ok := strings.Cut(out, trouble); ok {
			line, _, _ := strings.Cut(rest, "\n")
			return 0, fmt.Errorf("wrk: %s%s", trouble, line)
		}
	}
	rate := regexp.MustCompile(`(?m)^Requests/sec:\s+([\d.]+)$`).FindStringSubmatch(out)
	if rate == nil {
		return 0, errors.New("wrk: no line of requests a second")
	}
	return strconv.ParseFloat(rate[1], 64)
}
