package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/roughy-go/roughy/internal/pgtest"
)

// namePgbench is what Postgres does for a client that asks for nothing but a row.
const namePgbench = "pgbench -S"

// pgbenchScale makes pgbench's table a million rows long.
const pgbenchScale = "10"

// postgres starts a Postgres that ends with the stage.
func (s *stage) postgres() (*pgtest.Server, error) {
	started, err := pgtest.Open()
	if err == nil {
		s.ends = append(s.ends, started.Close)
	}
	return started, err
}

// besidePgbench is as many clients as ask roughyd, on the same Postgres. A run is a transaction.
func (s *stage) besidePgbench(ctx context.Context, at *pgtest.Server) (entry, error) {
	database, err := at.Database(ctx)
	if err != nil {
		return entry{}, err
	}
	path, err := at.Program("pgbench")
	if err != nil {
		return entry{}, err
	}
	fill := program{path: path, args: []string{"--initialize", "--quiet", "--scale", pgbenchScale, database}}
	if _, err := fill.output(ctx); err != nil {
		return entry{}, fmt.Errorf("pgbench --initialize: %w", err)
	}
	seconds := max(1, int(s.span.Round(time.Second)/time.Second))
	ask := program{path: path, args: []string{
		"--select-only", "--no-vacuum", "--client", strconv.Itoa(clients), "--time", strconv.Itoa(seconds), database,
	}}
	return entry{contender: namePgbench, turn: func(ctx context.Context) (float64, error) {
		said, err := ask.output(ctx)
		if err != nil {
			return 0, fmt.Errorf("pgbench: %w", err)
		}
		rate, err := transactions(said)
		return 1e9 / rate, err
	}}, nil
}

var pgbenchRate = regexp.MustCompile(`(?m)^tps = ([\d.]+) `)

// transactions is how many pgbench counted in a second.
func transactions(said string) (float64, error) {
	rate := pgbenchRate.FindStringSubmatch(said)
	if rate == nil {
		return 0, fmt.Errorf("pgbench: no line of transactions a second: %.300s", said)
	}
	return strconv.ParseFloat(rate[1], 64)
}
