package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"
)

// span is how long a contender runs at a time, unless once takes longer or its row has another.
const span = 20 * time.Millisecond

// Whoever takes longer than slow for one run takes part in the first slowRounds alone, or the table would never come.
const (
	slow       = 3 * time.Second
	slowRounds = 3
)

// measurement is what came of one contender on one row.
type measurement struct {
	row row
	entry
	noticed bool
	most    int       // how many rounds it takes part in
	rounds  []float64 // nanoseconds a run, one for each round
	allocs  *float64  // a run; nil for who is no part of this process
	held    *memory   // in the end; nil where nobody asked, or nobody knows
}

// measure lets all contenders of the rows run, once in each round.
func measure(ctx context.Context, rows []row, rounds int, progress io.Writer) (results, error) {
	all, err := prepare(ctx, rows, rounds, progress)
	if err != nil {
		return nil, err
	}
	for i := range rounds {
		fmt.Fprintf(progress, "round %d of %d\n", i+1, rounds)
		for _, m := range all {
			if i >= m.most {
				continue
			}
			took, err := m.turn(ctx)
			if err = cmp.Or(ctx.Err(), err); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", m.row.name, m.contender, err)
			}
			m.rounds = append(m.rounds, took)
		}
	}
	return all, all.remember()
}

// remember asks for the memory of processes, while they are there.
func (r results) remember() (err error) {
	for _, m := range r {
		if m.memory == nil {
			continue
		}
		if m.held, err = m.memory(); err != nil {
			return fmt.Errorf("%s: memory: %w", m.contender, err)
		}
	}
	return nil
}

// prepare sees to it that all do the same work, and finds out how often each has to run.
func prepare(ctx context.Context, rows []row, rounds int, progress io.Writer) (results, error) {
	var all results
	for _, r := range rows {
		fmt.Fprintf(progress, "getting ready: %s\n", r.name)
		for _, e := range r.entries {
			m := &measurement{row: r, entry: e, most: min(rounds, cmp.Or(e.most, rounds))}
			if err := m.prepare(ctx); err != nil {
				return nil, err
			}
			all = append(all, m)
		}
	}
	return all, nil
}

// prepare looks at the contender's verdict, or has it take a turn that does not count.
func (m *measurement) prepare(ctx context.Context) (err error) {
	if m.turn != nil {
		if _, err = m.turn(ctx); err != nil {
			return fmt.Errorf("%s: %s: %w", m.row.name, m.contender, err)
		}
		return nil
	}
	if m.noticed, err = m.row.verdict(m.entry); err != nil {
		return fmt.Errorf("verdict: %w", err)
	}
	if err = m.calibrate(); err != nil {
		return fmt.Errorf("%s: %s: %w", m.row.name, m.contender, err)
	}
	return nil
}

// calibrate finds out how often the contender runs within the span, and what it allocates.
func (m *measurement) calibrate() (err error) {
	var each float64
	laps, full := 1, float64(cmp.Or(m.row.span, span))
	for n := 1; each*float64(n) < full/4; n *= 2 {
		if each, err = m.lap(n); err != nil {
			return err
		}
		laps = max(1, int(full/each))
	}
	if each > float64(slow) {
		m.most = min(m.most, slowRounds)
	}
	m.allocs = new(allocations(m.run, min(laps, 100)))
	m.turn = func(context.Context) (float64, error) { return m.lap(laps) }
	return nil
}

// lap is the time of one run, in nanoseconds, over n of them. It begins with the heap collected, so that nobody pays for
// another's garbage, and with one run that is not counted, for pools that the collection emptied; for one run of 20 ms and
// more they do not count. A run with another verdict than the first one's did other work, which is an error.
func (m *measurement) lap(n int) (float64, error) {
	runtime.GC()
	if n > 1 {
		m.run()
	}
	other := false
	start := time.Now()
	for range n {
		other = m.run() != m.noticed || other
	}
	took := float64(time.Since(start)) / float64(n)
	if other {
		return 0, errors.New("another verdict than the first time")
	}
	return took, nil
}

// allocations is how often one run allocates, over n of them, rounded down: what others of the process do is no part of it.
func allocations(run judge, n int) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		run()
	}
	runtime.ReadMemStats(&after)
	return float64((after.Mallocs - before.Mallocs) / uint64(n))
}
