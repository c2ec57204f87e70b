package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

var (
	errPath    = errors.New("no such path")
	errMethod  = errors.New("method not allowed")
	errInvalid = errors.New("invalid request")
	errRate    = errors.New("too many requests with one key")
)

// ErrUnavailable is what Store and Links may give, wrapped, where nothing is wrong but that they cannot be asked now.
var ErrUnavailable = errors.New("not available now")

// problem is what a client is told of an error.
type problem struct {
	status  int
	code    string // documented in concepts/errors, but for method_not_allowed, rate_limited, unavailable and internal
	message string
}

// problems is the only place where an error gets a status. What is not listed is internal.
var problems = []struct {
	err error
	problem
}{
	{roughy.ErrUnauthenticated, problem{401, "unauthenticated", "This needs a valid API key, sent as Authorization: Bearer sk_…"}},
	{roughy.ErrNotFound, problem{404, "not_found", "There is no such render."}},
	{errPath, problem{404, "not_found", "There is nothing at this path."}},
	{errMethod, problem{405, "method_not_allowed", "This path does not take this method."}},
	{errInvalid, problem{422, "validation_error", "A part of the request is not valid; see fields."}},
	{errRate, problem{429, "rate_limited", "This key asks too often. Ask again after the seconds that Retry-After says."}},
	{ErrUnavailable, problem{503, "unavailable", "This cannot be answered now. Ask again after the seconds that Retry-After says."}},
}

// pause is the Retry-After of what is not available, in seconds.
const pause = 5

// unlisted is what a client is told of every other error.
var unlisted = problem{500, "internal", "Something went wrong on our side. Try again later."}

func problemOf(err error) problem {
	for _, p := range problems {
		if errors.Is(err, p.err) {
			return p.problem
		}
	}
	return unlisted
}

// invalid is a request with a part that is refused.
type invalid struct{ field, message string }

func (i *invalid) Error() string        { return fmt.Sprintf("%v: %s", errInvalid, i.field) }
func (i *invalid) Is(target error) bool { return target == errInvalid }

// envelope is the body that tells a client of err, in the documented shape.
func envelope(err error) (status int, body []byte) {
	p := problemOf(err)
	detail := gen.ErrorDetail{Code: p.code, Message: p.message}
	if i, ok := errors.AsType[*invalid](err); ok {
		detail.Fields = &[]gen.FieldError{{Field: i.field, Message: i.message}}
	}
	body, _ = json.Marshal(gen.ErrorEnvelope{Error: detail}) // strings alone always marshal
	return p.status, append(body, '\n')
}

// fail answers with an error, and tells the log what the client is not told.
func (l logger) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, body := envelope(err)
	if status >= unlisted.status {
		l.internal(r, err)
	}
	if begun(w) {
		return // the client has half an answer already, or is gone
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="renders"`)
	}
	if seconds := retryAfter(status, err); seconds > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// retryAfter is how many seconds to wait before asking again, 0 where that is of no use.
func retryAfter(status int, err error) int {
	if often, ok := errors.AsType[*tooOften](err); ok {
		return often.seconds()
	}
	if status == http.StatusServiceUnavailable {
		return pause
	}
	return 0
}
