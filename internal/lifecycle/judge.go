package lifecycle

import (
	"net/http"
	"path"

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
	render, misfits := decode.Render(body)
	asked := render.ID
	if id, err := uuid.Parse(path.Base(x.URL.Path)); err == nil {
		asked = id
	}
	return Complete(j.Contract, report, misfits, asked, render, j.History), body, &render
}

// operation is the documented one that reads a render.
const operation = "readRender"

// Complete adds to the report on a read what the model cannot hold of it and the rules that it breaks. What is broken or
// unchecked already is not judged further. Without a history, the rules over two reads are left out.
func Complete(c *contract.Contract, report contract.Report, misfits []contract.Finding, asked uuid.UUID, r gen.Render, h *History) contract.Report {
	if report.Verdict < contract.Unchecked && len(misfits) > 0 {
		report = report.With(misfits...)
	}
	if report.Verdict >= contract.Unchecked {
		return report
	}
	findings := Check(asked, r)
	if h != nil {
		findings = append(findings, h.Observe(r)...)
	}
	if len(findings) == 0 {
		return report
	}
	for i := range findings {
		findings[i].Position = c.Position(findings[i].Document)
	}
	return report.With(findings...)
}
