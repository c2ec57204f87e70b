package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

func TestJSONShape(t *testing.T) {
	t.Parallel()
	one := recorded([]report.Check{judged("new-field", contract.Warning, extra)})[0]
	one.Accepted = []contract.Finding{capped}
	var out bytes.Buffer
	writtenWith(t, report.JSON(&out), report.Summary{Source: "a.har", Document: "openapi.yaml"},
		one, report.Check{Number: 2, Subject: "gone", Problem: "no connection"})
	require.Equal(t, `{
  "version": 1,
  "checks": [
    {
      "number": 1,
      "subject": "new-field",
      "method": "GET",
      "path": "/v1/renders/new-field",
      "status": 200,
      "started": "2026-11-25T12:00:00Z",
      "elapsed_ms": 1.5,
      "render": "new-field",
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
      "omitted": 0,
      "accepted": [
        {
          "rule": "unchecked.cap",
          "severity": "unchecked",
          "layer": "body",
          "pointer": "",
          "expected": "a body under the cap"
        }
      ],
      "outside": false,
      "withheld": false
    },
    {
      "number": 2,
      "subject": "gone",
      "method": null,
      "path": null,
      "status": null,
      "started": null,
      "elapsed_ms": null,
      "render": null,
      "state": null,
      "problem": "no connection",
      "verdict": null,
      "operation": null,
      "findings": [],
      "omitted": 0,
      "accepted": [],
      "outside": false,
      "withheld": false
    }
  ],
  "totals": {
    "checks": 2,
    "ok": 0,
    "warnings": 1,
    "unchecked": 0,
    "violations": 0,
    "unanswered": 1,
    "outside": 0,
    "unread": 1,
    "accepted": 1
  },
  "summary": {
    "source": "a.har",
    "document": "openapi.yaml",
    "coverage": [],
    "stale": [],
    "expired": [],
    "forgotten": 0,
    "skipped": 0
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
	require.ErrorIs(t, w.Close(report.Summary{}), errFull)
}

// TestShapeHasEveryMember holds the description to what is written.
func TestShapeHasEveryMember(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := report.JSON(&out)
	for _, c := range checks() {
		require.NoError(t, w.Add(c))
	}
	require.NoError(t, w.Close(report.Summary{Coverage: []contract.Part{{Kind: "value", Status: "200", Property: "/a"}}}))
	var document any
	require.NoError(t, json.Unmarshal(out.Bytes(), &document))
	words := strings.FieldsFunc(report.Shape(), func(r rune) bool { return !unicode.IsLetter(r) && r != '_' })
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				require.Contains(t, words, name)
				visit(member)
			}
		case []any:
			for _, item := range v {
				visit(item)
			}
		}
	}
	visit(document)
}
