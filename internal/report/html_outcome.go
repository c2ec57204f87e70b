package report

import "github.com/roughy-go/roughy/internal/contract"

// outcome is what became of a check: one of the six that add up in Totals. They are ordered by how much a reader wants to know.
type outcome int

const (
	outcomeOutside outcome = iota
	outcomeOK
	outcomeWarning
	outcomeUnchecked
	outcomeUnanswered
	outcomeViolation
	outcomes // how many there are
)

func (c Check) outcome() outcome {
	switch {
	case c.Outside:
		return outcomeOutside
	case c.Report == nil:
		return outcomeUnanswered
	default:
		return verdictOutcome(c.Report.Verdict)
	}
}

func verdictOutcome(v contract.Verdict) outcome {
	switch v {
	case contract.OK:
		return outcomeOK
	case contract.Warning:
		return outcomeWarning
	case contract.Unchecked:
		return outcomeUnchecked
	default:
		return outcomeViolation
	}
}

// String is the outcome's word, as verdicts have theirs.
func (o outcome) String() string {
	return [outcomes]string{"outside", "ok", "warning", "unchecked", "no answer", "violation"}[o]
}

// Class is the outcome's name in the style sheet.
func (o outcome) Class() string {
	return [outcomes]string{"outside", "ok", "warning", "unchecked", "unanswered", "violation"}[o]
}

// count is how many checks became this.
func (o outcome) count(t Totals) int {
	return [outcomes]int{t.Outside, t.OK, t.Warnings, t.Unchecked, t.Unanswered, t.Violations}[o]
}
