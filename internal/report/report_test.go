package report_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

var (
	missing = contract.Finding{
		Rule: "schema.required", Severity: contract.Violation, Layer: contract.LayerBody, Pointer: "/state",
		Document: "/components/schemas/Render/required", Position: "openapi.yaml:85:7", Expected: "the member state", Got: "nothing",
	}
	extra = contract.Finding{
		Rule: "undocumented-field", Severity: contract.Warning, Layer: contract.LayerBody, Pointer: "/mood",
		Position: "openapi.yaml:81:5", Expected: "documented members", Got: "string",
	}
	capped = contract.Finding{
		Rule: "unchecked.cap", Severity: contract.Unchecked, Layer: contract.LayerBody, Expected: "a body under the cap",
	}
)

func judged(subject string, verdict contract.Verdict, findings ...contract.Finding) report.Check {
	return report.Check{
		Subject: subject, State: "completed",
		Report: &contract.Report{Operation: "readRender", Verdict: verdict, Findings: findings},
	}
}

// checks is one check of every kind, in an order that is nobody's default.
func checks() []report.Check {
	refused := judged("not-mine", contract.OK)
	refused.State, refused.Problem = "", "not found"
	many := judged("many", contract.Violation, missing, extra)
	many.Report.Omitted, many.Withheld = 7, true
	known := judged("known", contract.OK)
	known.Accepted = []contract.Finding{extra}
	return []report.Check{
		many,
		judged("fine", contract.OK),
		judged("new-field", contract.Warning, extra),
		{Subject: "gone", Problem: "no connection"},
		judged("large", contract.Unchecked, capped),
		refused,
		known,
		{Subject: "GET /elsewhere", Outside: true},
	}
}

// recorded are checks as a recording has them: with number, request and times.
func recorded(checks []report.Check) []report.Check {
	for i := range checks {
		c := &checks[i]
		c.Number, c.Method, c.Path = i+1, "GET", "/v1/renders/"+c.Subject
		c.Started, c.Elapsed = time.Date(2026, 11, 25, 12, 0, i, 0, time.UTC), time.Duration(i+1)*1500*time.Microsecond
		if c.Report != nil {
			c.Status = 200
		}
		if c.State != "" {
			c.Render = c.Subject
		}
	}
	return checks
}

// repeated are n exchanges that show the same at another place of a list each, and nothing else.
func repeated(n int) []report.Check {
	var out []report.Check
	for i := range n {
		f := missing
		f.Pointer = fmt.Sprintf("/items/%d/state", i)
		out = append(out, judged("again", contract.Violation, f))
	}
	return out
}

// summary is one that has something to say of everything.
func summary() report.Summary {
	part := func(kind, name, property string, seen int) contract.Part {
		return contract.Part{Kind: kind, Operation: "readRender", Status: "200", Name: name, Property: property, Seen: seen,
			Document: "/paths", Position: "openapi.yaml:9:1"}
	}
	return report.Summary{
		Source: "capture.har", Document: "openapi.yaml",
		Coverage: []contract.Part{
			{Kind: "operation", Operation: "readRender", Name: "readRender", Seen: 5},
			{Kind: "status", Operation: "readRender", Name: "200", Seen: 5},
			part("property", "/state", "", 5),
			part("value", "pending", "/state", 0),
			part("value", "processing", "/state", 0),
			part("value", "completed", "/state", 5),
			part("property", "/output", "", 5),
			part("property", "/output/format", "", 0),
			part("value", "mp4", "/output/format", 0),
			part("value", "mov", "/output/format", 0),
			{Kind: "status", Operation: "readRender", Name: "default", Seen: 0},
			{Kind: "property", Operation: "readRender", Status: "default", Name: "/error", Seen: 0},
		},
		Stale:     []string{"undocumented-field at /old, which nothing showed"},
		Expired:   []string{"schema.required at /state, until 2026-01-31"},
		Forgotten: 1, Skipped: 4,
	}
}

func written(t *testing.T, w report.Writer, checks ...report.Check) {
	t.Helper()
	writtenWith(t, w, report.Summary{}, checks...)
}

func writtenWith(t *testing.T, w report.Writer, s report.Summary, checks ...report.Check) {
	t.Helper()
	for _, c := range checks {
		require.NoError(t, w.Add(c))
	}
	require.NoError(t, w.Close(s))
}

func TestTotals(t *testing.T) {
	t.Parallel()
	var totals report.Totals
	for _, c := range checks() {
		totals.Add(c)
	}
	require.Equal(t, report.Totals{
		Checks: 8, OK: 3, Warnings: 1, Unchecked: 1, Violations: 1, Unanswered: 1, Outside: 1, Unread: 2, Accepted: 1,
	}, totals)
}
