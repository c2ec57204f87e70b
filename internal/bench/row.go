package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// The rows' names. Targets speak of them.
const (
	rowClean     = "render, 380 bytes"
	rowLong      = "render, 700 bytes"
	rowUnknown   = "render with an unknown field"
	rowDefective = "render without its state"
	rowList      = "list of renders, 1 MB"
	rowEvent     = "one of three events"
	rowLoad      = "load openapi.yaml"
	rowLoadLarge = "load a 1 MB document"
	rowProxy     = "proxy, render of 700 bytes"
	rowStream    = "proxy, first byte of a stream"
	rowRecorded  = "10,000 recorded renders"
	rowFirst     = "first verdict on a recorded render"
	rowFirstMany = "first verdict on 10,000 recorded renders"
	rowClient    = "client, a render over loopback"
	rowDownload  = "download of 1 GB over loopback to a file"

	rowGet             = "server, GET by 64 clients, SQLite"
	rowGetTail         = "server, the same: 99 in 100 within"
	rowGetPostgres     = "server, GET by 64 clients, Postgres"
	rowGetPostgresTail = "server, the same on Postgres: 99 in 100 within"
	rowStarted         = "server, created to started, SQLite: 95 in 100 within"
	rowStartedPostgres = "server, created to started, Postgres: 95 in 100 within"
	rowSize            = "server, GET of one in 1,000,000 renders, SQLite"
	rowSizePostgres    = "server, GET of one in 1,000,000 renders, Postgres"
	rowIdle            = "server, CPU time in an idle second, SQLite"
	rowIdlePostgres    = "server, CPU time in an idle second, Postgres"
	rowEncode          = "server, encoding of 10 s in 720p"
)

// row is one piece of work and all who do it, ours first.
type row struct {
	name    string
	bytes   int           // of the body, the document or the recording; 0 where they are not what counts
	defect  bool          // there is something to notice
	span    time.Duration // how long a contender runs at a time; 0 where the usual span will do
	entries []entry
}

// entry is one contender, ready to do a row's work: by run in this process, or by turn where others do it.
type entry struct {
	contender string
	run       judge
	turn      turn
	memory    func() (*memory, error) // of the process that does it, when all is over; nil where nobody asks
	most      int                     // how many rounds it takes part in at most; 0 is all
}

// turn does the work for one round, however often, and says how many nanoseconds one run took.
type turn func(context.Context) (float64, error)

// judge does the work once and says whether anything was found wrong.
type judge func() (noticed bool)

// allRows gets the rows ready whose name the pattern matches.
func allRows(ctx context.Context, s *stage, pattern *regexp.Regexp) ([]row, error) {
	rows, err := loadRows()
	if err != nil {
		return nil, err
	}
	judged, err := judgedRows(pattern)
	if err != nil {
		return nil, err
	}
	rows = append(judged, slices.DeleteFunc(rows, func(r row) bool { return !pattern.MatchString(r.name) })...)
	for _, more := range []func(context.Context, *regexp.Regexp) ([]row, error){s.recordedRows, s.proxyRows, s.clientRows, s.downloadRows,
		s.sqliteRows, s.postgresRows, s.encodeRows} {
		staged, err := more(ctx, pattern)
		if err != nil {
			return nil, err
		}
		rows = append(rows, staged...)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("rows: none matches %s", pattern)
	}
	return rows, nil
}

// judgedRows are the rows in which a response is judged.
func judgedRows(pattern *regexp.Regexp) ([]row, error) {
	var rows []row
	for _, s := range samples() {
		if !pattern.MatchString(s.name) {
			continue
		}
		r, err := s.row(contenders())
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// row lets every contender that fits get ready for the sample.
func (s sample) row(all []contender) (row, error) {
	r := row{name: s.name, bytes: len(s.body), defect: s.defect}
	for _, c := range all {
		if !c.fits(s) {
			continue
		}
		run, err := c.bind(s)
		if err != nil {
			return row{}, fmt.Errorf("%s for %s: %w", c.name, s.name, err)
		}
		r.entries = append(r.entries, entry{contender: c.name, run: run})
	}
	return r, nil
}

// verdict runs a contender once. Whoever refuses what is clean does other work than the rest, and ours overlooks nothing.
func (r row) verdict(e entry) (noticed bool, err error) {
	noticed = e.run()
	switch {
	case noticed && !r.defect:
		return noticed, fmt.Errorf("%s: %s refuses what is clean", r.name, e.contender)
	case !noticed && r.defect && e.contender == nameOurs:
		return noticed, fmt.Errorf("%s: %s overlooks the defect", r.name, e.contender)
	}
	return noticed, nil
}
