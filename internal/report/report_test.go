package report_test

import (
	"testing"

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
		Rule: "unchecked.too-large", Severity: contract.Unchecked, Layer: contract.LayerBody, Expected: "a body under the cap",
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
	many.Report.Omitted = 7
	return []report.Check{
		many,
		judged("fine", contract.OK),
		judged("new-field", contract.Warning, extra),
		{Subject: "gone", Problem: "no connection"},
		judged("large", contract.Unchecked, capped),
		refused,
	}
}

func written(t *testing.T, w report.Writer, checks ...report.Check) {
	t.Helper()
	for _, c := range checks {
		require.NoError(t, w.Add(c))
	}
	require.NoError(t, w.Close())
}

func TestTotals(t *testing.T) {
	t.Parallel()
	var totals report.Totals
	for _, c := range checks() {
		totals.Add(c)
	}
	require.Equal(t, report.Totals{
		Checks: 6, OK: 2, Warnings: 1, Unchecked: 1, Violations: 1, Unanswered: 1, Unread: 2,
	}, totals)
}
