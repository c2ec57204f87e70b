package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
)

// target is what is to be read: the id of a render or, with --spec, a URL or a path. err says what is none.
type target struct {
	text string
	err  error
}

var errNoTarget = errors.New("at least one render id is needed, as an argument or on stdin")

// targets are the arguments, all checked before anything is sent, or else the lines of stdin as they come.
func (o checkOptions) targets(stdin io.Reader, args []string) (<-chan target, error) {
	if slices.Equal(args, []string{"-"}) || len(args) == 0 && !onTerminal(os.Stdin) {
		lines := make(chan target)
		go o.readLines(stdin, lines) // which may never end
		return lines, nil
	}
	if len(args) == 0 {
		return nil, errNoTarget
	}
	all := make(chan target, len(args))
	defer close(all)
	for i, arg := range args {
		if err := o.checkTarget(arg, fmt.Sprintf("argument %d", i+1)); err != nil {
			return nil, err
		}
		all <- target{text: arg}
	}
	return all, nil
}

// readLines reads targets, one a line, up to the first that is none; blank lines and those that start with # are passed over.
func (o checkOptions) readLines(stdin io.Reader, to chan<- target) {
	defer close(to)
	scanner := bufio.NewScanner(stdin)
	for n := 1; scanner.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(scanner.Text(), "\ufeff"))
		if line == "" || line[0] == '#' {
			continue
		}
		err := o.checkTarget(line, fmt.Sprintf("line %d of stdin", n))
		to <- target{line, err}
		if err != nil {
			return
		}
	}
	if err := scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		to <- target{err: errors.New("stdin: a line that is much too long for an id")}
	} else if err != nil {
		to <- target{err: fmt.Errorf("stdin: %w", err)}
	}
}

// checkTarget refuses what cannot be read, without repeating it.
func (o checkOptions) checkTarget(text, where string) error {
	if o.spec == "" {
		return checkID(text, where)
	}
	if u, err := url.Parse(text); err != nil || u.Host == "" && !strings.HasPrefix(text, "/") {
		return fmt.Errorf("%s is neither a URL nor a path that starts with /", where)
	}
	return nil
}

// nextTarget waits for one until ctx ends. Those that are known by then still come, for they are to be told.
func nextTarget(ctx context.Context, from <-chan target) (t target, ok bool) {
	select {
	case t, ok = <-from:
		return t, ok
	case <-ctx.Done():
	}
	select {
	case t, ok = <-from:
	default:
	}
	return t, ok
}
