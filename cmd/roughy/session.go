package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/lifecycle"
	"github.com/roughy-go/roughy/internal/report"
)

// session is one run of check or proxy: what answers are held to, what was seen so far, and where it is told. It is safe for
// concurrent use once it is made.
type session struct {
	judgeOptions
	document string // its name
	contract *contract.Contract
	history  *lifecycle.History // nil with another document than ours, which knows no renders
	coverage *contract.Coverage
	accepted *acceptance

	mu        sync.Mutex
	out       *outputs
	totals    report.Totals
	warned    int // answers with a warning among their findings
	unchecked int // answers of which something could not be judged
}

var _ intercept.Judge = (*session)(nil)

// newSession loads the document and the baseline; base is where the API is, beside the document's servers, nil if nowhere else.
func newSession(o judgeOptions, base *url.URL) (*session, error) {
	s := &session{judgeOptions: o, document: "openapi.yaml"}
	data := roughy.Spec()
	if o.spec != "" {
		var err error
		if data, err = readDocument(o.spec); err != nil {
			return nil, err
		}
		s.document = o.spec
	} else {
		s.history = lifecycle.NewHistory(lifecycle.MostRenders)
	}
	var options []contract.Option
	if base != nil {
		options = append(options, contract.At(base))
	}
	if o.showValues {
		options = append(options, contract.ShowValues())
	}
	var err error
	if s.contract, err = contract.Load(s.document, data, options...); err != nil {
		return nil, err
	}
	s.coverage = s.contract.Coverage()
	s.accepted, err = o.acceptance(time.Now())
	return s, err
}

// open opens what the run is told in, once nothing else can be wrong with it. finish closes it.
func (s *session) open(p *program, stdout io.Writer, quiet bool) (err error) {
	s.out, err = p.openOutputs(s.judgeOptions, stdout, quiet)
	return err
}

// Operation implements intercept.Judge.
func (s *session) Operation(method string, u *url.URL) (name string, ok bool) {
	return s.contract.Operation(method, u)
}

// Judge implements intercept.Judge.
func (s *session) Judge(x contract.Exchange) (contract.Report, []byte) {
	report, body, _ := s.read(x)
	return report, body
}

// read judges an exchange by all that is documented. The render is nil where the answer is none that keeps the contract.
func (s *session) read(x contract.Exchange) (contract.Report, []byte, *gen.Render) {
	if s.history != nil {
		return lifecycle.Judge{Contract: s.contract, History: s.history}.Read(x)
	}
	report, body := s.contract.Judge(x)
	return report, body, nil
}

// add counts a check and shows it in all forms.
func (s *session) add(c report.Check) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Number == 0 {
		c.Number = s.totals.Checks + 1
	}
	s.totals.Add(c)
	if c.Report != nil {
		has := func(v contract.Verdict) bool {
			return slices.ContainsFunc(c.Report.Findings, func(f contract.Finding) bool { return f.Severity == v })
		}
		if has(contract.Warning) {
			s.warned++
		}
		if has(contract.Unchecked) {
			s.unchecked++
		}
	}
	_ = s.out.Add(c) // Close says it again
}

// finish writes what only the end can tell, and decides how the run ends.
func (s *session) finish(ctx context.Context, summary report.Summary) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	summary.Document = s.document
	if s.totals.Checks > 0 {
		summary.Coverage = s.coverage.Parts()
	}
	summary.Stale, summary.Expired = s.accepted.stale(), s.accepted.expired()
	if s.history != nil {
		summary.Forgotten = s.history.Forgotten()
	}
	told := errors.Join(s.accepted.write(), s.out.Close(summary))
	if err := s.verdict(); err != nil {
		return errors.Join(err, told)
	}
	return cmp.Or(told, ctx.Err())
}

// verdict is what the contract has to say about the run: an error for exit code 1, or nil.
func (s *session) verdict() error {
	t := s.totals
	answers := t.Checks - t.Unanswered - t.Outside
	switch expired := s.accepted.expired(); {
	case t.Violations > 0:
		return broken(fmt.Sprintf("the contract is broken by %d of %d answers", t.Violations, answers))
	case len(expired) > 0:
		return broken(fmt.Sprintf("accepted findings have expired (%d): see to them, or give them another day in %s", len(expired), s.baseline))
	case s.strict && s.warned > 0:
		return broken(fmt.Sprintf("%d of %d answers have warnings, which --strict forbids", s.warned, answers))
	case s.failUnchecked && s.unchecked > 0:
		return broken(fmt.Sprintf("%d of %d answers could not be judged, which --fail-unchecked forbids", s.unchecked, answers))
	}
	return nil
}
