package admin_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/admin"
	"github.com/roughy-go/roughy/internal/contract"
)

// scrape is the lines of /metrics.
func scrape(t *testing.T, c admin.Config) []string {
	t.Helper()
	status, header, body := ask(t, c, "GET", "/metrics")
	require.Equal(t, 200, status)
	require.Contains(t, header.Get("Content-Type"), "text/plain")
	return strings.Split(body, "\n")
}

func TestWhatWasDoneIsCounted(t *testing.T) {
	t.Parallel()
	m := admin.NewMetrics()
	for range 7 {
		m.Begin()
	}
	for range 3 {
		m.Request(200, 3*time.Millisecond)
	}
	m.Request(404, time.Second)
	m.Request(0, time.Minute)
	m.Verdict(contract.OK)
	m.Verdict(contract.Violation)
	m.Encode("ffmpeg", 4*time.Second)
	m.Encode("copy", 20*time.Millisecond)
	m.Render("completed", "")
	m.Render("failed", "no_engine")
	lines := scrape(t, admin.Config{Metrics: m, Queue: func(context.Context) (map[string]int, error) {
		return map[string]int{"available": 12, "running": 2}, nil
	}})
	for _, want := range []string{
		`roughyd_requests_total{status="200"} 3`, `roughyd_requests_total{status="404"} 1`, `roughyd_requests_total{status="aborted"} 1`,
		`roughyd_requests_in_flight 2`,
		`roughyd_request_seconds_bucket{le="0.0025"} 0`, `roughyd_request_seconds_bucket{le="0.005"} 3`, `roughyd_request_seconds_count 5`,
		`roughyd_verdicts_total{verdict="ok"} 1`, `roughyd_verdicts_total{verdict="warning"} 0`,
		`roughyd_verdicts_total{verdict="unchecked"} 0`, `roughyd_verdicts_total{verdict="violation"} 1`,
		`roughyd_encode_seconds_sum{engine="ffmpeg"} 4`, `roughyd_encode_seconds_bucket{engine="copy",le="0.05"} 1`,
		`roughyd_renders_total{error_code="",state="completed"} 1`, `roughyd_renders_total{error_code="no_engine",state="failed"} 1`,
		`roughyd_queue_jobs{state="available"} 12`, `roughyd_queue_jobs{state="running"} 2`,
	} {
		require.Contains(t, lines, want)
	}
	text := strings.Join(lines, "\n")
	require.Contains(t, text, "max by (state)", "who adds them up is told")
	require.Contains(t, text, "\ngo_goroutines ")
	require.Contains(t, text, "\nprocess_resident_memory_bytes ")
}

func TestMetricsDoNotKnowOfEachOther(t *testing.T) {
	t.Parallel()
	first, second := admin.NewMetrics(), admin.NewMetrics()
	first.Request(200, time.Second)
	require.Contains(t, scrape(t, admin.Config{Metrics: first}), `roughyd_request_seconds_count 1`)
	require.Contains(t, scrape(t, admin.Config{Metrics: second}), `roughyd_request_seconds_count 0`)
	require.Contains(t, scrape(t, admin.Config{Metrics: first}), `roughyd_request_seconds_count 1`, "two addresses can show the same")
}

func TestAQueueThatCannotBeCountedIsLeftOut(t *testing.T) {
	t.Parallel()
	for name, queue := range map[string]func(context.Context) (map[string]int, error){
		"the database is gone": func(context.Context) (map[string]int, error) {
			return nil, errors.New("dial postgres://me:s3cret@10.1.2.3: refused")
		},
		"a state of odd letters": func(context.Context) (map[string]int, error) { return map[string]int{"\xff": 1}, nil },
	} {
		var log told
		text := strings.Join(scrape(t, admin.Config{Queue: queue, Logger: log.logger()}), "\n")
		require.NotContains(t, text, "roughyd_queue_jobs", name)
		require.NotContains(t, text, "s3cret", name)
		require.Contains(t, text, "roughyd_verdicts_total", name)
		require.Contains(t, log.String(), "roughyd_queue_jobs", name)
		require.NotContains(t, log.String(), "s3cret", name)
	}
}
