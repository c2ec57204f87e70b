package contract

// Verdict is what can be said of an exchange or of one finding. The values are ordered: the worst finding names the
// report's verdict.
type Verdict int

const (
	OK        Verdict = iota // the contract is kept
	Warning                  // not documented, but harmless: a new field
	Unchecked                // could not be judged; the finding says why
	Violation                // the contract is broken
)

// Layer is the part of an exchange that a finding speaks of.
type Layer string

const (
	LayerOperation   Layer = "operation"
	LayerStatus      Layer = "status"
	LayerContentType Layer = "content-type"
	LayerHeader      Layer = "header"
	LayerBody        Layer = "body"
	LayerLifecycle   Layer = "lifecycle"
)

// Finding is one defect of one exchange. It never holds a value of the instance, but for a boolean, a number, or a short
// word where an enum or const asked for another.
type Finding struct {
	Rule     string  `json:"rule"`               // stable id, such as schema.required or undocumented-field
	Severity Verdict `json:"severity"`           // Warning, Unchecked or Violation
	Layer    Layer   `json:"layer"`              //
	Pointer  string  `json:"pointer"`            // JSON pointer into the body; the header's name for LayerHeader
	Document string  `json:"document,omitempty"` // JSON pointer into the document, to the keyword that was broken
	Position string  `json:"position,omitempty"` // file:line:column of that place in the document
	Expected string  `json:"expected"`           // what the document promises, in words
	Got      string  `json:"got,omitempty"`      // the JSON type of what came, or a harmless value
}

// Report is what Check says of one exchange.
type Report struct {
	Operation string    `json:"operation,omitempty"` // the documented operation, such as readRender; "" if there is none
	Verdict   Verdict   `json:"verdict"`             // the worst of Findings, OK if there are none
	Findings  []Finding `json:"findings"`            // in a fixed order: by layer, then pointer, then rule
	Omitted   int       `json:"omitted,omitempty"`   // how many findings were left out at the cap
}
