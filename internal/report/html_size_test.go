package report_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

func TestHTMLIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	require.Equal(t, many(t, 3_000).String(), many(t, 3_000).String())
}

func TestHTMLStaysSmall(t *testing.T) {
	t.Parallel()
	page := many(t, 10_000)
	require.Less(t, page.Len(), 3<<20)
	require.Contains(t, page.String(), "Not listed, but counted: ")
	require.Equal(t, "checked 10,000 exchanges in all", texts(t, page.String(), "li", "tile")[0])
}

// TestHTMLHoldsLittleHoweverMuchIsAdded is not parallel: the heap is everybody's.
func TestHTMLHoldsLittleHoweverMuchIsAdded(t *testing.T) {
	before := heap()
	w := report.HTML(io.Discard)
	add := func(from, to int) int {
		for i := from; i < to; i++ {
			require.NoError(t, w.Add(numbered(i)))
		}
		return heap() - before
	}
	most := add(0, 100_000)
	require.Less(t, most, 32<<20)
	require.Less(t, add(100_000, 150_000)-most, 1<<20)
	require.NoError(t, w.Close(report.Summary{}))
}

// TestHTMLHoldsLittleOfLongTexts is not parallel either.
func TestHTMLHoldsLittleOfLongTexts(t *testing.T) {
	const most = 48 << 20 // two times what groups of findings may hold, and some
	var out bytes.Buffer
	before, w := heap(), report.HTML(&out)
	for i := range 60 {
		f := missing
		f.Pointer = fmt.Sprintf("/name%d%s", i, strings.Repeat("p", 500_000))
		c := judged(f.Pointer, contract.Violation, f)
		c.State, c.Problem, c.Render, c.Accepted = f.Pointer, f.Pointer, f.Pointer, []contract.Finding{f}
		require.NoError(t, w.Add(c))
	}
	require.Less(t, heap()-before, most)
	require.NoError(t, w.Close(report.Summary{}))
	require.Less(t, out.Len(), 1<<20)
}

// many is the page of n checks.
func many(t *testing.T, n int) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	w := report.HTML(&out)
	for i := range n {
		require.NoError(t, w.Add(numbered(i)))
	}
	require.NoError(t, w.Close(summary()))
	return &out
}

// numbered is one of very many checks: half of them with findings, each render read five times, and names that are never the
// same twice in every tenth.
func numbered(i int) report.Check {
	c := judged(fmt.Sprintf("GET /v1/renders/%036d", i/5), contract.OK)
	switch {
	case i%10 == 0:
		f := missing
		f.Pointer = fmt.Sprintf("/labels/name-%d/value", i)
		c = judged(c.Subject, contract.Violation, f, extra)
	case i%2 == 0:
		c = judged(c.Subject, contract.Warning, extra)
	}
	c.Number, c.Render, c.Status = i+1, fmt.Sprintf("%036d", i/5), 200
	c.Started, c.Elapsed = time.Date(2026, 11, 25, 12, 0, 0, i*7_000_000, time.UTC), time.Duration(i%997+1)*time.Millisecond
	return c
}
