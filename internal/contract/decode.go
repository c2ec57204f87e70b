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

var (
	errSyntax = errors.New("not one JSON value")
	errSize   = errors.New("too many values")
)

// maxDepth is how many levels of objects and arrays are judged; jsontext reads no more.
const maxDepth = 10_000

// mostValues is how many values one judgement makes of bodies that are not admitted.
const mostValues = 1_000_000

// decoder reads one JSON value exactly: names as they are, numbers as they are written, each name once.
type decoder struct {
	*jsontext.Decoder
	tell telling
	left *int // values that may still be made
}

// telling takes what is wrong with a value, and where, for who asks.
type telling func(f Finding, where func() jsontext.Pointer)

// decode reads a body that has to be one JSON value, and tells what is wrong with it. What stopped it is errSyntax, and
// errSize where the rest of the value is too large to be made, but is JSON.
func decode(data []byte, left *int, tell telling) (value any, err error) {
	d := &decoder{jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true)), tell, left}
	value, err = d.value()
	complete := err == nil
	if complete {
		_, err = d.ReadToken()
	}
	switch {
	case !complete || !errors.Is(err, io.EOF):
		d.tell(d.fault(data, complete))
		return nil, errSyntax
	case *left < 0:
		return nil, errSize
	}
	return value, nil
}

func (d *decoder) value() (any, error) {
	if *d.left--; *d.left < 0 {
		return nil, d.SkipValue()
	}
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
			d.tell(Finding{Rule: "json-duplicate", Severity: Violation, Layer: LayerBody,
				Expected: "each member once", Got: "the same name again"}, d.StackPointer)
		}
		value, err := d.value()
		if err != nil {
			return nil, err
		}
		if *d.left >= 0 {
			object[name] = value
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
		if *d.left >= 0 {
			array = append(array, item)
		}
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
	mantissa, _, _ := strings.Cut(strings.ToLower(literal), "e")
	switch {
	case !strings.ContainsAny(mantissa, "123456789"):
		return "0" // to whatever power
	case ordinary(literal):
		return json.Number(literal)
	}
	d.tell(Finding{Rule: "unchecked.number", Severity: Unchecked, Layer: LayerBody,
		Expected: "a number of at most 1000 digits", Got: "number"}, d.StackPointer)
	return nearest(literal)
}

// nearest is the number of ordinary size that is nearest to one.
func nearest(literal string) json.Number {
	if ordinary(literal) {
		return json.Number(literal)
	}
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

// ordinary tells a number that can be computed with.
func ordinary(literal string) bool {
	i := strings.IndexAny(literal, "eE")
	if i < 0 {
		return len(literal) <= maxDigits
	}
	power, err := strconv.Atoi(literal[i+1:])
	return len(literal) <= maxDigits && err == nil && power >= -maxExponent && power <= maxExponent
}

// fault says where and in which way the bytes stop being JSON, without the bytes.
func (d *decoder) fault(data []byte, complete bool) (f Finding, where func() jsontext.Pointer) {
	at := d.InputOffset()
	f = Finding{Rule: "json-syntax", Severity: Violation, Layer: LayerBody, Expected: "one JSON value in UTF-8"}
	kind := "a fault"
	switch {
	case d.StackDepth() >= maxDepth:
		f = Finding{Rule: "unchecked.depth", Severity: Unchecked, Layer: LayerBody, Expected: "at most 10000 levels", Got: "more"}
		return f, func() jsontext.Pointer { return "" }
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
	return f, d.StackPointer
}
