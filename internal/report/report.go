// Package report shows what contract checks found: as text for people and as JSON for programs.
//
// Findings are data of package contract; a form here is only a projection of them. Every form is a [Writer] that takes one
// [Check] after the other, in the order in which they are to appear, and is closed once: [Text] and [JSON]. [Totals] counts
// what went by and is what an exit code is decided from.
//
// # The JSON document
//
// One object, which stays stable within its version; members may be added:
//
//	version            1
//	checks[]           one for each subject, in the order asked for
//	  subject          what was checked: the id of a render
//	  state            the state that was read; null if no render was read
//	  problem          why no render was read, in words; null if one was
//	  verdict          ok, warning, unchecked or violation, of the answer; null if no answer came
//	  operation        the documented operation that answered, such as readRender; null if there is none
//	  findings[]       rule, severity, layer, pointer, document, position, expected, got: as [contract.Finding] says
//	  omitted          how many findings were left out because there were too many
//	totals             checks, ok, warnings, unchecked, violations, unanswered, unread: as [Totals] says
package report

import "github.com/roughy-go/roughy/internal/contract"

// Version is the version of the JSON document.
const Version = 1

// Check is what is said of one subject: the answer's report, and whether the render could be read from it. Both are needed:
// an error answer that keeps the contract has verdict ok and gives nothing to read.
type Check struct {
	Subject string           // what was checked: the id of a render
	State   string           // the state that was read; "" if no render was read
	Report  *contract.Report // the verdict and its findings; nil if no answer came
	Problem string           // why no render was read, in words; "" if one was
}

// Totals counts checks. OK, Warnings, Unchecked, Violations and Unanswered add up to Checks; Unread is counted beside them.
type Totals struct {
	Checks     int `json:"checks"`
	OK         int `json:"ok"`         // answers without a finding
	Warnings   int `json:"warnings"`   // answers whose worst finding is a warning
	Unchecked  int `json:"unchecked"`  // answers of which something could not be judged, and nothing is broken
	Violations int `json:"violations"` // answers that break the contract
	Unanswered int `json:"unanswered"` // no answer came
	Unread     int `json:"unread"`     // no render could be read, whatever the answer's verdict
}

// Add counts one check.
func (t *Totals) Add(c Check) {
	t.Checks++
	if c.Problem != "" {
		t.Unread++
	}
	if c.Report == nil {
		t.Unanswered++
		return
	}
	switch c.Report.Verdict {
	case contract.OK:
		t.OK++
	case contract.Warning:
		t.Warnings++
	case contract.Unchecked:
		t.Unchecked++
	default:
		t.Violations++
	}
}

// Writer is one form of a report. Add shows a check, in the order of the calls; Close writes what only the end can tell, the
// totals, and makes the whole valid even if nothing was added. Nothing is written after Close. A Writer is for one goroutine,
// and does not close the io.Writer beneath it.
type Writer interface {
	Add(Check) error
	Close() error
}
