package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

// TestGroupsOfFindings sees what is one finding in many exchanges, and what is not, by the annotations.
func TestGroupsOfFindings(t *testing.T) {
	t.Parallel()
	with := func(change func(*contract.Finding)) report.Check {
		f := missing
		change(&f)
		return judged("x", contract.Violation, f)
	}
	at := func(pointer string) report.Check { return with(func(f *contract.Finding) { f.Pointer = pointer }) }
	elsewhere := at("/state")
	elsewhere.Report.Operation = "listRenders"
	twice := judged("x", contract.Violation, at("/items/0").Report.Findings[0], at("/items/1").Report.Findings[0])
	for name, c := range map[string]struct {
		checks []report.Check
		want   []string
	}{
		"the same at two places of a list": {[]report.Check{at("/items/0/a"), at("/items/17/a")}, []string{"/items/*/a of readRender in 2 exchanges"}},
		"twice in one exchange":            {[]report.Check{twice}, []string{"/items/* of readRender in 1 exchange"}},
		"a name with digits is a name":     {[]report.Check{at("/a1"), at("/a2")}, []string{"/a1 of readRender in 1 exchange", "/a2 of readRender in 1 exchange"}},
		"what came does not tell apart": {[]report.Check{at("/state"), with(func(f *contract.Finding) { f.Got = "null" })},
			[]string{"/state of readRender in 2 exchanges"}},
		"another operation": {[]report.Check{at("/state"), elsewhere},
			[]string{"/state of listRenders in 1 exchange", "/state of readRender in 1 exchange"}},
		"another promise": {[]report.Check{at("/state"), with(func(f *contract.Finding) { f.Document = "/other" })},
			[]string{"/state of readRender in 1 exchange", "/state of readRender in 1 exchange"}},
		"another rule": {[]report.Check{at("/state"), with(func(f *contract.Finding) { f.Rule = "schema.not" })},
			[]string{"/state of readRender in 1 exchange", "/state of readRender in 1 exchange"}},
		"a header that looks like an index": {[]report.Check{with(func(f *contract.Finding) { f.Layer, f.Pointer = contract.LayerHeader, "42" })},
			[]string{"header 42 of readRender in 1 exchange"}},
		"the worst first, then the most frequent": {[]report.Check{
			judged("x", contract.Unchecked, capped), judged("x", contract.Warning, extra), at("/a"), at("/b"), at("/b")},
			[]string{"/b of readRender in 2 exchanges", "/a of readRender in 1 exchange", "body of readRender in 1 exchange", "/mood of readRender in 1 exchange"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			written(t, report.GitHub(&out), c.checks...)
			var got []string
			for line := range strings.Lines(out.String()) {
				_, message, _ := strings.Cut(line[2:], "::")
				place, rest, _ := strings.Cut(message, ": expected ")
				_, count, _ := strings.Cut(rest, "; ")
				count, _, _ = strings.Cut(count, ",")
				got = append(got, place+" "+count)
			}
			require.Equal(t, c.want, got)
		})
	}
}
