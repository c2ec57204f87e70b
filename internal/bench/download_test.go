package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// smallBytes is an output of two blocks and a bit.
const smallBytes = 2*blockBytes + 1234

// The turns fail unless the file holds the output, so whoever takes one has downloaded the same bytes as the rest.
func TestDownloadsBringTheOutput(t *testing.T) {
	t.Parallel()
	requireTool(t, "curl")
	s, err := newStage(time.Second, io.Discard)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.close()) })
	r, err := s.downloadRow(t.Context(), smallBytes)
	require.NoError(t, err)
	require.Empty(t, s.notes)
	require.Equal(t, smallBytes, r.bytes)
	var names []string
	for _, e := range r.entries {
		names = append(names, e.contender)
		for range 2 { // what a turn leaves is not in the way of the next
			took, err := e.turn(t.Context())
			require.NoError(t, err, e.contender)
			require.Positive(t, took)
		}
	}
	require.Equal(t, []string{nameOurs, nameCurlSync, nameCurl}, names)
	left, err := os.ReadDir(s.folder)
	require.NoError(t, err)
	require.Empty(t, left)
	held, err := r.entries[0].memory()
	require.NoError(t, err)
	if held != nil { // there is a /proc
		require.Positive(t, held.resident)
		require.GreaterOrEqual(t, held.peak, held.resident)
	}
}

func TestCurlThatIsNotThereIsLeftOut(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s, err := newStage(time.Second, io.Discard)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.close()) })
	r, err := s.downloadRow(t.Context(), smallBytes)
	require.NoError(t, err)
	require.Len(t, r.entries, 1)
	require.Equal(t, nameOurs, r.entries[0].contender)
	require.Equal(t, []string{`curl is not measured: exec: "curl": executable file not found in $PATH`}, s.notes)
}

func TestDownloadsThatBringSomethingElseAreNoticed(t *testing.T) {
	t.Parallel()
	o := newOutput(smallBytes)
	whole, err := io.ReadAll(o.content())
	require.NoError(t, err)
	require.Len(t, whole, smallBytes)
	for name, c := range map[string]struct {
		bytes []byte
		want  string
	}{
		"whole":          {whole, ""},
		"cut":            {whole[:smallBytes-1], "the file holds another output than was sent"},
		"cut at a block": {whole[:2*blockBytes], "the file holds another output than was sent"},
		"longer":         {append(whole[:smallBytes:smallBytes], 0), "the file holds another output than was sent"},
		"with a gap":     {append(whole[:1000:1000], whole[1<<10:]...), "the file holds another output than was sent"},
	} {
		d := downloads{output: o, folder: t.TempDir()}
		e := d.entry(name, func(_ context.Context, path string) error { return os.WriteFile(path, c.bytes, 0o600) })
		_, err := e.turn(t.Context())
		if c.want == "" {
			require.NoError(t, err, name)
		} else {
			require.EqualError(t, err, c.want, name)
		}
		require.NoFileExists(t, filepath.Join(d.folder, "output.mp4"))
	}
}

func TestFailedDownloadsSayWhy(t *testing.T) {
	t.Parallel()
	requireTool(t, "curl")
	at := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(at.Close)
	d := downloads{newOutput(smallBytes), &server{url: at.URL}, t.TempDir()}
	_, err := d.ours().turn(t.Context())
	require.ErrorContains(t, err, "exit status 1: bench: download render "+renderID)
	_, err = d.link(t.Context())
	require.EqualError(t, err, "status 404")
	_, err = d.curl(nameCurl, "curl", at.URL, syncFile).turn(t.Context())
	require.EqualError(t, err, "the file holds another output than was sent")
}

func TestOutputGoesOnFromAnyByte(t *testing.T) {
	t.Parallel()
	o := newOutput(smallBytes)
	whole, err := io.ReadAll(o.content())
	require.NoError(t, err)
	at := httptest.NewServer(o)
	t.Cleanup(at.Close)
	resp, err := get(t.Context(), at.Client(), at.URL)
	require.NoError(t, err)
	require.Equal(t, int64(smallBytes), resp.ContentLength)
	tag := resp.Header.Get("ETag")
	require.NoError(t, resp.Body.Close())
	for range_, want := range map[string][]byte{
		"bytes=1048570-":        whole[1048570:],
		"bytes=1048570-1048580": whole[1048570:1048581],
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.URL, nil)
		require.NoError(t, err)
		req.Header.Set("Range", range_)
		req.Header.Set("If-Range", tag)
		resp, err := at.Client().Do(req)
		require.NoError(t, err)
		got, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusPartialContent, resp.StatusCode)
		require.True(t, bytes.Equal(want, got), range_)
	}
}
