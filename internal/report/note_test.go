package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

var notes = []report.Note{
	{Rule: "name", Severity: contract.Violation, Position: "openapi.yaml:3:5", Message: "it is wrong\n::error::", Why: "Because."},
	{Rule: "name", Severity: contract.Violation, Position: "openapi.yaml:4:5", Message: "so is this", Why: "Because."},
	{Rule: "state", Severity: contract.Warning, Position: "openapi.yaml:9:1", Message: "more", Why: "Others.", Elsewhere: "main:openapi.yaml:8:1", Accepted: "agreed"},
	{Rule: "text", Severity: contract.OK, Position: "openapi.yaml:1:1", Message: "words", Why: "None."},
}

func TestNotesAsSARIF(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, report.NotesSARIF(&out, notes))
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID              string
						FullDescription struct{ Text string }
					}
				}
			}
			Results []struct {
				RuleID       string
				RuleIndex    int
				Level        string
				Message      struct{ Text string }
				Suppressions []struct{ Justification string }
				Locations    []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn int }
					}
				}
				RelatedLocations []struct {
					PhysicalLocation struct{ Region struct{ StartLine int } }
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &log))
	require.Equal(t, "2.1.0", log.Version)
	results, rules := log.Runs[0].Results, log.Runs[0].Tool.Driver.Rules
	require.Len(t, results, 4)
	require.Len(t, rules, 3)
	require.Equal(t, "Because.", rules[results[1].RuleIndex].FullDescription.Text)
	require.Equal(t, []string{"error", "error", "warning", "note"}, []string{results[0].Level, results[1].Level, results[2].Level, results[3].Level})
	require.NotContains(t, results[0].Message.Text, "\n")
	require.Equal(t, "openapi.yaml", results[1].Locations[0].PhysicalLocation.ArtifactLocation.URI)
	require.Equal(t, 4, results[1].Locations[0].PhysicalLocation.Region.StartLine)
	require.NotNil(t, results[0].Suppressions)
	require.Equal(t, "agreed", results[2].Suppressions[0].Justification)
	require.Equal(t, 8, results[2].RelatedLocations[0].PhysicalLocation.Region.StartLine)
}

func TestNoNotesAreAValidLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, report.NotesSARIF(&out, nil))
	require.Contains(t, out.String(), `"results": []`)
}

func TestNotesAsAnnotations(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, report.NotesGitHub(&out, notes))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 4)
	require.Equal(t, `::error file=openapi.yaml,line=3,col=5,title=name::it is wrong\n::error:: (Because.)`, lines[0])
	require.True(t, strings.HasPrefix(lines[2], "::warning file=openapi.yaml,line=9,col=1,title=state::more"))
	require.True(t, strings.HasPrefix(lines[3], "::notice "))
}

func TestManyAnnotationsAreCounted(t *testing.T) {
	t.Parallel()
	var many []report.Note
	for i := range 12 {
		many = append(many, report.Note{Rule: "r", Severity: contract.Violation, Position: fmt.Sprintf("a.yaml:%d:1", i+1), Message: "m", Why: "w"})
	}
	var out bytes.Buffer
	require.NoError(t, report.NotesGitHub(&out, many))
	require.Equal(t, 10, strings.Count(out.String(), "::error "))
	require.Contains(t, out.String(), "::notice title=document::2 more findings\n")
}
