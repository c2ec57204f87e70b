package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/roughy-go/roughy/internal/pgtest"
)

// database is one that roughyd works on, and the names of its rows.
type database struct {
	address                        func(context.Context) (string, error) // of a new, empty one
	beside                         func(context.Context, endpoint, pressure) (speed, tail []entry, err error)
	get, tail, started, size, idle string
}

// onSQLite is the database without an address.
func onSQLite() database {
	return database{address: func(context.Context) (string, error) { return "", nil }}
}

// sqliteRows are the rows of roughyd on SQLite.
func (s *stage) sqliteRows(ctx context.Context, pattern *regexp.Regexp) ([]row, error) {
	return s.databaseRows(ctx, pattern, database{
		onSQLite().address, s.besideHandler,
		rowGet, rowGetTail, rowStarted, rowSize, rowIdle,
	})
}

// postgresRows are those of roughyd on Postgres; none, with a note why, where there is no Postgres.
func (s *stage) postgresRows(ctx context.Context, pattern *regexp.Regexp) ([]row, error) {
	d := database{nil, nil, rowGetPostgres, rowGetPostgresTail, rowStartedPostgres, rowSizePostgres, rowIdlePostgres}
	if !slices.ContainsFunc(d.rows(), pattern.MatchString) {
		return nil, nil
	}
	at, err := s.postgres()
	if errors.Is(err, pgtest.ErrMissing) {
		s.note("roughyd on Postgres is not measured: %v", err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d.address = at.Database
	d.beside = func(ctx context.Context, _ endpoint, _ pressure) (speed, tail []entry, err error) {
		pgbench, err := s.besidePgbench(ctx, at)
		return []entry{pgbench}, nil, err // it does not tell of a tail
	}
	return s.databaseRows(ctx, pattern, d)
}

func (d database) rows() []string { return []string{d.get, d.tail, d.started, d.size, d.idle} }

// databaseRows are the rows that the pattern matches. Each has servers of its own, in new databases.
func (s *stage) databaseRows(ctx context.Context, pattern *regexp.Regexp, d database) (rows []row, err error) {
	press, tool := findPressure()
	for _, kind := range []struct {
		names []string
		rows  func() ([]row, error)
	}{
		{[]string{d.get, d.tail}, func() ([]row, error) { return s.getRows(ctx, d, press) }},
		{[]string{d.started}, func() ([]row, error) { return one(s.startedRow(ctx, d)) }},
		{[]string{d.size}, func() ([]row, error) { return one(s.sizeRow(ctx, d)) }},
		{[]string{d.idle}, func() ([]row, error) { return one(s.idleRow(ctx, d, press)) }},
	} {
		if !slices.ContainsFunc(kind.names, pattern.MatchString) {
			continue
		}
		fmt.Fprintf(s.progress, "getting ready: %s\n", kind.names[0])
		ready, err := kind.rows()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind.names[0], err)
		}
		rows = append(rows, ready...)
	}
	if len(rows) > 0 {
		s.note("%s: by %s with %d connections", d.get, tool, clients)
	}
	return rows, nil
}

func one(r row, err error) ([]row, error) { return []row{r}, err }

// getRows are how many GETs of a completed render roughyd answers beside somebody else, and within what time all but the slowest.
func (s *stage) getRows(ctx context.Context, d database, press pressure) ([]row, error) {
	e, err := s.endpoint(ctx, d)
	if err != nil {
		return nil, err
	}
	if _, err := e.body(ctx); err != nil {
		return nil, err
	}
	ours, oursTail := s.loaded(nameOurs, e.server, press, e.demand)
	many, err := fill(ctx, e.store, e.render, fewRenders)
	if err != nil {
		return nil, err
	}
	each, eachTail := s.loaded(nameEach, e.server, press, demand{e.urls(many...), e.demand.key, clients})
	theirs, theirsTail, err := d.beside(ctx, e, press)
	return []row{
		{name: d.get, entries: append([]entry{ours, each}, theirs...)},
		{name: d.tail, entries: append([]entry{oursTail, eachTail}, theirsTail...)},
	}, err
}

// besideHandler is a bare handler of what the endpoint answers, in a process of its own.
func (s *stage) besideHandler(ctx context.Context, e endpoint, press pressure) (speed, tail []entry, err error) {
	at, d, err := s.handler(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	answers, slowest := s.loaded(nameHandler, at, press, d)
	return []entry{answers}, []entry{slowest}, nil
}
