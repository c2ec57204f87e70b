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

func annotations(t *testing.T, checks ...report.Check) string {
	t.Helper()
	var out bytes.Buffer
	writtenWith(t, report.GitHub(&out), report.Summary{Document: "openapi.yaml"}, checks...)
	return out.String()
}

func TestGitHubIsSilentWhereAllIsWell(t *testing.T) {
	t.Parallel()
	require.Empty(t, annotations(t))
	require.Empty(t, annotations(t, judged("x", contract.OK)))
}

func TestGitHubShowsTenOfEachLevelAndCountsTheRest(t *testing.T) {
	t.Parallel()
	var all []report.Check
	for i := range 12 {
		name := fmt.Sprintf("/x%c", 'a'+i)
		for _, f := range []contract.Finding{missing, extra, capped} {
			f.Pointer = name
			all = append(all, judged("x", f.Severity, f))
		}
	}
	out := annotations(t, all...)
	require.Equal(t, 10, strings.Count(out, "::error "))
	require.Equal(t, 10, strings.Count(out, "::warning "))
	require.Equal(t, 10, strings.Count(out, "::notice "))
	require.True(t, strings.HasSuffix(out, "::notice title=contract::7 more distinct findings\n"), out)
}

func TestGitHubCommandsCannotBeForged(t *testing.T) {
	t.Parallel()
	nasty := missing
	nasty.Rule, nasty.Pointer, nasty.Position = "a:b,c", "/100%\n::error::gone\r", "dir,with:all/spec.yaml:3:4"
	require.Equal(t, "::error file=dir%2Cwith%3Aall/spec.yaml,line=3,col=4,title=a%3Ab%2Cc::"+
		`/100%25\n::error::gone\r of readRender: expected the member state, got nothing; in 1 exchange, first x`+"\n",
		annotations(t, judged("x", contract.Violation, nasty)))
}

func TestGitHubPlacesWhatHasNoPlace(t *testing.T) {
	t.Parallel()
	for position, want := range map[string]string{
		"":                  "file=openapi.yaml,line=1,col=1,",
		"other.yaml":        "file=other.yaml,line=1,col=1,",
		"other.yaml:0:0":    "file=other.yaml%3A0%3A0,line=1,col=1,",
		"other.yaml:x:y":    "file=other.yaml%3Ax%3Ay,line=1,col=1,",
		"C:\\api.yaml:12:5": "file=C%3A\\api.yaml,line=12,col=5,",
	} {
		f := missing
		f.Position = position
		require.Contains(t, annotations(t, judged("x", contract.Violation, f)), want)
	}
}
