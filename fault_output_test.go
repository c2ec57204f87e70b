package roughy_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// small is an output in which no two places are alike, and which is short enough to be cut at each of its bytes.
var small = []byte(numbers(0))

// numbers is an output of 300 bytes that begins with a number.
func numbers(first int) string {
	var out strings.Builder
	for i := range 100 {
		fmt.Fprintf(&out, "%03d", first+i)
	}
	return out.String()
}

// served is a sound host's answer to a link, ranges included, as it is on the wire.
func served(r *http.Request, content []byte, tag string) string {
	w := httptest.NewRecorder()
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "video/mp4")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	resp := w.Result()
	resp.ContentLength = int64(w.Body.Len())
	var out bytes.Buffer
	_ = resp.Write(&out) // into memory
	return out.String()
}

// expected is the sound render, as a client reads it without the wire.
func (s *scene) expected() *roughy.Render {
	s.Helper()
	_, body, _ := strings.Cut(s.render(nil), "\r\n\r\n")
	api := &turns{list: []turn{{status: 200, body: body}}}
	r, err := api.client(s.T).Render(s.Context(), id)
	require.NoError(s, err)
	return r
}

// way is how a caller downloads.
type way struct {
	name string
	do   func(ctx context.Context, s *scene) sight
}

// ways are all there are. Whatever goes wrong, what was written is right as far as it goes, and a file is whole, or as it
// was.
var ways = []way{
	{"to a writer", func(ctx context.Context, s *scene) sight { return s.toWriter(ctx) }},
	{"to a file", func(ctx context.Context, s *scene) sight { return s.toFile(ctx, s.TempDir()) }},
	{"to a file in the place of another", func(ctx context.Context, s *scene) sight {
		folder := s.TempDir()
		require.NoError(s, os.WriteFile(filepath.Join(folder, "a.mp4"), []byte("old"), 0o600))
		return s.toFile(ctx, folder, roughy.WithReplace())
	}},
}

// download meets a fault in each way.
func download(t *testing.T, f fault) sights {
	t.Helper()
	return inEachWay(t, f, ways, func(s *scene, do func() sight) sights { return sights{do()} })
}

// downloadEachByte meets it for each place where the host's answer can end too soon.
func downloadEachByte(t *testing.T, f fault) sights {
	t.Helper()
	return inEachWay(t, f, ways[:2], func(s *scene, do func() sight) sights { return s.everywhere(whole300(s), do) })
}

// inEachWay tells only once what is seen in all ways.
func inEachWay(t *testing.T, f fault, ways []way, meet func(s *scene, do func() sight) sights) (all sights) {
	t.Helper()
	var first sights
	for i, w := range ways {
		var here sights
		played(t, f, func(ctx context.Context, s *scene) { here = meet(s, func() sight { return w.do(ctx, s) }) })
		switch {
		case i == 0:
			first, all = here, here
		case slices.Equal(here, first):
		default:
			all = append(all, here.by(w.name)...)
		}
	}
	if len(all) > len(first) {
		return append(first.by(ways[0].name), all[len(first):]...)
	}
	return first
}

func (s sights) by(way string) (all sights) {
	for _, at := range s {
		at.sees = way + ": " + at.sees
		all = append(all, at)
	}
	return all
}

// toWriter is what a caller of Download sees.
func (s *scene) toWriter(ctx context.Context) sight {
	s.Helper()
	began := time.Now()
	var got bytes.Buffer
	n, err := s.client.Download(ctx, id, &got)
	require.EqualValues(s, got.Len(), n)
	require.True(s, bytes.HasPrefix(s.want, got.Bytes()), "%q", got.Bytes())
	if err == nil {
		require.Equal(s, string(s.want), got.String())
	}
	return s.downloaded(began, err)
}

// toFile is what a caller of DownloadFile sees.
func (s *scene) toFile(ctx context.Context, folder string, opts ...roughy.DownloadOption) sight {
	s.Helper()
	s.folder = folder
	began, path := time.Now(), filepath.Join(folder, "a.mp4")
	before, _ := os.ReadFile(path) // nil: there is none
	n, err := s.client.DownloadFile(ctx, id, path, opts...)
	after, _ := os.ReadFile(path)
	if err == nil {
		want := s.want
		if s.late != nil {
			want = s.late
		}
		require.Equal(s, string(want), string(after))
		require.EqualValues(s, len(after), n)
		require.NoDirExists(s, partOf(folder))
	} else {
		if s.theirs != nil {
			before = s.theirs
		}
		require.Equal(s, before, after, "a file that was there is unharmed, and no other is there")
	}
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		require.Contains(s, []string{"a.mp4", filepath.Base(partOf(folder))}, e.Name())
	}
	return s.downloaded(began, err)
}

// partOf is the folder with what has come of the output.
func partOf(folder string) string { return filepath.Join(folder, "."+id.String()+".part") }

func (s *scene) downloaded(began time.Time, err error) sight {
	return s.seen(began, fmt.Sprintf("%d+%d", s.made(apiHost), s.made(linkHost, otherHost, nobodyHost)), s.good, err)
}
