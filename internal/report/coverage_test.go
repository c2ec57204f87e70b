package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

// covered is the text about coverage.
func covered(t *testing.T, parts ...contract.Part) string {
	t.Helper()
	var out bytes.Buffer
	writtenWith(t, report.Text(&out, quiet), report.Summary{Coverage: parts})
	text, _, _ := strings.Cut(out.String(), "0 checked")
	return text
}

func TestTextOfCoverage(t *testing.T) {
	t.Parallel()
	part := func(kind, operation, status, name, property string, seen int) contract.Part {
		return contract.Part{Kind: kind, Operation: operation, Status: status, Name: name, Property: property, Seen: seen}
	}
	for name, c := range map[string]struct {
		parts []contract.Part
		want  string
	}{
		"nobody kept count": {nil, ""},
		"all of it":         {[]contract.Part{part("operation", "get", "", "get", "", 1)}, "coverage    1 of 1 operations\n"},
		"an operation is missing with all that belongs to it": {[]contract.Part{
			part("operation", "get", "", "get", "", 1), part("operation", "list", "", "list", "", 0),
			part("status", "list", "", "200", "", 0), part("property", "list", "200", "/a", "", 0), part("value", "list", "200", "x", "/a", 0),
		}, "coverage    1 of 2 operations, 0 of 1 statuses, 0 of 1 properties, 0 of 1 values\nnever seen  operation list\n"},
		"a property is missing with all that is in it": {[]contract.Part{
			part("property", "get", "200", "/a", "", 0), part("property", "get", "200", "/a/b", "", 0), part("value", "get", "200", "x", "/a/b", 0),
			part("property", "get", "200", "/ab", "", 0),
		}, "coverage    0 of 3 properties, 0 of 1 values\nnever seen  /a; /ab\n"},
		"the operation is named where there are several": {[]contract.Part{
			part("operation", "get", "", "get", "", 1), part("operation", "list", "", "list", "", 1), part("property", "list", "200", "/a", "", 0),
		}, "coverage    2 of 2 operations, 0 of 1 properties\nnever seen  list /a\n"},
		"the status is named where several were seen": {[]contract.Part{
			part("status", "get", "", "200", "", 1), part("status", "get", "", "404", "", 2), part("value", "get", "404", "x", "/a", 0),
			part("value", "get", "404", "y", "/a", 0), part("value", "get", "200", "y", "/a", 0),
		}, "coverage    2 of 2 statuses, 0 of 3 values\nnever seen  404 /a: x, y; 200 /a: y\n"},
		"names cannot steer the terminal": {[]contract.Part{part("property", "get", "200", "/a\x1b[2J", "", 0)},
			"coverage    0 of 1 properties\nnever seen  /a\\x1b[2J\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, covered(t, c.parts...))
		})
	}
}

func TestTextOfCoverageIsEightLinesAtMost(t *testing.T) {
	t.Parallel()
	var parts []contract.Part
	for i := range 500 {
		parts = append(parts, contract.Part{Kind: "property", Operation: "get", Status: "200", Name: fmt.Sprintf("/property%d", i)})
	}
	lines := strings.Split(strings.TrimSpace(covered(t, parts...)), "\n")
	require.Len(t, lines, 1+8+1)
	named := 0
	for _, line := range lines[1:9] {
		require.LessOrEqual(t, len(line), 100)
		named += strings.Count(line, "/property")
	}
	require.Equal(t, fmt.Sprintf("            and %d more", 500-named), lines[9])
}

func TestTextOfAFewExchangesListsNothingNeverSeen(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := report.Text(&out, report.TextOptions{})
	require.NoError(t, w.Close(report.Summary{Coverage: []contract.Part{{Kind: "property", Operation: "get", Status: "200", Name: "/a"}}}))
	require.Contains(t, out.String(), "coverage    0 of 1 properties\n0 checked")
}
