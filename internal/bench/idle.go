package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// nameNew is a server that was never asked for anything; ours had to answer before it was left alone.
const nameNew = "ours, never loaded"

// restTime is how long a server is left alone after a load, until what that took should be given back.
const restTime = 40 * time.Second

// idleRow is what servers take while nobody asks them: the turn's time is that of the processor in a second. Memory is as it is in
// the end.
func (s *stage) idleRow(ctx context.Context, d database, press pressure) (row, error) {
	r := row{name: d.idle}
	for _, contender := range []string{nameOurs, nameNew} {
		e, err := s.endpoint(ctx, d)
		if err != nil {
			return r, err
		}
		if contender == nameOurs {
			if _, err := press(ctx, e.demand, s.span); err != nil {
				return r, err
			}
		}
		r.entries = append(r.entries, entry{contender: contender, memory: e.server.memory, turn: func(ctx context.Context) (float64, error) {
			return idling(ctx, e.server.pid, s.span)
		}})
	}
	fmt.Fprintf(s.progress, "getting ready: %v of rest for servers\n", restTime)
	return r, pause(ctx, restTime)
}

// idling is how many nanoseconds of a processor a process takes in a second.
func idling(ctx context.Context, pid int, span time.Duration) (float64, error) {
	before, err := processorTime(pid)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := pause(ctx, span); err != nil {
		return 0, err
	}
	after, err := processorTime(pid)
	return float64(after-before) / time.Since(began).Seconds(), err
}

func pause(ctx context.Context, span time.Duration) error {
	select {
	case <-time.After(span):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// clockTick is what /proc counts processor time in: USER_HZ, which is 100 wherever Go runs.
const clockTick = 10 * time.Millisecond

// processorTime is what a process took up to now.
func processorTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, err
	}
	return statTime(stat)
}

// statTime reads /proc/PID/stat: the name, which may hold anything, ends with the last bracket, and utime and stime are the 14th and
// 15th field in all.
func statTime(stat []byte) (time.Duration, error) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, errors.New("process status: too few fields")
	}
	user, one := strconv.ParseInt(string(fields[11]), 10, 64)
	system, two := strconv.ParseInt(string(fields[12]), 10, 64)
	return time.Duration(user+system) * clockTick, errors.Join(one, two)
}
