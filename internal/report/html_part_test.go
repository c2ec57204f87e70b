package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

func TestHTMLCountsEveryExchangeInOneBar(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 25, 23, 59, 59, 999_000_000, time.UTC)
	for name, c := range map[string]struct {
		apart time.Duration
		first string
		bar   string
	}{
		"at once":         {0, "25 Nov 2026, 23:59:59.999, 1 ms", "A bar is 1 ms"},
		"over an instant": {10 * time.Microsecond, "25 Nov 2026, 23:59:59.999, 1 ms", "A bar is 1 ms"},
		"over seconds":    {30 * time.Millisecond, "25 Nov 2026, 23:59:59, 1 s", "A bar is 1 s"},
		"over hours":      {9 * time.Second, "25 Nov 2026, 23:55, 5 min", "A bar is 5 min"},
		"over years":      {48 * time.Hour, "10 Oct 2026, 00:00, 64 d", "A bar is 64 d"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []report.Check
			for i := range 1_000 {
				one := judged("x", contract.OK)
				one.Started = start.Add(time.Duration(i) * c.apart)
				all = append(all, one)
			}
			page := htmlOf(t, report.Summary{}, all...)
			require.Contains(t, page, c.bar)
			sum := 0
			for _, row := range texts(t, page, "tr", "stretch") {
				var n int
				_, err := fmt.Sscan(strings.ReplaceAll(row[strings.LastIndex(row, " ")+1:], ",", ""), &n)
				require.NoError(t, err)
				sum += n
			}
			require.Equal(t, 1_000, sum)
			require.Contains(t, texts(t, page, "tr", "stretch")[0], c.first)
		})
	}
}

func TestHTMLPercentiles(t *testing.T) {
	t.Parallel()
	var all []report.Check
	for i := range 1_000 {
		c := judged("x", contract.OK)
		c.Elapsed = time.Duration(1_000-i) * 10 * time.Millisecond
		all = append(all, c)
	}
	all = append(all, judged("without a time", contract.OK), report.Check{Outside: true, Elapsed: time.Hour})
	page := htmlOf(t, report.Summary{}, all...)
	require.Contains(t, page, "over 1,000 exchanges that know it")
	for name, want := range map[string]float64{"p50": 5, "p95": 9.5, "p99": 9.9, "slowest": 10} {
		var got float64
		for _, fact := range texts(t, page, "li", "") {
			_, _ = fmt.Sscanf(fact, name+" %f s", &got)
		}
		require.InEpsilon(t, want, got, 0.01, name)
	}
}

func TestHTMLFollowsRenders(t *testing.T) {
	t.Parallel()
	read := func(render, state string, verdict contract.Verdict, second int) report.Check {
		c := judged(render, verdict)
		c.Render, c.State, c.Started = render, state, time.Date(2026, 11, 25, 12, 0, second, 0, time.UTC)
		return c
	}
	page := htmlOf(t, report.Summary{},
		read("fine", "pending", contract.OK, 0), read("fine", "pending", contract.OK, 30), read("fine", "completed", contract.OK, 90),
		read("late", "pending", contract.OK, 0), read("late", "cancelled", contract.Violation, 9),
		read("odd", "completed", contract.Warning, 5),
	)
	var rows []string
	for _, row := range texts(t, page, "tr", "") {
		if strings.Contains(row, " reads") || strings.HasPrefix(row, "fine") {
			rows = append(rows, row)
		}
	}
	require.Equal(t, []string{
		"late pending, 1 read from 12:00:00.000 UTC cancelled, 1 read from 12:00:09.000 UTC " +
			"violation: cancelled, 1 read from 12:00:09.000 UTC pending → cancelled 2 9 s violation 1 of 2 reads",
		"odd completed, 1 read from 12:00:05.000 UTC warning: completed, 1 read from 12:00:05.000 UTC completed 1 – warning 1 of 1 reads",
		"fine pending, 2 reads from 12:00:00.000 UTC completed, 1 read from 12:01:30.000 UTC pending → completed 3 1 min 30 s ok",
	}, rows)
}

func TestHTMLListsTheFirstExchangeOfEachFinding(t *testing.T) {
	t.Parallel()
	rare := missing
	rare.Pointer = "/rare"
	var all []report.Check
	for i := range 5_000 {
		f := missing
		if i == 3_456 {
			f = rare
		}
		all = append(all, judged(fmt.Sprintf("render-%d.", i), contract.Violation, f))
	}
	page := htmlOf(t, report.Summary{}, all...)
	require.Contains(t, page, "render-0.")
	require.Contains(t, page, ">render-3456.</th>")
	require.Contains(t, page, "4,098 violation.")
}

func TestHTMLListsTheWorstFirst(t *testing.T) {
	t.Parallel()
	page := htmlOf(t, report.Summary{}, recorded(checks())...)
	var verdicts []string
	for _, e := range elements(t, page) {
		if attribute(e, "data-ids") != "" {
			verdicts = append(verdicts, inner(e))
		}
	}
	require.Len(t, verdicts, 8)
	require.Contains(t, verdicts[0], "many 200 completed violation withheld 1.5 ms 9 findings")
	require.Contains(t, verdicts[1], "gone no connection no answer unread")
	require.Contains(t, verdicts[2], "large 200 completed unchecked")
	require.Contains(t, verdicts[3], "new-field 200 completed warning")
	require.Contains(t, verdicts[7], "GET /elsewhere outside")
}
