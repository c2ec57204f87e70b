package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

func TestNDJSONIsWrittenAsItIsAdded(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := report.NDJSON(&out)
	require.NoError(t, w.Add(judged("x", contract.Warning, extra)))
	require.True(t, strings.HasPrefix(out.String(), `{"type":"check","number":0,"subject":"x",`), out.String())
	require.Equal(t, 1, strings.Count(out.String(), "\n"))
	out.Reset()
	require.NoError(t, w.Close(report.Summary{Source: "a.har"}))
	require.Equal(t, `{"type":"end","totals":{"checks":1,"ok":0,"warnings":1,"unchecked":0,"violations":0,"unanswered":0,"outside":0,"unread":0,"accepted":0},`+
		`"summary":{"source":"a.har","document":"","coverage":[],"stale":[],"expired":[],"forgotten":0,"skipped":0}}`+"\n", out.String())
}

func TestNDJSONLeavesOutWhatIsFine(t *testing.T) {
	t.Parallel()
	withheld := judged("withheld", contract.OK)
	withheld.Withheld = true
	var out bytes.Buffer
	written(t, report.NDJSON(&out), append(checks(), withheld)...)
	var subjects []string
	for line := range strings.Lines(out.String()) {
		var one struct{ Type, Subject string }
		require.NoError(t, json.Unmarshal([]byte(line), &one))
		subjects = append(subjects, one.Type+" "+one.Subject)
	}
	require.Equal(t, []string{"check many", "check new-field", "check gone", "check large", "check not-mine", "check known",
		"check withheld", "end "}, subjects)
}

// TestNDJSONAndJSONSayTheSame holds each line to the element of the document.
func TestNDJSONAndJSONSayTheSame(t *testing.T) {
	t.Parallel()
	all := recorded(checks()[:1])
	var lines, document bytes.Buffer
	written(t, report.NDJSON(&lines), all...)
	written(t, report.JSON(&document), all...)
	var line map[string]any
	require.NoError(t, json.NewDecoder(&lines).Decode(&line))
	delete(line, "type")
	var whole struct{ Checks []map[string]any }
	require.NoError(t, json.NewDecoder(&document).Decode(&whole))
	require.Equal(t, whole.Checks[0], line)
}
