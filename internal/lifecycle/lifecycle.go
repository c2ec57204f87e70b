// Package lifecycle holds renders to what the documentation says in prose: Check judges one read, and a History judges
// successive reads of the same renders. Neither knows HTTP, and both take a render that has kept the contract's schema. Judge puts
// both behind a contract, for whoever sees whole exchanges.
//
// # Rules
//
// A rule that the documentation states is a violation when it is broken. A rule that is only inferred from it, or from the
// samples, is a warning. Rules returns this table:
//
//	rule                            severity   basis     promise
//	lifecycle.id                    violation  stated    id is the one that was asked for
//	lifecycle.link-early            violation  stated    download_url is null or absent unless state is completed
//	lifecycle.link-missing          warning    inferred  download_url is a link once state is completed
//	lifecycle.error-missing         violation  stated    error_code and error_message say why once state is failed
//	lifecycle.error-early           warning    inferred  error_code and error_message are null unless state is failed
//	lifecycle.completed-at-missing  violation  stated    completed_at is set once state is terminal
//	lifecycle.completed-at-early    warning    inferred  completed_at is null unless state is terminal
//	lifecycle.started-at-early      warning    inferred  started_at is null while state is pending
//	lifecycle.time-order            warning    inferred  created_at, started_at and completed_at follow one another
//	lifecycle.size-missing          warning    inferred  size_bytes is set once state is completed
//	lifecycle.terminal              violation  stated    a terminal state never changes
//	lifecycle.backward              warning    inferred  state moves from pending to processing to a terminal one
//	lifecycle.settled               warning    inferred  nothing but the link changes once state is terminal
//	lifecycle.constant              warning    inferred  asset_id, cut_id, output and created_at never change
//	lifecycle.link-status           violation  stated    download_url leads to the output: status 200
//	lifecycle.link-length           violation  stated    size_bytes is the length of the output
//
// The four before the last two need two reads, and the last two need the link's answer. A state that is not documented is the
// schema's finding, and only the rules that do not depend on it are applied.
package lifecycle

import (
	"slices"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// Rule is one promise that the documentation makes in prose.
type Rule struct {
	ID       string           // stable, with the prefix "lifecycle."
	Severity contract.Verdict // Violation if Stated, else Warning
	Stated   bool             // the documentation says so; otherwise it is inferred
	Meaning  string           // the promise, in our words
	Source   string           // where it was read: the reference page's member, or the concept page
}

// Rules returns the table of the package documentation, in its order.
func Rules() []Rule {
	table := slices.Concat(oneReadTable, twoReadsTable, linkTable)
	rules := make([]Rule, len(table))
	for i, c := range table {
		rules[i] = c.Rule
	}
	return rules
}

// Check judges one read of the render that was asked for. Its findings have LayerLifecycle and point at members; of values
// they hold none but state words. None means that every rule over one read was kept.
func Check(asked uuid.UUID, r gen.Render) []contract.Finding {
	return judge(oneReadTable, reads{asked: asked, now: r})
}

// The tables, made once: they are asked for each exchange.
var (
	oneReadTable     = oneRead()
	twoReadsTable    = twoReads()
	anyTwoReadsTable = []check{constant()}
	linkTable        = linkRead()
)

// reads is what a rule looks at.
type reads struct {
	asked   uuid.UUID
	before  snapshot // of the read before; unused by the rules over one read
	now     gen.Render
	nowSnap snapshot // of now; unused by the rules over one read

	linkStatus int // of the link's answer, and how long it was; unused but by the rules over that
	linkLength int64
}

// check is a rule and how it is found broken: a defect for each member that breaks it.
type check struct {
	Rule
	broken func(reads) []defect
}

// defect is one broken member: its name, and what came in its place.
type defect struct{ member, got string }

func judge(table []check, r reads) []contract.Finding {
	var findings []contract.Finding
	for _, c := range table {
		for _, d := range c.broken(r) {
			findings = append(findings, contract.Finding{
				Rule: c.ID, Severity: c.Severity, Layer: contract.LayerLifecycle,
				Pointer: "/" + d.member, Document: members + d.member, Expected: c.Meaning, Got: d.got,
			})
		}
	}
	return findings
}

// members is where the document describes a render's members.
const members = "/components/schemas/Render/properties/"

// stated makes a check whose breach is a violation.
func stated(id, meaning, source string, broken func(reads) []defect) check {
	return check{Rule{"lifecycle." + id, contract.Violation, true, meaning, source}, broken}
}

// inferred makes a check whose breach is a warning.
func inferred(id, meaning, source string, broken func(reads) []defect) check {
	return check{Rule{"lifecycle." + id, contract.Warning, false, meaning, source}, broken}
}
