package roughy

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// What errors.Is finds in the errors of a Client, whatever words came with them.
var (
	ErrNotFound        = errors.New("not found")       // no such render, or another owner's (concepts/errors)
	ErrUnauthenticated = errors.New("unauthenticated") // the API key is missing, wrong or revoked (concepts/errors)
	ErrRateLimited     = errors.New("rate limited")    // too many requests; 429 is not documented
	ErrContract        = contract.ErrBroken            // the API broke its contract; errors.As with *ContractError has the findings
)

// Error is an answer of the API, or of a link's host, that is not what was asked for. A render that failed is not an error of
// Render, Watch or Wait, but one of Download, which then has nothing to fetch.
type Error struct {
	Status     int              // HTTP status of the answer at fault; 0 if there is none
	Code       string           // the API's code (concepts/errors) if FromServer, else one of the package documentation's
	Message    string           // for people, cut to 1000 letters, without secrets
	Fields     []gen.FieldError // the refused parts of the request, only when Code is validation_error (concepts/errors)
	RequestID  string           // what the answer calls itself, for whoever asks its server's people; "" if it does not (not documented)
	RetryAfter time.Duration    // what the answer asked to wait, in either form of Retry-After; 0 if it did not
	FromServer bool             // the API said Code, Message and Fields in its error envelope; otherwise they were made here

	doing    string // "read render …"
	attempts int    // how many were made, of which this is the last
	api      bool   // Status is the API's, not a link's host's
	cause    error  // a *ContractError, or what went wrong below
}

// Codes of an Error that was made here. They are listed in the package documentation.
const (
	codeAnswer       = "unexpected_answer"
	codeRedirect     = "redirect_refused"
	codeTooLong      = "answer_too_long"
	codeNotCompleted = "not_completed"
	codeFailed       = "render_failed"
	codeNoLink       = "no_link"
	codeInsecure     = "link_insecure"
	codeLink         = "link_failed"
	codeExpired      = "link_expired"
	codeLength       = "length_mismatch"
	codeChanged      = "output_changed"
	codeCut          = "connection_cut"
)

// Error says what was being done, what came of it, and what to do next.
func (e *Error) Error() string {
	var b strings.Builder
	if e.doing != "" {
		b.WriteString(e.doing + ": ")
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, "%d ", e.Status)
	}
	b.WriteString(e.Code)
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Field, f.Message)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	if hints := e.hints(); len(hints) > 0 {
		b.WriteString(" (" + strings.Join(hints, "; ") + ")")
	}
	return b.String()
}

// hints are what helps whoever reads the error.
func (e *Error) hints() (hints []string) {
	if e.attempts > 1 {
		hints = append(hints, fmt.Sprintf("attempt %d", e.attempts))
	}
	if next := e.next(); next != "" {
		hints = append(hints, next)
	}
	if e.RequestID != "" {
		hints = append(hints, "request "+e.RequestID)
	}
	return hints
}

// next is what the caller can do about it.
func (e *Error) next() string {
	switch {
	case errors.Is(e, ErrUnauthenticated):
		return "check the API key: it may be wrong, revoked, or for another host"
	case errors.Is(e, ErrNotFound):
		return "check the id: a render of another owner and one whose asset was deleted look like none"
	case e.RetryAfter > 0:
		return "ask again in " + e.RetryAfter.String()
	case errors.Is(e, ErrRateLimited):
		return "ask less often"
	case e.api && slices.Contains(passing, e.Status):
		return "try again later"
	default:
		return advice[e.Code]
	}
}

// advice is what to do about the codes that are made here.
var advice = map[string]string{
	codeRedirect:     "check the base URL: redirects are not followed, so that the key stays with its host",
	codeAnswer:       "check the base URL: this may not be the API",
	codeNotCompleted: "Wait for the render first",
	codeNoLink:       "read the render again",
	codeExpired:      "check this machine's clock and the link's host",
	codeLength:       "what came is not the output",
	codeChanged:      "what came is not one output; start over",
	codeCut:          "try again",
}

// requestIDs are the headers in which servers name an answer.
var requestIDs = []string{"X-Request-Id", "Request-Id", "X-Amz-Request-Id", "Fly-Request-Id"}

// requestID is what an answer calls itself.
func (c *Client) requestID(h http.Header) string {
	for _, name := range requestIDs {
		if id := h.Get(name); id != "" {
			id = c.clean(id)
			return strings.ToValidUTF8(id[:min(len(id), 128)], "")
		}
	}
	return ""
}

// Is makes errors.Is find the sentinel that fits.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.FromServer && e.said(http.StatusNotFound, "not_found") // any other server may have no such path
	case ErrUnauthenticated:
		return e.said(http.StatusUnauthorized, "unauthenticated")
	case ErrRateLimited:
		return e.said(http.StatusTooManyRequests, "")
	default:
		return false
	}
}

// said reports whether the API answered with a status, or with a code of its envelope if one is documented.
func (e *Error) said(status int, code string) bool {
	return e.api && (e.Status == status || code != "" && e.FromServer && e.Code == code)
}

// Unwrap returns what lies below, such as a *ContractError; nil if there is nothing.
func (e *Error) Unwrap() error { return e.cause }
