package report

import (
	"errors"
	"fmt"
)

// Output is a form on its way to somewhere.
type Output struct {
	Name string // what its errors start with, such as junit=a.xml
	Writer
}

// Tee gives every check to all outputs. One that cannot be written gets no more checks, and the others go on: its error comes
// from Close, with its name, joined with those of others; from Add only once no output is left. Without outputs, nothing happens.
func Tee(outputs ...Output) Writer {
	return &tee{outputs: outputs, failures: make([]error, len(outputs))}
}

type tee struct {
	outputs  []Output
	failures []error // of each output; nil while it can be written
}

func (t *tee) Add(c Check) error {
	alive := len(t.outputs) == 0
	for i, o := range t.outputs {
		if t.failures[i] == nil {
			t.failures[i] = o.named(o.Add(c))
		}
		alive = alive || t.failures[i] == nil
	}
	if alive {
		return nil
	}
	return errors.Join(t.failures...)
}

func (t *tee) Close(s Summary) error {
	for i, o := range t.outputs {
		if err := o.named(o.Writer.Close(s)); t.failures[i] == nil {
			t.failures[i] = err
		}
	}
	return errors.Join(t.failures...)
}

func (o Output) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", o.Name, err)
}
