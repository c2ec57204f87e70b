package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/roughy-go/roughy/internal/contract"
)

// SARIF writes, at Close, a SARIF 2.1.0 log as code scanning takes it: a result for each distinct finding, with the number of
// exchanges as its occurrence count, whose location is the place in the OpenAPI document, relative to %SRCROOT%. Violations are
// errors, warnings warnings, and what is unchecked a note. Accepted findings are results too, suppressed. Fingerprints are made
// of what a finding is, not of its line, so that it stays the same when the document moves around it.
func SARIF(w io.Writer) Writer { return &sarifWriter{w: w} }

type sarifWriter struct {
	w               io.Writer
	totals          Totals
	found, accepted groups
}

// sarifLog, sarifRun and sarifResult are the library's, but that a result without suppressions says so: in one run, either all
// results have to speak of them, or none.
type sarifLog struct {
	*sarif.Report
	Runs []sarifRun `json:"runs"`
}

type sarifRun struct {
	*sarif.Run
	Results []sarifResult `json:"results"`
}

type sarifResult struct {
	*sarif.Result
	Suppressions []*sarif.Suppression `json:"suppressions"`
}

func (s *sarifWriter) Add(c Check) error {
	s.totals.Add(c)
	s.found.add(c)
	s.accepted.accept(c)
	return nil
}

func (s *sarifWriter) Close(end Summary) error {
	run := sarifRun{sarif.NewRunWithInformationURI("roughy", "https://github.com/roughy-go/roughy"), []sarifResult{}}
	for _, g := range s.found.worst() {
		run.add(g, end.Document, []*sarif.Suppression{})
	}
	for _, g := range s.accepted.worst() {
		run.add(g, end.Document, []*sarif.Suppression{
			sarif.NewSuppression().WithKind("external").WithStatus("accepted").WithJustification("accepted by the baseline")})
	}
	run.AddInvocation(s.invocation())
	run.WithProperties(sarif.NewPropertyBag().Add("totals", s.totals).Add("source", end.Source))
	encoder := json.NewEncoder(s.w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{sarif.NewReport(), []sarifRun{run}})
}

// invocation says that the run came to its end, and what it leaves out.
func (s *sarifWriter) invocation() *sarif.Invocation {
	out := sarif.NewInvocation().WithExecutionSuccessful(true)
	note := func(n int, noun, rest string) {
		if n > 0 {
			out.AddToolExecutionNotification(sarif.NewNotification().WithMessage(sarif.NewTextMessage(counted(n, noun) + " " + rest)))
		}
	}
	note(s.found.Left+s.accepted.Left, "finding", "left out, because there were too many")
	note(s.totals.Unanswered, "exchange", "without an answer")
	note(s.totals.Unread-s.totals.Unanswered, "answer", "from which nothing could be read")
	return out
}

func (r *sarifRun) add(g *group, document string, suppressions []*sarif.Suppression) {
	rule := r.AddRule(g.Rule)
	if rule.ShortDescription == nil {
		explain(rule, g)
	}
	file, line, column := located(g.Position, document)
	place := sarif.NewPhysicalLocation().WithArtifactLocation(artifact(file)).
		WithRegion(sarif.NewRegion().WithStartLine(line).WithStartColumn(column))
	same := fingerprint(g)
	result := sarif.NewRuleResult(g.Rule).
		WithRuleIndex(r.GetRuleIndex(g.Rule)).
		WithLevel(sarifLevel(g.Severity)).
		WithMessage(sarif.NewTextMessage(Printable(g.message()))).
		WithLocations([]*sarif.Location{sarif.NewLocationWithPhysicalLocation(place)}).
		WithOccurrenceCount(g.Count).
		WithPartialFingerprints(map[string]string{"finding/v1": same, "primaryLocationLineHash": same})
	r.Results = append(r.Results, sarifResult{result, suppressions})
}

// explain describes a rule, as it is shown beside each of its results.
func explain(rule *sarif.ReportingDescriptor, g *group) {
	text := describe(g.Rule)
	said := func(s string) *sarif.MultiformatMessageString { return sarif.NewMultiformatMessageString().WithText(s) }
	rule.WithShortDescription(said(text.short)).WithFullDescription(said(text.full)).WithHelp(said(text.full + "\n\n" + text.help)).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel(g.Severity))).
		WithProperties(sarif.NewPropertyBag().WithTags([]string{"api-contract", string(g.Layer)}))
}

// artifact is a file as a URI: below the root of the sources, unless its path says more.
func artifact(file string) *sarif.ArtifactLocation {
	path := filepath.ToSlash(cmp.Or(file, "document"))
	if strings.HasPrefix(path, "/") {
		return sarif.NewSimpleArtifactLocation((&url.URL{Scheme: "file", Path: path}).String())
	}
	return sarif.NewSimpleArtifactLocation((&url.URL{Path: path}).String()).WithURIBaseID("%SRCROOT%")
}

// fingerprint is of all that makes two findings the same.
func fingerprint(g *group) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", g.Rule, g.Operation, g.Document, g.Pointer))
	return hex.EncodeToString(sum[:16])
}

func sarifLevel(v contract.Verdict) string {
	switch v {
	case contract.Violation:
		return sarif.LevelError
	case contract.Warning:
		return sarif.LevelWarning
	default:
		return sarif.LevelNote
	}
}
