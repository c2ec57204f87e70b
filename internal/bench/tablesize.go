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

// The sizes of the table that a read is measured in, and who has the smaller one.
const (
	fewRenders  = 1_000
	lotsRenders = 1_000_000
	nameFew     = "ours, 1,000 renders"
)

// sizeRow is one read after another of renders at random, by the store alone. The endpoint adds the same to both.
func (s *stage) sizeRow(ctx context.Context, d database) (row, error) {
	r := row{name: d.size, span: sizeSpan}
	for _, size := range []struct {
		contender string
		renders   int
	}{{nameOurs, lotsRenders}, {nameFew, fewRenders}} {
		fmt.Fprintf(s.progress, "getting ready: %d renders\n", size.renders)
		at, err := d.address(ctx)
		if err != nil {
			return r, err
		}
		run, err := s.reads(ctx, at, size.renders)
		if err != nil {
			return r, fmt.Errorf("%d renders: %w", size.renders, err)
		}
		r.entries = append(r.entries, entry{contender: size.contender, run: run})
	}
	return r, nil
}

// reads reads, at each run, another of the renders in a new place.
func (s *stage) reads(ctx context.Context, address string, renders int) (judge, error) {
	h, err := s.house(ctx, address)
	if err != nil {
		return nil, err
	}
	like, err := h.completed(ctx)
	if err != nil {
		return nil, err
	}
	some, err := fill(ctx, h.store, like, renders)
	if err != nil {
		return nil, err
	}
	next := 0
	return func() bool {
		next = (next + 1) % len(some)
		r, key, err := h.store.ReadRender(ctx, owner, some[next])
		return err != nil || r.ID != some[next] || key == ""
	}, nil
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
	ids[0] = like
	rand.Shuffle(len(ids), func(i, k int) { ids[i], ids[k] = ids[k], ids[i] })
	if err != nil {
		return nil, err
	}
	_, err = s.Writer().ExecContext(ctx, `ANALYZE`)
	return ids[:min(fewRenders, len(ids))], err
}
