package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

func TestJSONShape(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	written(t, report.JSON(&out), judged("new-field", contract.Warning, extra), report.Check{Subject: "gone", Problem: "no connection"})
	require.Equal(t, `{
  "version": 1,
  "checks": [
    {
      "subject": "new-field",
      "state": "completed",
      "problem": null,
      "verdict": "warning",
      "operation": "readRender",
      "findings": [
        {
          "rule": "undocumented-field",
          "severity": "warning",
          "layer": "body",
          "pointer": "/mood",
          "position": "openapi.yaml:81:5",
          "expected": "documented members",
          "got": "string"
        }
      ],
      "omitted": 0
    },
    {
      "subject": "gone",
      "state": null,
      "problem": "no connection",
      "verdict": null,
      "operation": null,
      "findings": [],
      "omitted": 0
    }
  ],
  "totals": {
    "checks": 2,
    "ok": 0,
    "warnings": 1,
    "unchecked": 0,
    "violations": 0,
    "unanswered": 1,
    "unread": 1
  }
}
`, out.String())
}

func TestJSONIsOneDocumentHoweverManyChecks(t *testing.T) {
	t.Parallel()
	all := checks()
	for n := range len(all) + 1 {
		var out bytes.Buffer
		written(t, report.JSON(&out), all[:n]...)
		var document struct {
			Version int
			Checks  []struct{ Subject string }
			Totals  report.Totals
		}
		require.NoError(t, json.Unmarshal(out.Bytes(), &document), out.String())
		require.Equal(t, report.Version, document.Version)
		require.NotNil(t, document.Checks)
		require.Len(t, document.Checks, n)
		require.Equal(t, n, document.Totals.Checks)
	}
}

func TestJSONTellsThatNothingCouldBeWritten(t *testing.T) {
	t.Parallel()
	w := report.JSON(full{})
	require.ErrorIs(t, w.Add(judged("x", contract.OK)), errFull)
	require.ErrorIs(t, w.Close(), errFull)
}
