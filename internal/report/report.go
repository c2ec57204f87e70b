// Package report shows what contract checks found: as text and HTML for people, as JSON, NDJSON, JUnit and SARIF for programs,
// and as annotations on GitHub.
//
// Findings are data of package contract; a form here is only a projection of them. Every form is a [Writer] that takes one
// [Check] after the other, in the order in which they are to appear, and is closed once with a [Summary]. [New] opens a form by
// its name, and [Tee] makes one Writer of several. [Totals] counts what went by and is what an exit code is decided from.
//
// # The JSON document
//
// Shape describes it, and the lines of NDJSON.
package report

import (
	_ "embed"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// Version is the version of the JSON document.
const Version = 1

//go:embed shape.txt
var shape string

// Shape describes what JSON and NDJSON write, for people.
func Shape() string { return shape }

// Check is what is said of one exchange: the answer's report, and whether something could be read from it. Both are needed: an
// error answer that keeps the contract has verdict ok and gives nothing to read.
type Check struct {
	Number  int    // of the exchange in its source, from 1
	Subject string // what was checked: the id of a render, or a method and a path; never a query
	Method  string
	Path    string        // without its query
	Status  int           // 0 if no answer came
	Started time.Time     // when the request was sent; zero if nobody knows
	Elapsed time.Duration // until the answer was there whole; 0 if nobody knows
	Render  string        // the id of the render that was read; "" if none was
	State   string        // the state that was read; "" if no render was

	Report   *contract.Report   // the verdict and its findings, without the accepted ones; nil if no answer came, or if it is outside
	Accepted []contract.Finding // what the baseline accepts
	Problem  string             // why nothing was read, in words; "" if something was
	Outside  bool               // recorded with a server that the document does not name, beside others that it does
	Withheld bool               // the client got an error in the place of this answer
}

// Totals counts checks. OK, Warnings, Unchecked, Violations, Unanswered and Outside add up to Checks; the others are counted
// beside them.
type Totals struct {
	Checks     int `json:"checks"`
	OK         int `json:"ok"`         // answers without a finding
	Warnings   int `json:"warnings"`   // answers whose worst finding is a warning
	Unchecked  int `json:"unchecked"`  // answers of which something could not be judged, and nothing is broken
	Violations int `json:"violations"` // answers that break the contract
	Unanswered int `json:"unanswered"` // no answer came
	Outside    int `json:"outside"`    // of servers that the document does not name
	Unread     int `json:"unread"`     // nothing could be read, whatever the answer's verdict
	Accepted   int `json:"accepted"`   // findings that the baseline accepts
}

// Add counts one check.
func (t *Totals) Add(c Check) {
	t.Checks++
	t.Accepted += len(c.Accepted)
	if c.Problem != "" {
		t.Unread++
	}
	switch {
	case c.Outside:
		t.Outside++
	case c.Report == nil:
		t.Unanswered++
	case c.Report.Verdict == contract.OK:
		t.OK++
	case c.Report.Verdict == contract.Warning:
		t.Warnings++
	case c.Report.Verdict == contract.Unchecked:
		t.Unchecked++
	default:
		t.Violations++
	}
}

// Summary is what only the end can tell.
type Summary struct {
	Source    string          `json:"source"`    // what was checked, in words: a file's name, a URL without its query
	Document  string          `json:"document"`  // the name of the OpenAPI document, as positions have it
	Coverage  []contract.Part `json:"coverage"`  // what of the document was seen; nil if nobody kept count
	Stale     []string        `json:"stale"`     // what the baseline accepts and nothing showed, in words
	Expired   []string        `json:"expired"`   // what the baseline accepted until a day that has passed and was found, in words
	Forgotten int             `json:"forgotten"` // renders whose earlier reads were forgotten, because there were too many
	Skipped   int             `json:"skipped"`   // exchanges that nobody asked to judge: not in the sample, not on the list of paths
}

// Writer is one form of a report. Add shows a check, in the order of the calls; Close writes what only the end can tell, the
// totals and the summary, and makes the whole valid even if nothing was added. Nothing is written after Close. A Writer is for
// one goroutine, and does not close the io.Writer beneath it.
type Writer interface {
	Add(Check) error
	Close(Summary) error
}
