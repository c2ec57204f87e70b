package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/decode"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/traffic"
)

// seen is what is said of an answer that flowed by.
func (s *session) seen(seen intercept.Seen) report.Check {
	e := traffic.Entry{Exchange: seen.Exchange, Request: seen.Request.Header, Elapsed: seen.Elapsed}
	if seen.Err != nil {
		return unanswered(e, seen.Err.Error())
	}
	c := s.check(e, seen.Report, seen.Body, nil)
	c.Withheld = seen.Withheld
	return c
}

// check is what is said of an exchange, of which its report is known, and its render if that is.
func (s *session) check(e traffic.Entry, r contract.Report, body []byte, render *gen.Render) report.Check {
	s.coverage.Add(e.Exchange, body)
	c, sound := unanswered(e, ""), r.Verdict < contract.Violation
	r, c.Accepted = s.accepted.apply(unknowing(e, r))
	c.Report = &r
	switch {
	case s.history == nil || r.Operation == "":
		c.Problem = refusalOf(e.Status, http.StatusText(e.Status))
	case e.Status != http.StatusOK:
		c.Problem = clean(traffic.NewMask(e).Text(apiWords(e.Status, body)))
	case e.Method != http.MethodHead:
		if render == nil && sound && body != nil {
			decoded, _ := decode.Render(body)
			render = &decoded
		}
		c.Render, c.State, c.Problem = renderIn(body, render)
	}
	return c
}

// unknowing is a report without what its exchange used as a secret, and that may have come back in the answer.
func unknowing(e traffic.Entry, r contract.Report) contract.Report {
	if len(r.Findings) == 0 {
		return r
	}
	mask := traffic.NewMask(e)
	findings := slices.Clone(r.Findings)
	for i, f := range findings {
		findings[i].Pointer, findings[i].Got = mask.Text(f.Pointer), mask.Text(f.Got)
	}
	r.Findings = findings
	return r
}

// unanswered is what is said of an exchange before its answer is.
func unanswered(e traffic.Entry, problem string) report.Check {
	c := report.Check{
		Number: e.Number, Method: clean(e.Method), Status: e.Status, Started: e.Sent, Elapsed: e.Elapsed, Problem: clean(problem),
	}
	if e.URL != nil {
		c.Path = pathOf(e.URL)
	}
	c.Subject = strings.TrimSpace(c.Method + " " + c.Path)
	return c
}

// pathOf is a URL's path as it is written, unless that hides a secret in escapes.
func pathOf(u *url.URL) string {
	if masked := clean(u.Path); masked != report.Printable(u.Path) {
		return masked
	}
	return clean(u.EscapedPath())
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

// apiWords is an answer that is no render, in the API's own words if it has some.
func apiWords(status int, body []byte) string {
	if detail := decode.Problem(body); detail.Code != "" {
		return fmt.Sprintf("%d %s: %s", status, detail.Code, detail.Message)
	}
	return strings.TrimSuffix(fmt.Sprintf("%d %s: %s", status, unexpected, strings.ToLower(http.StatusText(status))), ": ")
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
