package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/store"
)

// The sizes of the table that a read is measured in.
const (
	fewRenders  = 1_000
	lotsRenders = 1_000_000
)

// Ours is a GET in the larger table.
const (
	nameFew      = "ours, in 1,000"
	nameStore    = "the store alone"
	nameStoreFew = "the store alone, in 1,000"
)

// sizeRow is one GET after another of renders at random, and the same reads by the store alone, to which the endpoint adds as much in
// both sizes.
func (s *stage) sizeRow(ctx context.Context, d database) (row, error) {
	r := row{name: d.size, span: sizeSpan}
	for _, size := range []struct {
		renders    int
		get, store string
	}{{lotsRenders, nameOurs, nameStore}, {fewRenders, nameFew, nameStoreFew}} {
		fmt.Fprintf(s.progress, "getting ready: %d renders\n", size.renders)
		e, err := s.endpoint(ctx, d)
		if err != nil {
			return r, err
		}
		some, err := fill(ctx, e.store, e.render, size.renders)
		if err != nil {
			return r, fmt.Errorf("%d renders: %w", size.renders, err)
		}
		r.entries = append(r.entries, entry{contender: size.get, run: e.gets(ctx, some)}, entry{contender: size.store, run: e.reads(ctx, some)})
	}
	return r, nil
}

// gets asks the endpoint for the next of some renders each time.
func (e endpoint) gets(ctx context.Context, some []uuid.UUID) judge {
	next := 0
	return func() bool {
		next = (next + 1) % len(some)
		body, err := fetch(ctx, demand{urls: e.urls(some[next]), key: e.demand.key})
		return err != nil || !strings.Contains(string(body), `"id":"`+some[next].String()+`"`)
	}
}

// reads asks the store for it.
func (e endpoint) reads(ctx context.Context, some []uuid.UUID) judge {
	next := 0
	return func() bool {
		next = (next + 1) % len(some)
		r, key, err := e.store.ReadRender(ctx, owner, some[next])
		return err != nil || r.ID != some[next] || key == ""
	}
}

// sizeSpan is longer than the usual span, so that a turn reads each render several times.
const sizeSpan = 200 * time.Millisecond

// fillStep is how many rows a statement adds.
const fillStep = 500

// fill makes the table so many renders long, all of them like one that is there, and returns a thousand of them at random.
func fill(ctx context.Context, s *store.Store, like uuid.UUID, rows int) ([]uuid.UUID, error) {
	const members = `owner, asset_id, cut_id, format, resolution, video_bitrate, audio_bitrate, frame_rate, state, attempt, beat, failures,
		job, output_key, size_bytes, error_code, error_message, created_at, started_at, completed_at`
	ids := make([]uuid.UUID, rows)
	err := s.InTx(ctx, func(tx *sql.Tx) error {
		for from := 1; from < rows; from += fillStep {
			args, values := []any{like.String()}, []string{}
			for i := from; i < min(from+fillStep, rows); i++ {
				var err error
				if ids[i], err = store.NewID(); err != nil {
					return err
				}
				args = append(args, ids[i].String())
				values = append(values, fmt.Sprintf("($%d)", len(args)))
			}
			text := `INSERT INTO renders (id, ` + members + `) SELECT v.column1, ` + members +
				` FROM renders, (VALUES ` + strings.Join(values, ", ") + `) AS v WHERE renders.id = $1`
			if _, err := tx.ExecContext(ctx, text, args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ids[0] = like
	rand.Shuffle(len(ids), func(i, k int) { ids[i], ids[k] = ids[k], ids[i] })
	_, err = s.Writer().ExecContext(ctx, `ANALYZE`)
	return ids[:min(fewRenders, len(ids))], err
}
