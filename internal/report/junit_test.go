package report_test

import (
	"bytes"
	"encoding/xml"
	"os"
	"testing"
	"time"

	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

// suite is what a viewer reads.
func suite(t *testing.T, s report.Summary, checks ...report.Check) junit.Testsuite {
	t.Helper()
	var out bytes.Buffer
	writtenWith(t, report.JUnit(&out), s, checks...)
	var suites junit.Testsuites
	require.NoError(t, xml.Unmarshal(out.Bytes(), &suites), out.String())
	require.Len(t, suites.Suites, 1)
	one := suites.Suites[0]
	require.Equal(t, []int{one.Tests, one.Failures, one.Errors, one.Skipped},
		[]int{suites.Tests, suites.Failures, suites.Errors, suites.Skipped})
	require.Len(t, one.Testcases, one.Tests)
	return one
}

func TestJUnitSaysWhatBecameOfEachCase(t *testing.T) {
	t.Parallel()
	refused := judged("refused", contract.OK)
	refused.Problem = "not found"
	broken := judged("broken", contract.Violation, missing, capped, extra)
	broken.Problem = "contract broken"
	unsure := judged("unsure", contract.Unchecked, capped)
	unsure.Problem = "cut off"
	accepted := judged("accepted", contract.OK)
	accepted.Accepted = []contract.Finding{missing}
	brief := func(r *junit.Result) string {
		if r == nil {
			return ""
		}
		return r.Type + " | " + r.Message + " | " + r.Data
	}
	const unchecked = "unchecked unchecked.cap: expected a body under the cap"
	for name, c := range map[string]struct {
		check                       report.Check
		failure, err, skipped, said string
	}{
		"ok":          {check: judged("x", contract.OK)},
		"a warning":   {check: judged("x", contract.Warning, extra), said: extra.String()},
		"a violation": {check: judged("x", contract.Violation, missing), failure: "schema.required | /state: expected the member state, got nothing | " + missing.String()},
		"a violation with all else": {check: broken,
			failure: "schema.required | /state: expected the member state, got nothing | " + missing.String() + "\n" + unchecked,
			said:    "contract broken\n" + extra.String()},
		"unchecked":            {check: judged("x", contract.Unchecked, capped), skipped: "unchecked.cap | body: expected a body under the cap | " + unchecked},
		"unchecked and unread": {check: unsure, err: "unread | cut off | " + unchecked},
		"unread":               {check: refused, err: "unread | not found | "},
		"unanswered":           {check: report.Check{Subject: "x", Problem: "no connection"}, err: "unanswered | no connection | "},
		"unanswered, why ever": {check: report.Check{Subject: "x"}, err: "unanswered | no answer | "},
		"outside":              {check: report.Check{Subject: "x", Outside: true}, skipped: "outside | outside: the document does not name this host | "},
		"accepted":             {check: accepted, said: "accepted: " + missing.String()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one := suite(t, report.Summary{}, c.check).Testcases[0]
			require.Equal(t, []string{c.failure, c.err, c.skipped}, []string{brief(one.Failure), brief(one.Error), brief(one.Skipped)})
			if c.said == "" {
				require.Nil(t, one.SystemOut)
			} else {
				require.Equal(t, c.said, one.SystemOut.Data)
			}
		})
	}
}

func TestJUnitSuite(t *testing.T) {
	t.Parallel()
	one := suite(t, summary(), recorded(checks())...)
	require.Equal(t, "capture.har", one.Name)
	require.Equal(t, "2026-11-25T12:00:00Z", one.Timestamp)
	require.Equal(t, "0.054", one.Time)
	require.Equal(t, []int{8, 1, 2, 2}, []int{one.Tests, one.Failures, one.Errors, one.Skipped})
	require.Equal(t, []junit.Property{
		{Name: "source", Value: "capture.har"}, {Name: "document", Value: "openapi.yaml"}, {Name: "coverage.operations", Value: "1 of 1"},
		{Name: "coverage.statuses", Value: "1 of 2"}, {Name: "coverage.properties", Value: "2 of 4"}, {Name: "coverage.values", Value: "1 of 5"},
	}, *one.Properties)
	require.Empty(t, suite(t, report.Summary{}).Testcases)
}

func TestJUnitNamesAreUnique(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, c := range suite(t, report.Summary{}, append(repeated(3), recorded(repeated(5))[3:]...)...).Testcases {
		require.NotContains(t, names, c.Name)
		names[c.Name] = true
		require.Equal(t, "readRender", c.Classname)
	}
}

func TestJUnitOfWhatXMLForbids(t *testing.T) {
	t.Parallel()
	nasty := missing
	nasty.Pointer = "/]]>\x00\x1b\ufffe\xff<&\"'\n"
	c := judged("</testcase>\x00", contract.Violation, nasty, missing)
	c.Problem, c.Report.Operation = "\x07<b>", "op<er>\x01"
	one := suite(t, report.Summary{Source: "\x00<", Document: "&\x02"}, c)
	require.Equal(t, `\x00<`, one.Name)
	require.Equal(t, `#1 </testcase>\x00`, one.Testcases[0].Name)
	require.Contains(t, one.Testcases[0].Failure.Data, `/]]>\x00\x1b\ufffe\xff<&\"'\n`)
	require.Equal(t, `\a<b>`, one.Testcases[0].SystemOut.Data)
}

func TestJUnitStartsWithTheFirstExchange(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	late, early, unknown := judged("x", contract.OK), judged("x", contract.OK), judged("x", contract.OK)
	late.Started, early.Started = first.Add(time.Hour), first
	require.Equal(t, "2026-01-02T02:04:05Z", suite(t, report.Summary{}, unknown, late, early, unknown).Timestamp)
	require.Empty(t, suite(t, report.Summary{}, unknown).Timestamp)
}

func TestJUnitLeavesNoFileBehind(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	var out bytes.Buffer
	written(t, report.JUnit(&out), checks()...)
	w := report.JUnit(full{})
	require.NoError(t, w.Add(judged("x", contract.OK)))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, left, 1, "the cases wait here")
	require.ErrorIs(t, w.Close(report.Summary{}), errFull)
	left, err = os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestJUnitWithoutAPlaceForItsCases(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+"/gone")
	w := report.JUnit(&bytes.Buffer{})
	require.ErrorIs(t, w.Add(judged("x", contract.OK)), os.ErrNotExist)
	require.NoError(t, w.Close(report.Summary{}))
}
