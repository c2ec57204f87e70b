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

// Finding is one defect of one answer. It holds JSON types and harmless words, never a secret. Its fields:
//
//	Rule     string  // stable id, such as schema.required or undocumented-field
//	Severity Verdict // Warning, Unchecked or Violation
//	Layer    Layer   // a string: operation, status, content-type, header, body or lifecycle
//	Pointer  string  // JSON pointer into the body; the header's name if Layer is header
//	Document string  // JSON pointer into openapi.yaml, to the keyword that was broken; "" if there is none
//	Position string  // openapi.yaml:LINE:COLUMN of that place; "" if there is none
//	Expected string  // what is promised, in words
//	Got      string  // the JSON type of what came, or a harmless value; "" where nothing came
//
// And its methods:
//
//	String() string        // all of it on one line
//	Compare(g Finding) int // the order in a Report: by Layer, then Pointer, then Rule
type Finding = contract.Finding

// Report is everything that was found in one answer. Its fields:
//
//	Operation string    // the documented operation, readRender; "" if there is none
//	Verdict   Verdict   // that of the worst finding; OK if there is none
//	Findings  []Finding // in their order
//	Omitted   int       // how many more there were than the 100 that are listed
//
// And its methods:
//
//	Of(v Verdict) []Finding      // those of one severity
//	With(more ...Finding) Report // a report with more of them, in their places
type Report = contract.Report

// Verdict is what is said of an answer, or of one finding. It is ordered, from OK to Violation. Its methods:
//
//	String() string                  // ok, warning, unchecked or violation
//	MarshalText() ([]byte, error)    // that word; an error for any other number
//	UnmarshalText(text []byte) error // an error for any other word
type Verdict = contract.Verdict

// The verdicts, from best to worst.
const (
	OK        Verdict = contract.OK        // the contract was kept
	Warning   Verdict = contract.Warning   // not documented but harmless, or an inferred promise was broken
	Unchecked Verdict = contract.Unchecked // could not be judged; the finding says why
	Violation Verdict = contract.Violation // the contract was broken
)

// Mode is what a Client, or a check, does with a verdict.
type Mode = contract.Mode

// The modes. A check is told through CheckOptions.OnReport, and lets pass what cannot be judged.
const (
	Enforce    Mode = contract.Enforce    // a violation, and what cannot be judged, is an error
	ReportOnly Mode = contract.ReportOnly // WithReports is told, and what can be decoded is handed on
	Off        Mode = contract.Off        // nothing is judged
)

// ContractError is a contract that was broken, or could not be checked: an answer that was withheld, with the report that
// says why. errors.Is finds ErrContract in it, errors.As finds it also inside an *Error for an answer that was no render. Its
// field:
//
//	Report Report
//
// And its methods, on a pointer:
//
//	Error() string // the operation and each finding but mere warnings, in their String
//	Unwrap() error // ErrContract
type ContractError = contract.Error
