// Package decode reads the bodies of the documented endpoint into the generated model, to the values that package contract
// judged: member names exact, integers in all their spellings, leap seconds.
package decode

import (
	"bytes"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// Rules on what the contract allows and the model cannot hold, and on what is decoded although the contract refuses it.
const (
	RuleRange = "model.range" // a number beyond the model's type
	RuleType  = "model.type"  // a value of another type than the model's
)

// Render reads a body that contract.Check found no violation in. What the model cannot hold, which is nothing that the
// document gives a format to, stays at its zero value and is a finding.
func Render(body []byte) (r gen.Render, findings []contract.Finding) {
	var d reader
	d.render(&r, string(body))
	return r, d.findings
}

// Salvage reads as much as it can of a body that was not judged, or that a violation was found in: one bad member loses no
// other. ok is false if it does not start with a JSON object.
func Salvage(body []byte) (r gen.Render, findings []contract.Finding, ok bool) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	value, err := jsontext.NewDecoder(bytes.NewReader(body), lenient).ReadValue()
	if err != nil || value.Kind() != '{' {
		return r, nil, false
	}
	object, err := jsontext.AppendFormat(nil, value, lenient) // with letters in the place of bytes that are none
	if err != nil {
		return r, nil, false
	}
	r, findings = Render(object)
	return r, findings, true
}

// lenient reads JSON that breaks the rules on names and letters.
var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// Problem reads an error envelope as far as it goes; its Code is "" if there is none.
func Problem(body []byte) gen.ErrorDetail {
	var e gen.ErrorEnvelope
	if err := json.Unmarshal(body, &e, lenient); err != nil {
		return gen.ErrorDetail{}
	}
	return e.Error
}
