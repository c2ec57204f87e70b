package report_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

func text(t *testing.T, color bool, checks ...report.Check) string {
	t.Helper()
	var out bytes.Buffer
	written(t, report.Text(&out, color), checks...)
	return out.String()
}

func TestTextShowsEveryCheckInOrder(t *testing.T) {
	t.Parallel()
	want := `
violation  many  completed
  violation  schema.required     /state  openapi.yaml:85:7  expected the member state, got nothing
  warning    undocumented-field  /mood   openapi.yaml:81:5  expected documented members, got string
  and 7 more
ok         fine  completed
warning    new-field  completed
  warning  undocumented-field  /mood  openapi.yaml:81:5  expected documented members, got string
no answer  gone  no connection
unchecked  large  completed
  unchecked  unchecked.too-large  body  -  expected a body under the cap
unread     not-mine  not found
6 checked: 2 ok, 1 with warnings, 1 unchecked, 1 with violations, 1 without an answer; 2 not read, counted by answer
`
	require.Equal(t, strings.TrimPrefix(want, "\n"), text(t, false, checks()...))
}

func TestTextOfNothing(t *testing.T) {
	t.Parallel()
	require.Equal(t, "0 checked: 0 ok, 0 with warnings, 0 unchecked, 0 with violations\n", text(t, false))
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
			require.Contains(t, text(t, false, judged("x", contract.Violation, c.finding)), c.want)
		})
	}
}

func TestTextColoursOnlyWhenTold(t *testing.T) {
	t.Parallel()
	plain, coloured := text(t, false, checks()...), text(t, true, checks()...)
	require.NotContains(t, plain, "\x1b")
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
		require.Contains(t, text(t, true, c), want+"  x  404 not_found\n")
	}
}

func TestTextCannotBeSteeredFromOutside(t *testing.T) {
	t.Parallel()
	nasty := extra
	nasty.Pointer = "/a\x1b[2J\nok\tb\u202e\xff"
	c := judged("sub\nject", contract.Warning, nasty)
	c.Problem = "line\rback"
	out := text(t, false, c)
	require.Contains(t, out, `/a\x1b[2J\nok\tb\u202e\xff`)
	require.Contains(t, out, `sub\nject`)
	require.Contains(t, out, `line\rback`)
	require.Len(t, strings.Split(strings.TrimSpace(out), "\n"), 3)
}

func TestTextTellsThatNothingCouldBeWritten(t *testing.T) {
	t.Parallel()
	w := report.Text(full{}, false)
	require.ErrorIs(t, w.Add(judged("x", contract.OK)), errFull)
	require.ErrorIs(t, w.Close(), errFull)
}

var errFull = errors.New("full")

// full is a writer onto which nothing fits any more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
