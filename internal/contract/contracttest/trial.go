package contracttest

import (
	"fmt"
	"strings"

	"github.com/roughy-go/roughy/internal/contract"
)

// Loader gives a witness a document. It returns no judge if the witness fails, and an error if that is not known, as it was
// given up.
type Loader func(document []byte) (Judge, error)

// Judge says whether a witness accepts or refuses a body, or that it panics, which is to fail. An error is as the loader's.
type Judge func(body []byte) (Outcome, error)

// Trial holds package contract to a witness, and counts.
type Trial struct {
	Load   Loader
	Ledger *Ledger

	Documents, Failed, GivenUp int // GivenUp counts bodies too
	Bodies, Agreed, Explained  int
	Unchecked                  int // bodies of which ours has no verdict to disagree with

	Open []string // in words, what the table does not explain
}

// mostOpen is how much may be open before a trial is pointless.
const mostOpen = 10

// Run makes up the documents of the seeds below one, and some answers to each, until enough is open.
func (t *Trial) Run(seeds uint64, answers int) {
	for seed := range seeds {
		if len(t.Open) < mostOpen {
			t.run(New(seed), answers)
		}
	}
}

func (t *Trial) run(d *Document, answers int) {
	t.Documents++
	judge, err := t.Load(d.Text)
	switch {
	case err != nil:
		t.GivenUp++
		return
	case judge == nil:
		t.fail(d.Text)
		return
	}
	ours, err := contract.Load("made.json", d.Text)
	if err != nil {
		t.open(d.Text, nil, "ours does not load: %v", err)
		return
	}
	for range answers {
		t.compare(d.Text, ours, judge, d.Body())
	}
}

func (t *Trial) fail(document []byte) {
	t.Failed++
	if t.Ledger.Excuse(document, t.Load) == nil {
		t.open(document, nil, "the witness fails")
	}
}

func (t *Trial) compare(document []byte, ours *contract.Contract, judge Judge, body []byte) {
	theirs, err := judge(body)
	if err != nil {
		t.GivenUp++
		return
	}
	t.Bodies++
	report := ours.Check(Answer(body))
	switch {
	case theirs == Fails:
		t.open(document, body, "the witness fails, though it loaded the document")
	case report.Verdict == contract.Unchecked:
		t.Unchecked++
	case (report.Verdict == contract.Violation) == (theirs == Refuses):
		t.Agreed++
	case t.Ledger.Explain(document, body, theirs) != nil:
		t.Explained++
	default:
		t.open(document, body, "the witness %s it, ours says %s %v", theirs, report.Verdict, report.Findings)
	}
}

func (t *Trial) open(document, body []byte, format string, args ...any) {
	t.Open = append(t.Open, fmt.Sprintf(format, args...)+fmt.Sprintf("\ndocument %s\nbody %q", document, body))
}

// String is the counts, and how often each row of the table was needed.
func (t *Trial) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d documents: %d failed, %d given up\n", t.Documents, t.Failed, t.GivenUp)
	fmt.Fprintf(&b, "%d bodies: %d agreed, %d explained, %d unchecked, %d open", t.Bodies, t.Agreed, t.Explained, t.Unchecked, len(t.Open))
	for i, row := range t.Ledger.Rows {
		fmt.Fprintf(&b, "\n%6d %s %s", t.Ledger.Needed[i], row.Theirs, row.Why)
	}
	return b.String()
}
