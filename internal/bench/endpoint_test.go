package main

import (
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/jobs"
)

func newTestStage(t *testing.T) *stage {
	t.Helper()
	s, err := newStage(50*time.Millisecond, io.Discard)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.close()) })
	return s
}

// requireTool skips the test where a program is missing, or fails it when ROUGHY_TEST_ALL=1.
func requireTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("ROUGHY_TEST_ALL") == "1" {
		t.Fatalf("%s is missing; apt-get install %s", name, name)
	}
	t.Skipf("%s is missing; apt-get install %s", name, name)
}

func TestHandlerWritesTheSameBytes(t *testing.T) {
	t.Parallel()
	s := newTestStage(t)
	path := filepath.Join(t.TempDir(), "body.json")
	require.NoError(t, os.WriteFile(path, []byte(bodyLong), 0o600))
	at, err := s.serveRole(t.Context(), roleBare, path)
	require.NoError(t, err)
	body, err := fetch(t.Context(), demand{urls: []string{at.url + renderPath}})
	require.NoError(t, err)
	require.Equal(t, bodyLong, string(body))
}

// Whatever loads a server asks for all that it is told to, with the key.
func TestPressureAsksForAllInTurn(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]func(*testing.T) pressure{
		"pump": func(*testing.T) pressure { return pumpApart },
		"wrk":  func(t *testing.T) pressure { requireTool(t, "wrk"); return wrk("wrk") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			asked := map[string]int{}
			at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != authorization {
					http.Error(w, "no key", http.StatusUnauthorized)
				}
				mu.Lock()
				defer mu.Unlock()
				asked[r.URL.RequestURI()]++
			}))
			t.Cleanup(at.Close)
			a, err := press(t)(t.Context(), demand{[]string{at.URL + "/a", at.URL + "/b?c=d", at.URL + "/e"}, key, 2}, 100*time.Millisecond)
			require.NoError(t, err)
			require.Positive(t, a.rate)
			require.Positive(t, a.tail)
			mu.Lock()
			defer mu.Unlock()
			require.Len(t, asked, 3)
			for _, path := range []string{"/a", "/b?c=d", "/e"} {
				require.Positive(t, asked[path], path)
			}
		})
	}
}

func TestTableIsFilledWithRendersOfItsOwner(t *testing.T) {
	t.Parallel()
	s := newTestStage(t)
	h, err := s.house(t.Context(), "")
	require.NoError(t, err)
	clip, err := h.newClip(t.Context())
	require.NoError(t, err)
	like, err := h.queue.Create(t.Context(), jobs.NewRender{Owner: owner, AssetID: clip})
	require.NoError(t, err)
	const rows = fewRenders + fillStep + 7
	some, err := fill(t.Context(), h.store, like.ID, rows)
	require.NoError(t, err)
	require.Len(t, some, fewRenders)
	all, err := h.store.Renders(t.Context(), owner, 0)
	require.NoError(t, err)
	require.Len(t, all, rows)
	there := map[uuid.UUID]bool{}
	for _, r := range all {
		there[r.ID] = r.AssetID == clip
	}
	for _, id := range some {
		require.True(t, there[id])
		delete(there, id) // each is another one
	}
	require.True(t, endpoint{house: h}.reads(t.Context(), some)(), "they are no completed ones")
}

// Ours is measured as it is: every turn fails where an answer is not what was asked for.
func TestServerTakesItsTurns(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program")
	}
	s := newTestStage(t)
	e, err := s.endpoint(t.Context(), onSQLite())
	require.NoError(t, err)
	at, d, err := s.handler(t.Context(), e)
	require.NoError(t, err)
	want, err := e.body(t.Context())
	require.NoError(t, err)
	got, err := fetch(t.Context(), d)
	require.NoError(t, err)
	require.Len(t, got, len(want), "they differ in the link alone")
	some, err := fill(t.Context(), e.store, e.render, 10)
	require.NoError(t, err)
	require.False(t, e.gets(t.Context(), some)())
	require.False(t, e.reads(t.Context(), some)())
	ours, tail := s.loaded(nameOurs, e.server, pumpApart, demand{e.urls(some...), e.demand.key, clients})
	theirs, _ := s.loaded(nameHandler, at, pumpApart, d)
	for _, each := range []entry{ours, tail, theirs} {
		took, err := each.turn(t.Context())
		require.NoError(t, err)
		require.Positive(t, took)
	}
	_, err = idling(t.Context(), e.server.pid, 10*time.Millisecond)
	require.NoError(t, err)
	_, err = pumpApart(t.Context(), demand{e.urls(uuid.New()), e.demand.key, 1}, time.Millisecond)
	require.ErrorContains(t, err, "status 404")
}

func TestEncodingsMakeTheSameOutput(t *testing.T) {
	t.Parallel()
	requireTool(t, "ffmpeg")
	s := newTestStage(t)
	r, err := s.encodeRow(t.Context(), "ffmpeg", 1)
	require.NoError(t, err)
	require.Len(t, r.entries, 2)
	for _, e := range r.entries {
		took, err := e.turn(t.Context())
		require.NoError(t, err, e.contender)
		require.Positive(t, took)
	}
	e := encoding{output: filepath.Join(s.folder, "output.mov"), size: 1000}
	require.ErrorContains(t, e.same(), "bytes, where the first has 1000")
}

func TestFFmpegThatIsNotThereIsLeftOut(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s := newTestStage(t)
	rows, err := s.encodeRows(t.Context(), regexp.MustCompile("."))
	require.NoError(t, err)
	require.Empty(t, rows)
	require.Equal(t, []string{"encoding is not measured: ffmpeg is missing; apt-get install ffmpeg"}, s.notes)
}

func TestPgbenchIsRead(t *testing.T) {
	t.Parallel()
	rate, err := transactions("latency average = 3.258 ms\ninitial connection time = 208.539 ms\ntps = 19642.513369 (without initial connection time)\n")
	require.NoError(t, err)
	require.Equal(t, 19642.513369, rate)
	_, err = transactions("number of transactions actually processed: 0\n")
	require.EqualError(t, err, "pgbench: no line of transactions a second: number of transactions actually processed: 0\n")
}

func TestProcessorTimeIsRead(t *testing.T) {
	t.Parallel()
	took, err := statTime([]byte("42 (a) b) S 1 42 42 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 8 0 100 1 2\n"))
	require.NoError(t, err)
	require.Equal(t, 2*time.Second, took)
	_, err = statTime([]byte("42 (a) S 1\n"))
	require.EqualError(t, err, "process status: too few fields")
}

func TestPercentileIsWhatSoManyDoNotExceed(t *testing.T) {
	t.Parallel()
	values := make([]float64, 200)
	for i := range values {
		values[i] = float64(200 - i)
	}
	require.Equal(t, 190.0, percentile(values, 95))
	require.Equal(t, 198.0, percentile(values, 99))
	require.Equal(t, 7.0, percentile([]float64{7}, 99))
	require.True(t, math.IsNaN(percentile(nil, 99)))
}
