package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/decode"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/report"
)

// seen is what is said of an answer that flowed by.
func (s *session) seen(seen intercept.Seen) report.Check {
	var c report.Check
	if seen.Err != nil {
		c = unanswered(seen.Exchange, seen.Err.Error())
	} else {
		c = s.check(seen.Exchange, seen.Report, seen.Body, nil)
	}
	c.Elapsed, c.Withheld = seen.Elapsed, seen.Withheld
	return c
}

// check is what is said of an exchange, of which its report is known, and its render if that is.
func (s *session) check(x contract.Exchange, r contract.Report, body []byte, render *gen.Render) report.Check {
	s.coverage.Add(x, body)
	c, sound := unanswered(x, ""), r.Verdict < contract.Violation
	r, c.Accepted = s.accepted.apply(r)
	c.Report = &r
	switch {
	case s.history == nil || r.Operation == "":
		c.Problem = refusalOf(x.Status, http.StatusText(x.Status))
	case x.Status != http.StatusOK:
		c.Problem = s.refusal(x, body)
	case x.Method != http.MethodHead:
		if render == nil && sound && body != nil {
			decoded, _ := decode.Render(body)
			render = &decoded
		}
		c.Render, c.State, c.Problem = renderIn(body, render)
	}
	return c
}

// unanswered is what is said of an exchange before its answer is.
func unanswered(x contract.Exchange, problem string) report.Check {
	c := report.Check{Method: clean(x.Method), Status: x.Status, Started: x.Sent, Problem: clean(problem)}
	if x.URL != nil {
		c.Path = clean(x.URL.EscapedPath())
	}
	c.Subject = strings.TrimSpace(c.Method + " " + c.Path)
	return c
}

// unexpected is the code of an answer that has none of its own, as the client has it too.
const unexpected = "unexpected_answer"

// renderIn says which render was read, and its state. From a body that breaks the contract it takes what it can.
func renderIn(body []byte, render *gen.Render) (id, state, problem string) {
	if render == nil {
		salvaged, _, ok := decode.Salvage(body)
		if !ok {
			return "", "", "200 " + unexpected + ": no render could be read from it"
		}
		render = &salvaged
	}
	return render.ID.String(), harmless(string(render.State)), ""
}

// refusal is an answer that is no render, in the API's own words if it has some.
func (s *session) refusal(x contract.Exchange, body []byte) string {
	if detail := decode.Problem(body); detail.Code != "" {
		return clean(fmt.Sprintf("%d %s: %s", x.Status, detail.Code, detail.Message))
	}
	return fmt.Sprintf("%d %s: %s", x.Status, unexpected, strings.ToLower(http.StatusText(x.Status)))
}

// refusalOf says why nothing was read with a status that is none of success; "" if something was.
func refusalOf(status int, text string) string {
	if status/100 == 2 || status == http.StatusNotModified {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, strings.ToLower(text)))
}

// harmless is a state that may be shown: a plain word, and nothing that could be a secret.
func harmless(state string) string {
	plain := func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' && r != '-' }
	if len(state) > 32 || strings.ContainsFunc(state, plain) || clean(state) != state {
		return "undocumented"
	}
	return state
}
