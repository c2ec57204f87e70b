package contract

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultCap is how many bytes of a body are judged, before and after its Content-Encoding is undone. 10 MiB.
const DefaultCap = 10 << 20

// Mode is what a caller does with a report.
type Mode int

const (
	Enforce    Mode = iota // a violation becomes an error; the zero value
	ReportOnly             // findings are reported, everything passes
	Off                    // nothing is judged
)

// Exchange is one response and as much of its request as decides which promise it answers.
type Exchange struct {
	Method string
	URL    *url.URL // its query is never looked at; without a host it is matched by path alone
	Status int
	Header http.Header // of the response
	Body   []byte      // as it came, still encoded
	Unseen Unseen      // why Body is not all of it; "" if it is

	// When the request was sent and when the answer's headers came; zero if nobody knows. Check does not look at them: they tell
	// which of two exchanges was first.
	Sent, Answered time.Time
}

// Unseen is why a body is not there whole. All but the body is judged then, and the body is unchecked.<reason>.
type Unseen string

// The reasons for a body that is not there whole.
const (
	OverCap    Unseen = "cap"        // it is longer than the reader's cap
	OverBudget Unseen = "budget"     // all bodies that were held at once were longer than the reader's budget
	Cut        Unseen = "cut"        // the connection broke, and no Content-Length says that bytes are missing
	Closed     Unseen = "closed"     // its reader closed it before its end
	Unrecorded Unseen = "unrecorded" // the recording leaves it out
)

// ErrBroken is what errors.Is finds in every error about a contract that was broken, or could not be checked.
var ErrBroken = errors.New("contract broken")

// Error is a broken contract as an error, or one that could not be checked. Its text holds no value of the exchange but
// those that findings may hold.
type Error struct {
	Report Report
}

// Error names the operation and, a clause each, the findings that are not mere warnings.
func (e *Error) Error() string {
	parts := make([]string, 0, len(e.Report.Findings))
	for _, f := range e.Report.Findings {
		if f.Severity > Warning {
			parts = append(parts, f.String())
		}
	}
	text, by := "contract broken", " by "
	if e.Report.Verdict == Unchecked {
		text, by = "contract not checked", " for "
	}
	if e.Report.Operation != "" {
		text += by + e.Report.Operation
	}
	if len(parts) == 0 {
		return text
	}
	return text + ": " + strings.Join(parts, "; ")
}

// Unwrap makes errors.Is(err, ErrBroken) true.
func (e *Error) Unwrap() error { return ErrBroken }
