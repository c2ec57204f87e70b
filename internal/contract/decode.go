package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

var errSyntax = errors.New("not one JSON value")

// maxDepth is how many levels of objects and arrays are judged; jsontext reads no more.
const maxDepth = 10_000

// decoder reads one JSON value exactly: names as they are, numbers as they are written, each name once.
type decoder struct {
	*jsontext.Decoder
	found []Finding
}

// decode reads a body that has to be one JSON value. Its findings are the duplicates, and what stopped it if err is set.
func decode(data []byte) (value any, found []Finding, err error) {
	d := &decoder{Decoder: jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true))}
	value, err = d.value()
	complete := err == nil
	if complete {
		if _, err = d.ReadToken(); errors.Is(err, io.EOF) {
			return value, d.found, nil
		}
	}
	d.found = append(d.found, d.fault(data, complete))
	return nil, d.found, errSyntax
}

func (d *decoder) value() (any, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{':
		return d.object()
	case '[':
		return d.array()
	case '"':
		return token.String(), nil
	case '0':
		return d.number(token.String()), nil
	case 't', 'f':
		return token.Bool(), nil
	}
	return nil, nil
}

func (d *decoder) object() (any, error) {
	object := map[string]any{}
	for d.PeekKind() != '}' {
		token, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		if _, twice := object[name]; twice {
			d.found = append(d.found, Finding{Rule: "json-duplicate", Severity: Violation, Layer: LayerBody,
				Pointer: d.pointer(), Expected: "each member once", Got: "the same name again"})
		}
		if object[name], err = d.value(); err != nil {
			return nil, err
		}
	}
	_, err := d.ReadToken()
	return object, err
}

func (d *decoder) array() (any, error) {
	array := []any{}
	for d.PeekKind() != ']' {
		item, err := d.value()
		if err != nil {
			return nil, err
		}
		array = append(array, item)
	}
	_, err := d.ReadToken()
	return array, err
}

// Numbers beyond these are not computed with: 10 to the power of a billion is four bytes to send.
const (
	maxDigits   = 1000
	maxExponent = 1000
)

// number keeps a number as it is written. One that is too big to be exact about is judged as its nearest neighbour of
// ordinary size, and said to be.
func (d *decoder) number(literal string) json.Number {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(literal), "e")
	if !strings.ContainsAny(mantissa, "123456789") {
		return "0" // to whatever power
	}
	power, err := strconv.Atoi(exponent)
	if len(literal) <= maxDigits && (exponent == "" || err == nil && power >= -maxExponent && power <= maxExponent) {
		return json.Number(literal)
	}
	d.found = append(d.found, Finding{Rule: "unchecked.number", Severity: Unchecked, Layer: LayerBody,
		Pointer: d.pointer(), Expected: "a number of at most 1000 digits", Got: "number"})
	f, _ := strconv.ParseFloat(literal, 64)
	switch {
	case math.IsInf(f, 1):
		return "1e1000"
	case math.IsInf(f, -1):
		return "-1e1000"
	case f == 0:
		return "1e-1000"
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

// fault says where and in which way the bytes stop being JSON, without the bytes.
func (d *decoder) fault(data []byte, complete bool) Finding {
	at := d.InputOffset()
	f := Finding{Rule: "json-syntax", Severity: Violation, Layer: LayerBody, Pointer: d.pointer(),
		Expected: "one JSON value in UTF-8"}
	kind := "a fault"
	switch {
	case d.StackDepth() >= maxDepth:
		return Finding{Rule: "unchecked.depth", Severity: Unchecked, Layer: LayerBody, Expected: "at most 10000 levels", Got: "more"}
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		kind = "a byte order mark"
	case complete:
		kind = "more after the value"
	case !utf8.Valid(data):
		kind = "no UTF-8"
	case len(bytes.TrimSpace(data[at:])) == 0:
		kind = "the end too early"
	}
	f.Got = fmt.Sprintf("%s after byte %d", kind, at)
	return f
}

// pointer is where the decoder stands; a header's number stands nowhere.
func (d *decoder) pointer() string {
	if d.Decoder == nil {
		return ""
	}
	return string(d.StackPointer())
}
