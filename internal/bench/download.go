package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

// curl as it is does not wait until the file is on the disk, as ours does.
const (
	nameCurl     = "curl"
	nameCurlSync = "curl, then sync"
)

// outputBytes is how long the output is that targets speak of.
const outputBytes = 1_000_000_000

// downloads are all that bring one output, from one server, to a file in one folder.
type downloads struct {
	output *output
	server *server
	folder string
}

// downloadRows are the rows in which a render's output comes to a file.
func (s *stage) downloadRows(ctx context.Context, pattern *regexp.Regexp) ([]row, error) {
	if !pattern.MatchString(rowDownload) {
		return nil, nil
	}
	r, err := s.downloadRow(ctx, outputBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rowDownload, err)
	}
	return []row{r}, nil
}

// downloadRow is a process for each download, from its start to its end. Ours also reads the render, for the link.
func (s *stage) downloadRow(ctx context.Context, size int64) (row, error) {
	at, err := s.serveRole(ctx, roleOutput, strconv.FormatInt(size, 10))
	if err != nil {
		return row{}, fmt.Errorf("server of the output: %w", err)
	}
	d := &downloads{newOutput(size), at, s.folder}
	r := row{name: rowDownload, bytes: int(size), entries: []entry{d.ours()}}
	path, err := exec.LookPath("curl")
	if err != nil {
		s.note("%s is not measured: %v", nameCurl, err)
		return r, nil
	}
	link, err := d.link(ctx)
	if err != nil {
		return row{}, fmt.Errorf("link: %w", err)
	}
	r.entries = append(r.entries,
		d.curl(nameCurlSync, path, link, syncFile),
		d.curl(nameCurl, path, link, func(string) error { return nil }))
	return r, nil
}

// entry is a contender whose turn is one download. The file has to hold the output, and is gone when the next one begins.
func (d *downloads) entry(name string, fetch func(ctx context.Context, path string) error) entry {
	path := filepath.Join(d.folder, "output.mp4")
	once := timed(func(ctx context.Context) error { return fetch(ctx, path) })
	return entry{contender: name, turn: func(ctx context.Context) (float64, error) {
		took, err := once(ctx)
		if err == nil {
			err = d.output.heldBy(path)
		}
		err = errors.Join(err, os.RemoveAll(path))
		return took, errors.Join(err, syncFile(d.folder)) // what is still to be written must not be the next one's burden
	}}
}

// ours is Client.DownloadFile in a process that does nothing else. The memory is that of the last one, and the most of all.
func (d *downloads) ours() entry {
	var held *memory
	e := d.entry(nameOurs, func(ctx context.Context, path string) error {
		p, err := inRole(roleDownload, d.server.url, path)
		if err != nil {
			return err
		}
		said, err := p.output(ctx)
		if err != nil || said == "" {
			return err
		}
		var last memory
		_, err = fmt.Sscan(said, &last.resident, &last.peak)
		if held != nil {
			last.peak = max(last.peak, held.peak)
		}
		held = &last
		return err
	})
	e.memory = func() (*memory, error) { return held, nil }
	return e
}

// link is the one that ours finds in the render.
func (d *downloads) link(ctx context.Context) (string, error) {
	resp, err := get(ctx, http.DefaultClient, d.server.url+renderPath)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var render gen.Render
	if err := json.NewDecoder(resp.Body).Decode(&render); err != nil {
		return "", err
	}
	if render.DownloadURL == nil {
		return "", errors.New("the render has none")
	}
	return *render.DownloadURL, nil
}

// curl has the link from the start, and does to the file afterwards what is asked for.
func (d *downloads) curl(name, path, link string, after func(file string) error) entry {
	return d.entry(name, func(ctx context.Context, file string) error {
		// Neither the user's settings nor a proxy may come between.
		p := program{path: path, args: []string{"-q", "-s", "--noproxy", "*", "-o", file, link}}
		if _, err := p.output(ctx); err != nil {
			return err
		}
		return after(file)
	})
}

// download is our download in a process of its own. It says what memory it held, as /proc has it: what a parent learns when the
// process has ended includes what the parent itself held when it started it.
func download(ctx context.Context, url, path string, stdout io.Writer) error {
	id, err := roughy.ParseID(renderID)
	if err != nil {
		return err
	}
	client, err := roughy.NewClient(key, roughy.WithBaseURL(url))
	if err != nil {
		return err
	}
	if _, err := client.DownloadFile(ctx, id, path); err != nil {
		return err
	}
	held, err := memoryOf("self")
	if err != nil || held == nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, held.resident, held.peak)
	return err
}

// syncFile returns when what was written to a file or a folder is on the disk.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
