package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/roughy-go/roughy/internal/contract"
)

// JSON writes the one document that the package doc describes, indented, a check as soon as it is added: however many there
// are, one is held at a time. The document is complete after Close.
func JSON(w io.Writer) Writer { return &jsonWriter{w: w} }

type jsonWriter struct {
	w      io.Writer
	totals Totals
}

type jsonCheck struct {
	Subject   string             `json:"subject"`
	State     *string            `json:"state"`
	Problem   *string            `json:"problem"`
	Verdict   *contract.Verdict  `json:"verdict"`
	Operation *string            `json:"operation"`
	Findings  []contract.Finding `json:"findings"`
	Omitted   int                `json:"omitted"`
}

func (j *jsonWriter) Add(c Check) error {
	text, err := json.MarshalIndent(asJSON(c), "    ", "  ")
	if err != nil {
		return fmt.Errorf("report as JSON: %w", err)
	}
	_, err = fmt.Fprintf(j.w, "%s\n    %s", j.before(), text)
	j.totals.Add(c)
	return err
}

func (j *jsonWriter) Close() error {
	totals, err := json.MarshalIndent(j.totals, "  ", "  ")
	if err != nil {
		return fmt.Errorf("report as JSON: %w", err)
	}
	end := "\n  "
	if j.totals.Checks == 0 {
		end = j.before()
	}
	_, err = fmt.Fprintf(j.w, "%s],\n  \"totals\": %s\n}\n", end, totals)
	return err
}

// before is what has to stand in front of the next check.
func (j *jsonWriter) before() string {
	if j.totals.Checks > 0 {
		return ","
	}
	return fmt.Sprintf("{\n  \"version\": %d,\n  \"checks\": [", Version)
}

func asJSON(c Check) jsonCheck {
	out := jsonCheck{Subject: c.Subject, State: orNull(c.State), Problem: orNull(c.Problem), Findings: []contract.Finding{}}
	if r := c.Report; r != nil {
		out.Verdict, out.Operation, out.Omitted = &r.Verdict, orNull(r.Operation), r.Omitted
		out.Findings = append(out.Findings, r.Findings...)
	}
	return out
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
