package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

func text(t *testing.T, o report.TextOptions, checks ...report.Check) string {
	t.Helper()
	var out bytes.Buffer
	written(t, report.Text(&out, o), checks...)
	return out.String()
}

var (
	plain  = report.TextOptions{}
	colour = report.TextOptions{Color: true}
	quiet  = report.TextOptions{Quiet: true}
)

func TestTextListsAFindingWithFiveExchangesAndThenCountsIt(t *testing.T) {
	t.Parallel()
	out := text(t, quiet, recorded(repeated(12))...)
	require.Equal(t, 5, strings.Count(out, "completed\n"))
	require.Contains(t, out, "#5 again")
	require.NotContains(t, out, "#6 again")
	require.Contains(t, out, "\n\nviolation  schema.required  /items/*/state  openapi.yaml:85:7  12 times  first in #1 again\n\n12 checked")

	out = text(t, plain, repeated(12)...)
	require.Equal(t, 12, strings.Count(out, "completed\n"), "everybody who asked gets a line")
	require.Equal(t, 7, strings.Count(out, "completed\n  and 1 as before\n"))
}

func TestTextQuietTellsWhatIsNewBesideWhatIsNot(t *testing.T) {
	t.Parallel()
	both := judged("both", contract.Violation, missing, extra)
	again := judged("again", contract.Violation, missing)
	out := text(t, quiet, again, again, again, again, again, again, both)
	require.Contains(t, out, "violation  both  completed\n  warning  undocumented-field  /mood  openapi.yaml:81:5  expected documented members, got string\n"+
		"  and 1 as before\n")
}

func TestTextQuietListsAProblemFiveTimes(t *testing.T) {
	t.Parallel()
	gone, refused := report.Check{Subject: "x", Problem: "no connection"}, judged("y", contract.OK)
	refused.Problem = "not found"
	out := text(t, quiet, gone, gone, gone, gone, gone, gone, refused)
	require.Equal(t, 5, strings.Count(out, "no answer  x  no connection\n"))
	require.Contains(t, out, "unread     y  not found\n")
}

func TestTextOverviewIsLeftOutWhereItTellsNothing(t *testing.T) {
	t.Parallel()
	var one []contract.Finding
	for i := range 4 {
		f := extra
		f.Pointer = fmt.Sprintf("/field%c", 'a'+i)
		one = append(one, f)
	}
	require.NotContains(t, text(t, plain, judged("x", contract.Warning, one[:3]...)), "once")
	require.Equal(t, 4, strings.Count(text(t, plain, judged("x", contract.Warning, one...)), "once  first in x"))
	require.Contains(t, text(t, plain, judged("x", contract.Warning, one[0]), judged("y", contract.Warning, one[0])), "2 times  first in x")
}

func TestTextOverviewIsTwentyRowsOfTheWorst(t *testing.T) {
	t.Parallel()
	var all []report.Check
	for i := range 30 {
		f := extra
		f.Pointer = fmt.Sprintf("/field%c", 'a'+i)
		all = append(all, judged("x", contract.Warning, f))
	}
	out := text(t, plain, append(all, repeated(1)...)...)
	_, table, _ := strings.Cut(out, "\n\n")
	require.Equal(t, 20, strings.Count(table, "once"))
	require.True(t, strings.HasPrefix(table, "violation"), table)
	require.Contains(t, table, "\nand 11 more\n")
}

func TestTextClipsWhatWouldFillTheScreen(t *testing.T) {
	t.Parallel()
	deep := extra
	deep.Pointer = strings.Repeat("/deep", 10_000) + "/end"
	out := text(t, plain, judged("x", contract.Warning, deep))
	require.Contains(t, out, "  …")
	require.Contains(t, out, "/deep/end  ")
	require.Less(t, len(out), 1000)
}

func TestTextOfNothing(t *testing.T) {
	t.Parallel()
	require.Equal(t, "0 checked: 0 ok, 0 with warnings, 0 unchecked, 0 with violations\n", text(t, plain))
}

func TestTextPlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		finding contract.Finding
		want    string
	}{
		"a header is called one":      {contract.Finding{Layer: contract.LayerHeader, Pointer: "X-Limit"}, "  header X-Limit  "},
		"the status has no pointer":   {contract.Finding{Layer: contract.LayerStatus}, "  status  "},
		"the whole body is the body":  {contract.Finding{Layer: contract.LayerBody}, "  body  "},
		"a pointer stands for itself": {contract.Finding{Layer: contract.LayerBody, Pointer: "/a~1b/0"}, "  /a~1b/0  "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.finding.Severity = contract.Violation
			require.Contains(t, text(t, plain, judged("x", contract.Violation, c.finding)), c.want)
		})
	}
}

func TestTextColoursOnlyWhenTold(t *testing.T) {
	t.Parallel()
	bare, coloured := text(t, plain, checks()...), text(t, colour, checks()...)
	require.NotContains(t, bare, "\x1b")
	require.Contains(t, coloured, "\x1b[31mviolation\x1b[0m")
	require.Contains(t, coloured, "\x1b[33mwarning  \x1b[0m")
	require.Contains(t, coloured, "\x1b[32mok       \x1b[0m")
}

func TestTextOfWhatWasNotRead(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[contract.Verdict]string{
		contract.OK:        "\x1b[33munread   \x1b[0m",
		contract.Warning:   "\x1b[33munread   \x1b[0m",
		contract.Unchecked: "\x1b[35munchecked\x1b[0m",
		contract.Violation: "\x1b[31mviolation\x1b[0m",
	} {
		c := judged("x", verdict)
		c.State, c.Problem = "", "404 not_found"
		require.Contains(t, text(t, colour, c), want+"  x  404 not_found\n")
	}
}

func TestTextCannotBeSteeredFromOutside(t *testing.T) {
	t.Parallel()
	nasty := extra
	nasty.Pointer = "/a\x1b[2J\nok\tb\u202e\xff"
	c := judged("sub\nject", contract.Warning, nasty)
	c.Problem = "line\rback"
	out := text(t, plain, c)
	require.Contains(t, out, `/a\x1b[2J\nok\tb\u202e\xff`)
	require.Contains(t, out, `sub\nject`)
	require.Contains(t, out, `line\rback`)
	require.Len(t, strings.Split(strings.TrimSpace(out), "\n"), 3)
}

func TestTextTellsThatNothingCouldBeWritten(t *testing.T) {
	t.Parallel()
	w := report.Text(full{}, plain)
	require.ErrorIs(t, w.Add(judged("x", contract.OK)), errFull)
	require.ErrorIs(t, w.Close(report.Summary{}), errFull)
}

var errFull = errors.New("full")

// full is a writer onto which nothing fits any more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
