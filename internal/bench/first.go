package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// nameVersion is what the first verdict is seen beside: the same program, started and ended.
const nameVersion = "roughy --version"

// exitBroken is the exit code of a run in which the contract was broken.
const exitBroken = 1

// firstRow is the time from a start of our program to the first line of its verdicts, on n renders of which the first is broken.
func (s *stage) firstRow(name string, n int) func(context.Context) (row, error) {
	return func(ctx context.Context) (row, error) {
		binary, err := s.build(ctx, "roughy")
		if err != nil {
			return row{}, err
		}
		renders := recording(n)
		renders[0] = renders[0].stateless()
		path, err := s.writeHAR(fmt.Sprintf("first-of-%d.har", n), renders)
		if err != nil {
			return row{}, err
		}
		check := program{path: binary, args: []string{"check", "--har", path}}
		version := program{path: binary, args: []string{"--version"}}
		return row{name: name, entries: []entry{
			{contender: nameOurs, turn: func(ctx context.Context) (float64, error) { return firstLine(ctx, check, renders[0].id) }},
			{contender: nameVersion, turn: timed(func(ctx context.Context) error { return version.command(ctx).Run() })},
		}}, nil
	}
}

// firstLine is when the program, which is to find a broken contract, has written a line that names the subject.
func firstLine(ctx context.Context, p program, subject string) (float64, error) {
	cmd := p.command(ctx)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	took := float64(time.Since(started))
	_, _ = io.Copy(io.Discard, out) // the rest is not ours to time; if it breaks off, Wait says so
	switch ended := cmd.Wait(); {
	case err != nil:
		return 0, errors.Join(fmt.Errorf("no line of verdicts: %w", err), ended)
	case !strings.Contains(line, subject):
		return 0, fmt.Errorf("the first line is no verdict on %s: %s", subject, line)
	case !isExit(ended, exitBroken):
		return 0, fmt.Errorf("ended with %w, not with exit code %d", ended, exitBroken)
	}
	return took, nil
}

func isExit(err error, code int) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return ok && exit.ExitCode() == code
}

// timed is a turn of one run.
func timed(run func(context.Context) error) turn {
	return func(ctx context.Context) (float64, error) {
		started := time.Now()
		err := run(ctx)
		return float64(time.Since(started)), err
	}
}
