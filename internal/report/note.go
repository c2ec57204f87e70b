package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/roughy-go/roughy/internal/contract"
)

// Note is something that is to be said of a document itself, at a place in it, where no exchange was looked at.
type Note struct {
	Rule      string
	Severity  contract.Verdict
	Position  string // file:line:column
	Message   string
	Why       string // what is said of the rule, whatever it was that broke it
	Elsewhere string // file:line:column of a place in another document that belongs to it; "" if there is none
	Accepted  string // why it is accepted; "" if it is not
}

// NotesSARIF writes notes as a SARIF 2.1.0 log, as code scanning takes it. Violations are errors, warnings warnings, all else notes;
// what is accepted is suppressed, with the reason.
func NotesSARIF(w io.Writer, notes []Note) error {
	run := sarifRun{sarif.NewRunWithInformationURI("roughy", "https://github.com/roughy-go/roughy"), []sarifResult{}}
	for _, n := range notes {
		run.note(n)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{sarif.NewReport(), []sarifRun{run}})
}

func (r *sarifRun) note(n Note) {
	said := func(s string) *sarif.MultiformatMessageString { return sarif.NewMultiformatMessageString().WithText(s) }
	if rule := r.AddRule(n.Rule); rule.FullDescription == nil {
		rule.WithShortDescription(said(n.Rule)).WithFullDescription(said(n.Why)).WithHelp(said(n.Why)).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel(n.Severity)))
	}
	result := sarif.NewRuleResult(n.Rule).
		WithRuleIndex(r.GetRuleIndex(n.Rule)).
		WithLevel(sarifLevel(n.Severity)).
		WithMessage(sarif.NewTextMessage(Printable(n.Message))).
		WithLocations([]*sarif.Location{spot(n.Position)})
	if n.Elsewhere != "" {
		result.WithRelatedLocations([]*sarif.Location{spot(n.Elsewhere)})
	}
	suppressions := []*sarif.Suppression{}
	if n.Accepted != "" {
		suppressions = append(suppressions, sarif.NewSuppression().WithKind("external").WithStatus("accepted").WithJustification(Printable(n.Accepted)))
	}
	r.Results = append(r.Results, sarifResult{result, suppressions})
}

func spot(position string) *sarif.Location {
	file, line, column := located(position, "")
	return sarif.NewLocationWithPhysicalLocation(sarif.NewPhysicalLocation().WithArtifactLocation(artifact(file)).
		WithRegion(sarif.NewRegion().WithStartLine(line).WithStartColumn(column)))
}

// NotesGitHub writes notes as workflow commands that GitHub Actions turns into annotations: at most ten of each level, since GitHub
// shows no more. The last says how many are missing. Mere notes that are accepted are left out.
func NotesGitHub(w io.Writer, notes []Note) error {
	var out bytes.Buffer
	room := map[string]int{"error": mostAnnotations, "warning": mostAnnotations, "notice": mostAnnotations - 1}
	more := 0
	for _, n := range notes {
		level := annotationLevel(n.Severity)
		switch {
		case n.Accepted != "" && n.Severity < contract.Warning:
		case room[level] == 0:
			more++
		default:
			room[level]--
			file, line, column := located(n.Position, "")
			fmt.Fprintf(&out, "::%s file=%s,line=%d,col=%d,title=%s::%s\n",
				level, asProperty(file), line, column, asProperty(n.Rule), asData(n.Message+" ("+n.Why+")"))
		}
	}
	if more > 0 {
		fmt.Fprintf(&out, "::notice title=document::%s\n", counted(more, "more finding"))
	}
	_, err := w.Write(out.Bytes())
	return err
}
