package lifecycle

import (
	"net/http"
	"path"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/decode"
)

// Judge holds exchanges of the documented endpoint to all that is documented: to the contract, and what keeps that to the rules of
// this package. It is safe for concurrent use.
type Judge struct {
	*contract.Contract
	History *History // nil: each read is judged by itself
}

// Judge is contract.Contract's, with the findings of this package in the report.
func (j Judge) Judge(x contract.Exchange) (contract.Report, []byte) {
	report, body, _ := j.Read(x)
	return report, body
}

// Read is Judge, and the render that was read; nil if the answer is not a 200 that keeps the contract.
func (j Judge) Read(x contract.Exchange) (contract.Report, []byte, *gen.Render) {
	report, body := j.Contract.Judge(x)
	if report.Operation != operation || x.Status != http.StatusOK || x.Method == http.MethodHead || body == nil || report.Verdict == contract.Violation {
		return report, body, nil
	}
	read := Read{Sent: x.Sent, Answered: x.Answered}
	read.Render, read.Misfits = decode.Render(body)
	read.Asked = read.Render.ID
	if id, err := uuid.Parse(path.Base(x.URL.Path)); err == nil {
		read.Asked = id
	}
	return j.Complete(report, read), body, &read.Render
}

// operation is the documented one that reads a render.
const operation = "readRender"

// Read is one read of a render, decoded.
type Read struct {
	Asked          uuid.UUID // the id that was asked for
	Render         gen.Render
	Misfits        []contract.Finding // what the model cannot hold of the answer
	Sent, Answered time.Time          // as contract.Exchange has them
}

// Complete adds to the report on a read what the model cannot hold of it and the rules that it breaks. What is broken or
// unchecked already is not judged further.
func (j Judge) Complete(report contract.Report, read Read) contract.Report {
	if report.Verdict < contract.Unchecked && len(read.Misfits) > 0 {
		report = report.With(read.Misfits...)
	}
	if report.Verdict >= contract.Unchecked {
		return report
	}
	findings := Check(read.Asked, read.Render)
	if j.History != nil {
		findings = append(findings, j.History.Observe(read.Render, read.Sent, read.Answered)...)
	}
	return placed(j.Contract, report, findings)
}

// placed adds findings to a report, each with its place in the document.
func placed(c *contract.Contract, report contract.Report, findings []contract.Finding) contract.Report {
	if len(findings) == 0 {
		return report
	}
	for i := range findings {
		findings[i].Position = c.Position(findings[i].Document)
	}
	return report.With(findings...)
}
