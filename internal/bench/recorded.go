package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/pb33f/libopenapi-validator/config"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
)

// nameCommand is our whole program at the same work, from its start and from a file.
const nameCommand = "roughy check --har, the whole command"

// recordedRows are the rows in which a recording is judged.
func (s *stage) recordedRows(ctx context.Context, pattern *regexp.Regexp) ([]row, error) {
	var rows []row
	for _, r := range []struct {
		name string
		row  func(context.Context) (row, error)
	}{{rowRecorded, s.recordedRow}, {rowFirst, s.firstRow(rowFirst, 1)}, {rowFirstMany, s.firstRow(rowFirstMany, recordedRenders)}} {
		if !pattern.MatchString(r.name) {
			continue
		}
		ready, err := r.row(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
		rows = append(rows, ready)
	}
	return rows, nil
}

// recordedRow is the engines in a loop over exchanges in memory, and the command over the same in a file.
func (s *stage) recordedRow(ctx context.Context) (row, error) {
	renders := recording(recordedRenders)
	ours, err := loopOurs(renders)
	if err != nil {
		return row{}, err
	}
	lib, err := loopLib(renders)
	if err != nil {
		return row{}, err
	}
	path, err := s.writeHAR("clean.har", renders)
	if err != nil {
		return row{}, err
	}
	command, err := s.checkHAR(ctx, path)
	if err != nil {
		return row{}, err
	}
	size := 0
	for _, r := range renders {
		size += len(r.body)
	}
	return row{name: rowRecorded, bytes: size, entries: []entry{
		{contender: nameOurs, run: ours},
		{contender: nameLib, run: lib},
		{contender: nameCommand, turn: command},
	}}, nil
}

// loopOurs judges one after another.
func loopOurs(renders []recorded) (judge, error) {
	c, err := contract.Load("openapi.yaml", roughy.Spec())
	if err != nil {
		return nil, err
	}
	exchanges := make([]contract.Exchange, len(renders))
	for i, r := range renders {
		u, err := url.Parse(r.url())
		if err != nil {
			return nil, err
		}
		exchanges[i] = contract.Exchange{Method: http.MethodGet, URL: u, Status: http.StatusOK, Header: recordedHeader(), Body: []byte(r.body)}
	}
	return func() (noticed bool) {
		for _, x := range exchanges {
			noticed = c.Check(x).Verdict != contract.OK || noticed
		}
		return noticed
	}, nil
}

// loopLib does, too.
func loopLib(renders []recorded) (judge, error) {
	v, err := libValidator(roughy.Spec(), config.WithFormatAssertions())
	if err != nil {
		return nil, err
	}
	requests, bodies := make([]*http.Request, len(renders)), make([][]byte, len(renders))
	for i, r := range renders {
		if requests[i], err = http.NewRequest(http.MethodGet, r.url(), nil); err != nil {
			return nil, err
		}
		bodies[i] = []byte(r.body)
	}
	response := &http.Response{StatusCode: http.StatusOK, Header: recordedHeader()}
	return func() (noticed bool) {
		for i, request := range requests {
			response.Request, response.Body = request, io.NopCloser(bytes.NewReader(bodies[i]))
			ok, _ := v.ValidateHttpResponse(request, response)
			noticed = !ok || noticed
		}
		return noticed
	}, nil
}

func recordedHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// checkHAR is the command on a file in which it finds nothing to complain of.
func (s *stage) checkHAR(ctx context.Context, path string) (turn, error) {
	binary, err := s.build(ctx, "roughy")
	if err != nil {
		return nil, err
	}
	check := program{path: binary, args: []string{"check", "--har", path}}
	return timed(func(ctx context.Context) error {
		cmd := check.command(ctx)
		var said strings.Builder
		cmd.Stderr = &said
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%w: %.300s", err, said.String())
		}
		return nil
	}), nil
}

// writeHAR writes a recording into the stage's folder.
func (s *stage) writeHAR(name string, renders []recorded) (path string, err error) {
	text, err := har(renders)
	if err != nil {
		return "", err
	}
	path = filepath.Join(s.folder, name)
	return path, os.WriteFile(path, text, 0o600)
}
