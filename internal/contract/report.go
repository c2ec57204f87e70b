package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Verdict is what can be said of an exchange or of one finding. The values are ordered: the worst finding names the
// report's verdict.
type Verdict int

const (
	OK        Verdict = iota // the contract is kept
	Warning                  // not documented, but harmless: a new field
	Unchecked                // could not be judged; the finding says why
	Violation                // the contract is broken
)

var verdictNames = [...]string{"ok", "warning", "unchecked", "violation"}

// String is the verdict's lower-case word, as it is written in JSON.
func (v Verdict) String() string {
	if v < OK || v > Violation {
		return fmt.Sprintf("verdict(%d)", int(v))
	}
	return verdictNames[v]
}

// MarshalText writes the word of String. A value that is no verdict is an error.
func (v Verdict) MarshalText() ([]byte, error) {
	if v < OK || v > Violation {
		return nil, fmt.Errorf("verdict out of range: %d", int(v))
	}
	return []byte(v.String()), nil
}

// UnmarshalText reads one of the four words of String. Any other text is an error.
func (v *Verdict) UnmarshalText(text []byte) error {
	i := slices.Index(verdictNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("not a verdict: want one of %s", strings.Join(verdictNames[:], ", "))
	}
	*v = Verdict(i)
	return nil
}

// Layer is the part of an exchange that a finding speaks of.
type Layer string

// The layers. Check judges all but the last, whose findings are made elsewhere and added by Report.With.
const (
	LayerOperation   Layer = "operation"
	LayerStatus      Layer = "status"
	LayerContentType Layer = "content-type"
	LayerHeader      Layer = "header"
	LayerBody        Layer = "body"
	LayerLifecycle   Layer = "lifecycle"
)

// layerOrder is the order in which a report lists its findings.
var layerOrder = []Layer{LayerOperation, LayerStatus, LayerContentType, LayerHeader, LayerBody, LayerLifecycle}

// Finding is one defect of one exchange. It never holds a value of the instance, but for a boolean, a number, or a short
// word where an enum or const asked for another, unless ShowValues asks for it.
type Finding struct {
	Rule     string  `json:"rule"`               // stable id, such as schema.required or undocumented-field
	Severity Verdict `json:"severity"`           // Warning, Unchecked or Violation
	Layer    Layer   `json:"layer"`              // the part of the exchange
	Pointer  string  `json:"pointer"`            // JSON pointer into the body; the header's name for LayerHeader
	Document string  `json:"document,omitempty"` // JSON pointer into the document, to the keyword that was broken
	Position string  `json:"position,omitempty"` // file:line:column of that place in the document
	Expected string  `json:"expected"`           // what the document promises, in words
	Got      string  `json:"got,omitempty"`      // the JSON type of what came, or a harmless value; with ShowValues, both
}

// String is the finding on one line: severity, rule, pointer, what was expected, what came, and where it is documented.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", f.Severity, f.Rule)
	if f.Pointer != "" {
		b.WriteString(" at " + f.Pointer)
	}
	b.WriteString(": expected " + f.Expected)
	if f.Got != "" {
		b.WriteString(", got " + f.Got)
	}
	if f.Position != "" {
		b.WriteString(" (" + f.Position + ")")
	}
	return b.String()
}

// AnyIndex is a JSON pointer with * for each index: for each part that is a number, since an object whose members are named by
// numbers holds many of one kind too. A header's name stays as it is.
func AnyIndex(pointer string) string {
	parts := strings.Split(pointer, "/")
	for i, part := range parts[1:] {
		if part != "" && strings.Trim(part, "0123456789") == "" {
			parts[i+1] = "*"
		}
	}
	return strings.Join(parts, "/")
}

// Compare orders findings as reports list them: by layer, then pointer, then rule, then the place in the document.
func (f Finding) Compare(g Finding) int {
	return cmp.Or(
		cmp.Compare(slices.Index(layerOrder, f.Layer), slices.Index(layerOrder, g.Layer)),
		cmp.Compare(f.Pointer, g.Pointer),
		cmp.Compare(f.Rule, g.Rule),
		cmp.Compare(f.Document, g.Document),
		cmp.Compare(f.Expected, g.Expected),
		cmp.Compare(f.Got, g.Got),
		cmp.Compare(f.Severity, g.Severity),
	)
}

// Report is what Check says of one exchange.
type Report struct {
	Operation string    `json:"operation,omitempty"` // the documented operation, such as readRender; "" if there is none
	Verdict   Verdict   `json:"verdict"`             // the worst of Findings, OK if there are none
	Findings  []Finding `json:"findings"`            // in a fixed order: by layer, then pointer, then rule
	Omitted   int       `json:"omitted,omitempty"`   // how many findings were left out at the cap
}

// Of returns the findings of one severity, in the report's order.
func (r Report) Of(v Verdict) []Finding {
	var out []Finding
	for _, f := range r.Findings {
		if f.Severity == v {
			out = append(out, f)
		}
	}
	return out
}

// With returns the report with more findings, made elsewhere, put in their place; the verdict follows.
func (r Report) With(more ...Finding) Report {
	r.Findings = slices.Concat(r.Findings, more)
	slices.SortStableFunc(r.Findings, Finding.Compare)
	for _, f := range more {
		r.Verdict = max(r.Verdict, f.Severity)
	}
	return r
}
