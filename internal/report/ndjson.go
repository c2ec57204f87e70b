package report

import (
	"encoding/json"
	"io"

	"github.com/roughy-go/roughy/internal/contract"
)

// NDJSON writes one JSON object a line, each as soon as its check is added:
//
//	{"type":"check", …}                     with the members of checks[] in the JSON document
//	{"type":"end","totals":…,"summary":…}   the last line, with those of the document
//
// A check is left out if there is nothing to tell: its answer is ok, something could be read from it, nothing was accepted,
// and nothing withheld; or it is outside. The totals count all of them.
func NDJSON(w io.Writer) Writer { return &lineWriter{out: json.NewEncoder(w)} }

type lineWriter struct {
	out    *json.Encoder // which writes each value at once
	totals Totals
}

func (l *lineWriter) Add(c Check) error {
	l.totals.Add(c)
	if !c.remarkable() {
		return nil
	}
	return l.out.Encode(struct {
		Type string `json:"type"`
		jsonCheck
	}{"check", asJSON(c)})
}

func (l *lineWriter) Close(s Summary) error {
	return l.out.Encode(struct {
		Type string `json:"type"`
		jsonEnd
	}{"end", jsonEnd{l.totals, s.whole()}})
}

// remarkable tells whether there is anything to say of a check but that it is fine.
func (c Check) remarkable() bool {
	switch {
	case c.Outside:
		return false
	case c.Report == nil:
		return true
	default:
		return c.Report.Verdict != contract.OK || c.Problem != "" || len(c.Accepted) > 0 || c.Withheld
	}
}
