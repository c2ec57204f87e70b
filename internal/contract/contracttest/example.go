package contracttest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/roughy-go/roughy/internal/contract"
)

// Example is an answer and its document, on which one row of the table is all that divides package contract and a witness.
type Example struct{ Document, Body []byte }

func on30(schema, body string) Example {
	return example("3.0.3", schema, `{"properties":{"a":{}}}`, body)
}
func on31(schema, body string) Example {
	return example("3.1.0", schema, `{"properties":{"a":{}}}`, body)
}

// onCircle has a schema in its document that requires itself.
func onCircle(schema, body string) Example {
	return example("3.1.0", schema, `{"required":["a"],"properties":{"a":{"$ref":"#/components/schemas/Ada"}}}`, body)
}

// example has a schema Ada that the root may refer to.
func example(version, schema, ada, body string) Example {
	return Example{text(version, json.RawMessage(schema), object{"Ada": json.RawMessage(ada)}), []byte(body)}
}

// Hold holds a row to its example: ours and the witness say of it what the row says, and the row is all that it takes to
// explain that. A row that does not hold is not needed any more, or no longer right.
func (d Disagreement) Hold(load Loader) error {
	if rules := d.violations(); rules != d.Ours {
		return fmt.Errorf("ours finds %q, not %q", rules, d.Ours)
	}
	judge, err := load(d.Example.Document)
	if err != nil {
		return err
	}
	theirs := Fails
	if judge != nil {
		if theirs, err = judge(d.Example.Body); err != nil {
			return err
		}
	}
	if theirs != d.Theirs {
		return fmt.Errorf("the witness %s it", theirs)
	}
	return d.explains(load)
}

// violations are the rules that ours finds broken in the example.
func (d Disagreement) violations() string {
	ours, err := contract.Load("example.json", d.Example.Document)
	if err != nil {
		return err.Error()
	}
	var rules []string
	for _, f := range ours.Check(Answer(d.Example.Body)).Of(contract.Violation) {
		rules = append(rules, f.Rule)
	}
	return strings.Join(rules, " ")
}

func (d Disagreement) explains(load Loader) error {
	l := NewLedger(d.Witness)
	rows := l.Explain(d.Example.Document, d.Example.Body, d.Theirs)
	if d.Theirs == Fails {
		rows = l.Excuse(d.Example.Document, load)
	}
	if len(rows) != 1 || rows[0].Why != d.Why {
		return fmt.Errorf("explained by %d others", len(rows))
	}
	return nil
}
