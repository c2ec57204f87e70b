package report_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/racetest"
	"github.com/roughy-go/roughy/internal/report"
)

// open is a form that there is.
func open(t *testing.T, form string, w io.Writer, o report.TextOptions) report.Writer {
	t.Helper()
	out, err := report.New(form, w, o)
	require.NoError(t, err)
	return out
}

func TestFormsByName(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"text", "json", "ndjson", "junit", "sarif", "html", "github"}, report.Forms())
	for _, form := range report.Forms() {
		var out bytes.Buffer
		written(t, open(t, form, &out, plain), checks()...)
		require.NotEmpty(t, out.String(), form)
	}
	_, err := report.New("pdf", io.Discard, plain)
	require.EqualError(t, err, `no form of a report: "pdf"; use one of text, json, ndjson, junit, sarif, html, github`)
}

func TestTextTakesItsOptionsByName(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	written(t, open(t, "text", &out, report.TextOptions{Color: true, Quiet: true}), recorded(checks())...)
	require.Contains(t, out.String(), "\x1b[31mviolation\x1b[0m  #1 many")
}

func TestFormsTellThatNothingCouldBeWritten(t *testing.T) {
	t.Parallel()
	for _, form := range report.Forms() {
		w := open(t, form, full{}, plain)
		err := w.Add(judged("x", contract.Violation, missing))
		if err == nil {
			err = w.Close(report.Summary{})
		}
		require.ErrorIs(t, err, errFull, form)
	}
}

func TestFormsHaveNothingButTheChecks(t *testing.T) {
	t.Setenv("ROUGHY_API_KEY", "sk_planted_in_the_environment")
	host, err := os.Hostname()
	require.NoError(t, err)
	folder, err := os.Getwd()
	require.NoError(t, err)
	for _, form := range report.Forms() {
		var out bytes.Buffer
		writtenWith(t, open(t, form, &out, plain), summary(), recorded(checks())...)
		for _, secret := range []string{"sk_planted", host, folder} {
			require.NotContains(t, out.String(), secret, form)
		}
	}
}

// TestFormsHoldLittleHoweverManyChecks is not parallel: the heap is everybody's.
func TestFormsHoldLittleHoweverManyChecks(t *testing.T) {
	racetest.Skip(t)
	const most = 24 << 20
	for _, form := range ownForms() {
		for name, n := range map[string]struct{ checks, pointer int }{
			"many findings": {100_000, 200},
			"long findings": {60, 500_000},
		} {
			t.Run(form+" of "+name, func(t *testing.T) {
				w := open(t, form, io.Discard, quiet)
				padding, before := strings.Repeat("p", n.pointer), heap()
				for i := range n.checks {
					f := missing
					f.Pointer = fmt.Sprintf("/name%d%s", i, padding)
					c := judged(fmt.Sprint("render ", i), contract.Violation, f)
					c.Problem = f.Pointer[:200]
					c.Accepted = []contract.Finding{f}
					require.NoError(t, w.Add(c))
				}
				require.Less(t, heap()-before, most)
				require.NoError(t, w.Close(report.Summary{}))
			})
		}
	}
}

// ownForms are all but HTML, which keeps more and has tests of its own.
func ownForms() []string {
	return slices.DeleteFunc(report.Forms(), func(form string) bool { return form == "html" })
}

// heap is how many bytes are in use.
func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
