package roughy

import (
	"bytes"
	"errors"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// Rules of the model, for what the contract allows and Go's types cannot hold, and for what is decoded in report mode though
// the contract refuses it.
const (
	ruleRange = "model.range" // a number beyond the model's type
	ruleType  = "model.type"  // a value of another type than the model's
)

// decoding is how numbers and times that the contract allows become Go values. Names match exactly, which is json's default.
var decoding = json.WithUnmarshalers(json.JoinUnmarshalers(
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, n *int64) (err error) {
		*n, err = readInt(d, 64)
		return err
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, n *int) error {
		wide, err := readInt(d, strconv.IntSize)
		*n = int(wide)
		return err
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, f *float64) error {
		text, err := read(d, '0')
		if err != nil {
			return err
		}
		if *f, err = strconv.ParseFloat(text, 64); err != nil || math.IsInf(*f, 0) {
			return errRange
		}
		return nil
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, t *time.Time) error {
		text, err := read(d, '"')
		if err != nil {
			return err
		}
		*t, err = parseTime(text)
		return err
	}),
))

func readInt(d *jsontext.Decoder, bits int) (int64, error) {
	text, err := read(d, '0')
	if err != nil {
		return 0, err
	}
	return parseInt(text, bits)
}

var errKind = errors.New("another type")

// read takes the next value, which has to be of one kind: '0' for a number, '"' for a string, which is unquoted.
func read(d *jsontext.Decoder, kind jsontext.Kind) (string, error) {
	t, err := d.ReadToken()
	if err != nil {
		return "", err
	}
	if t.Kind() != kind {
		return "", errKind
	}
	return t.String(), nil
}

// decodeRender reads a body that was found to keep the contract, to the values that were judged. What the model cannot hold,
// which is nothing that the contract gives a format to, stays at its zero value and is a finding. A body that is not judged
// is read as far as it goes, and ok is false if that is nowhere.
func decodeRender(body []byte) (r gen.Render, findings []Finding, ok bool) {
	if err := json.Unmarshal(body, &r, decoding); err == nil {
		return r, nil, bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{"))
	}
	r = gen.Render{}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	value, err := jsontext.NewDecoder(bytes.NewReader(body), lenient).ReadValue()
	if err != nil || value.Kind() != '{' {
		return r, nil, false
	}
	return r, salvage(value, reflect.ValueOf(&r).Elem(), ""), true
}

// lenient reads JSON that breaks the rules on names and letters.
var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// salvage decodes an object into a struct member by member, so that one bad member loses no other.
func salvage(object jsontext.Value, into reflect.Value, pointer string) []Finding {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(object, &members, lenient); err != nil {
		return []Finding{misfit(pointer, err)}
	}
	var findings []Finding
	for i := range into.NumField() {
		field := into.Field(i)
		name, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
		value, given := members[name]
		if !given {
			continue
		}
		if field.Type() == reflect.TypeFor[gen.RenderOutput]() {
			findings = append(findings, salvage(value, field, pointer+"/"+name)...)
			continue
		}
		if err := json.Unmarshal(value, field.Addr().Interface(), decoding, lenient); err != nil {
			field.SetZero()
			findings = append(findings, misfit(pointer+"/"+name, err))
		}
	}
	return findings
}

// misfit is the finding on a member that the model cannot hold. The cause's words are left out, for they may hold values.
func misfit(pointer string, cause error) Finding {
	f := Finding{
		Rule: ruleType, Severity: contract.Unchecked, Layer: contract.LayerBody,
		Pointer: pointer, Expected: "a value of the model's type", Got: "another type",
	}
	if errors.Is(cause, errRange) {
		f.Rule, f.Expected, f.Got = ruleRange, "a number that the model can hold", "a number beyond it"
	}
	return f
}

// decodeProblem reads an error envelope as far as it goes; its Code is "" if there is none.
func decodeProblem(body []byte) gen.ErrorDetail {
	var e gen.ErrorEnvelope
	if err := json.Unmarshal(body, &e, lenient); err != nil {
		return gen.ErrorDetail{}
	}
	return e.Error
}

// plain undoes the Content-Encoding of a body, which was judged as it came. It is nil where that cannot be undone, which the
// report says.
func plain(h http.Header, body []byte) []byte {
	if h.Get("Content-Encoding") == "" {
		return body
	}
	body, err := contract.Plain(h, body)
	if err != nil {
		return nil
	}
	return body
}
