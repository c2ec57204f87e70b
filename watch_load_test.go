package roughy_test

import (
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/racetest"
)

// life is an API in memory, whose render goes through pending, processing and completed, a state at each read, and then begins again.
type life struct {
	bodies [3]string
	reads  int
}

func (l *life) RoundTrip(req *http.Request) (*http.Response, error) {
	body := l.bodies[l.reads%3]
	l.reads++
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}, nil
}

// TestWatchAMillionTransitions watches renders to their ends, in four bubbles of virtual time: a million transitions
// with ROUGHY_TEST_ALL=1 and no race detector, else 20,000. It tells how long that took.
func TestWatchAMillionTransitions(t *testing.T) {
	const bubbles = 4
	renders := 1_667 // in each
	if os.Getenv("ROUGHY_TEST_ALL") == "1" && !racetest.On {
		renders = 83_334
	}
	usual := debug.SetGCPercent(400) // what collecting a heap of nothing but garbage costs is another matter
	t.Cleanup(func() { debug.SetGCPercent(usual) })
	began := time.Now()
	t.Run("watches", func(t *testing.T) {
		for i := range bubbles {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { watchLives(t, renders) })
			})
		}
	})
	t.Logf("%d transitions in %v", 3*bubbles*renders, time.Since(began))
}

// watchLives watches so many renders, one after the other, and counts what is told.
func watchLives(t *testing.T, renders int) {
	api := &life{bodies: [3]string{render("pending", nil), render("processing", nil), render("completed", nil)}}
	c, err := roughy.NewClient(key, roughy.WithBaseURL("https://api.example"), roughy.WithHTTPClient(&http.Client{Transport: api}))
	require.NoError(t, err)
	began, told := time.Now(), map[roughy.State]int{}
	for range renders {
		for r, err := range c.Watch(t.Context(), id) {
			require.NoError(t, err)
			told[r.State]++
		}
	}
	require.Equal(t, map[roughy.State]int{"pending": renders, "processing": renders, "completed": renders}, told)
	require.Equal(t, 3*renders, api.reads, "each state was read once")
	require.Greater(t, time.Since(began), time.Duration(renders)*400*time.Millisecond, "two pauses of at least 200 ms in each")
}
