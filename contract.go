package roughy

import (
	"fmt"
	"sync"

	"github.com/roughy-go/roughy/internal/contract"
)

// document is openapi.yaml compiled, once for all that use it. Exchanges are matched by path alone.
var document = sync.OnceValues(func() (*contract.Contract, error) {
	c, err := contract.Load("openapi.yaml", spec, contract.AnyHost())
	if err != nil {
		return nil, fmt.Errorf("load spec: %w", err)
	}
	return c, nil
})

// Finding is one defect of one answer: a stable rule id, a severity, a JSON pointer, the line of openapi.yaml that was
// broken, and what came in place of what was promised. It holds JSON types and harmless words, never a secret.
type Finding = contract.Finding

// Report is everything that was found in one answer. Its Verdict is that of the worst finding.
type Report = contract.Report

// Verdict is what is said of an answer, or of one finding.
type Verdict = contract.Verdict

// The verdicts, from best to worst.
const (
	OK        Verdict = contract.OK        // the contract was kept
	Warning   Verdict = contract.Warning   // not documented but harmless, or an inferred promise was broken
	Unchecked Verdict = contract.Unchecked // could not be judged; the finding says why
	Violation Verdict = contract.Violation // the contract was broken
)

// Mode is what a Client does with a verdict.
type Mode = contract.Mode

// The modes of a Client.
const (
	Enforce    Mode = contract.Enforce    // a violation, and what cannot be judged, is an error
	ReportOnly Mode = contract.ReportOnly // WithReports is told, and what can be decoded is handed on
	Off        Mode = contract.Off        // nothing is judged
)

// ContractError is a contract that was broken, or could not be checked: an answer that was withheld, with the report that
// says why. errors.Is finds ErrContract in it, errors.As finds it also inside an *Error for an answer that was no render.
type ContractError = contract.Error
