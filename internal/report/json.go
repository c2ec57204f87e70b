package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

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
	Number    int                `json:"number"`
	Subject   string             `json:"subject"`
	Method    *string            `json:"method"`
	Path      *string            `json:"path"`
	Status    *int               `json:"status"`
	Started   *time.Time         `json:"started"`
	ElapsedMS *float64           `json:"elapsed_ms"`
	Render    *string            `json:"render"`
	State     *string            `json:"state"`
	Problem   *string            `json:"problem"`
	Verdict   *contract.Verdict  `json:"verdict"`
	Operation *string            `json:"operation"`
	Findings  []contract.Finding `json:"findings"`
	Omitted   int                `json:"omitted"`
	Accepted  []contract.Finding `json:"accepted"`
	Outside   bool               `json:"outside"`
	Withheld  bool               `json:"withheld"`
}

// jsonEnd is what stands behind the checks.
type jsonEnd struct {
	Totals  Totals  `json:"totals"`
	Summary Summary `json:"summary"`
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

func (j *jsonWriter) Close(s Summary) error {
	end := "\n  "
	if j.totals.Checks == 0 {
		end = j.before()
	}
	tail, err := json.MarshalIndent(jsonEnd{j.totals, s.whole()}, "", "  ")
	if err != nil {
		return fmt.Errorf("report as JSON: %w", err)
	}
	_, err = fmt.Fprintf(j.w, "%s],%s\n", end, tail[1:])
	return err
}

// before is what has to stand in front of the next check.
func (j *jsonWriter) before() string {
	if j.totals.Checks > 0 {
		return ","
	}
	return fmt.Sprintf("{\n  \"version\": %d,\n  \"checks\": [", Version)
}

// whole is s with empty lists in the place of none.
func (s Summary) whole() Summary {
	s.Coverage, s.Stale, s.Expired = orEmpty(s.Coverage), orEmpty(s.Stale), orEmpty(s.Expired)
	return s
}

func asJSON(c Check) jsonCheck {
	out := jsonCheck{
		Number: c.Number, Subject: c.Subject, Method: orNull(c.Method), Path: orNull(c.Path), Status: orNull(c.Status),
		Render: orNull(c.Render), State: orNull(c.State), Problem: orNull(c.Problem),
		Findings: []contract.Finding{}, Accepted: orEmpty(c.Accepted), Outside: c.Outside, Withheld: c.Withheld,
	}
	if !c.Started.IsZero() {
		out.Started = &c.Started
	}
	if c.Elapsed > 0 {
		out.ElapsedMS = new(float64(c.Elapsed.Microseconds()) / 1000)
	}
	if r := c.Report; r != nil {
		out.Verdict, out.Operation, out.Omitted = &r.Verdict, orNull(r.Operation), r.Omitted
		out.Findings = orEmpty(r.Findings)
	}
	return out
}

func orNull[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
