package decode

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// plan is how the members of an object become the fields of a struct, by the generator's json tags: a member that is new in
// the document needs no line here.
type plan map[string]field

type field struct {
	index int
	read  reader
}

// reader makes a Go value of a JSON value as it is written. It leaves the zero value and says what is wrong where that is no
// such value; findings of members point from there on.
type reader func(into reflect.Value, written string) []contract.Finding

var renderPlan = sync.OnceValue(func() plan { return newPlan(reflect.TypeFor[gen.Render]()) })

func newPlan(t reflect.Type) plan {
	p := plan{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		p[name] = field{i, readerOf(t.Field(i).Type)}
	}
	return p
}

func (p plan) read(into reflect.Value, object string) (findings []contract.Finding) {
	for name, written := range contract.Members(object) {
		f, known := p[name]
		if !known {
			continue
		}
		for _, finding := range f.read(into.Field(f.index), written) {
			finding.Pointer = "/" + name + finding.Pointer
			findings = append(findings, finding)
		}
	}
	return findings
}

// readerOf reads what the generator makes of each JSON type; what it does not make today is left to the library.
func readerOf(t reflect.Type) reader {
	switch kind := t.Kind(); {
	case t == reflect.TypeFor[time.Time]():
		return scalar(isString, readTime)
	case t == reflect.TypeFor[uuid.UUID]():
		return scalar(isString, readUUID)
	case kind == reflect.String:
		return scalar(isString, func(into reflect.Value, written string) error {
			into.SetString(strings.Clone(contract.Text(written)))
			return nil
		})
	case kind == reflect.Int || kind == reflect.Int32 || kind == reflect.Int64:
		return scalar(isNumber, func(into reflect.Value, written string) error {
			n, err := contract.Int(written, t.Bits())
			into.SetInt(n)
			return err
		})
	case kind == reflect.Float32 || kind == reflect.Float64:
		return scalar(isNumber, func(into reflect.Value, written string) error {
			n, err := strconv.ParseFloat(written, t.Bits())
			into.SetFloat(n)
			return err
		})
	case kind == reflect.Pointer:
		return optional(t.Elem())
	case kind == reflect.Struct:
		return nested(newPlan(t))
	}
	return scalar(isAny, func(into reflect.Value, written string) error {
		return json.Unmarshal([]byte(written), into.Addr().Interface(), lenient)
	})
}

func readTime(into reflect.Value, written string) (err error) {
	*into.Addr().Interface().(*time.Time), err = contract.Time(contract.Text(written))
	return err
}

func readUUID(into reflect.Value, written string) (err error) {
	*into.Addr().Interface().(*uuid.UUID), err = uuid.Parse(contract.Text(written))
	return err
}

func isString(c byte) bool { return c == '"' }
func isNumber(c byte) bool { return c == '-' || c >= '0' && c <= '9' }
func isObject(c byte) bool { return c == '{' }
func isAny(byte) bool      { return true }

// scalar reads values that start in the right way.
func scalar(starts func(byte) bool, read func(into reflect.Value, written string) error) reader {
	return func(into reflect.Value, written string) []contract.Finding {
		err := errType
		if starts(written[0]) {
			err = read(into, written)
		}
		if err == nil {
			return nil
		}
		into.SetZero()
		return []contract.Finding{misfit(err)}
	}
}

func nested(p plan) reader {
	return func(into reflect.Value, written string) []contract.Finding {
		if !isObject(written[0]) {
			return []contract.Finding{misfit(errType)}
		}
		return p.read(into, written)
	}
}

// optional is null, or something.
func optional(t reflect.Type) reader {
	read := readerOf(t)
	return func(into reflect.Value, written string) []contract.Finding {
		into.SetZero()
		if written == "null" {
			return nil
		}
		value := reflect.New(t)
		findings := read(value.Elem(), written)
		if !slices.ContainsFunc(findings, func(f contract.Finding) bool { return f.Pointer == "" }) {
			into.Set(value)
		}
		return findings
	}
}

var errType = errors.New("another type")

// misfit is the finding on a value that the model cannot hold. The cause's words are left out, for they may hold the value.
func misfit(cause error) contract.Finding {
	f := contract.Finding{Rule: RuleType, Severity: contract.Unchecked, Layer: contract.LayerBody,
		Expected: "a value of the model's type", Got: "another type"}
	if errors.Is(cause, contract.ErrRange) || errors.Is(cause, strconv.ErrRange) {
		f.Rule, f.Expected, f.Got = RuleRange, "a number that the model can hold", "a number beyond it"
	}
	return f
}
