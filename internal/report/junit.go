package report

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/roughy-go/roughy/internal/contract"
)

// JUnit writes one suite with one case an exchange, whose class is the operation that answered and whose name is unique: the number, and the
// method and path. What became of it:
//
//   - a violation is a failure
//   - no answer, or one from which nothing could be read, is an error
//   - what is unchecked is skipped, and says why; so is what is outside
//   - all else has passed; warnings and accepted findings are in its output
//
// file and line are the place of the worst finding in the document. The cases wait in a temporary file until Close, since the
// counts stand in front of them.
func JUnit(w io.Writer) Writer { return &junitWriter{w: w} }

type junitWriter struct {
	w       io.Writer
	cases   *os.File
	buffer  *bufio.Writer
	suite   junit.Testsuite
	elapsed time.Duration
	started time.Time
}

// junitCase is a case with what the library does not know and viewers do.
type junitCase struct {
	XMLName xml.Name `xml:"testcase"`
	junit.Testcase
	File string `xml:"file,attr,omitempty"`
	Line int    `xml:"line,attr,omitempty"`
}

func (j *junitWriter) Add(c Check) error {
	if err := j.open(); err != nil {
		return err
	}
	one := j.testcase(c)
	j.suite.AddTestcase(one.Testcase)
	j.suite.Testcases = nil // they are in the file
	j.elapsed += c.Elapsed
	if j.started.IsZero() || !c.Started.IsZero() && c.Started.Before(j.started) {
		j.started = c.Started
	}
	text, err := xml.MarshalIndent(one, "\t\t", "\t")
	if err != nil {
		return fmt.Errorf("report as JUnit: %w", err)
	}
	_, err = j.buffer.Write(append(text, '\n'))
	return err
}

// Close writes the whole file, and removes the temporary one.
func (j *junitWriter) Close(s Summary) (err error) {
	if j.cases != nil {
		defer func() {
			err = errors.Join(err, j.cases.Close(), os.Remove(j.cases.Name()))
		}()
	}
	var head strings.Builder
	suites := j.suites(s)
	if err := suites.WriteXML(&head); err != nil {
		return fmt.Errorf("report as JUnit: %w", err)
	}
	before, after, _ := strings.Cut(head.String(), "\t</testsuite>")
	if _, err := io.WriteString(j.w, xml.Header+before); err != nil {
		return err
	}
	if err := j.copyCases(); err != nil {
		return err
	}
	_, err = io.WriteString(j.w, "\t</testsuite>"+after)
	return err
}

func (j *junitWriter) open() error {
	if j.cases != nil {
		return nil
	}
	file, err := os.CreateTemp("", "roughy-junit-*.xml")
	if err != nil {
		return fmt.Errorf("cases of a JUnit report: %w", err)
	}
	j.cases, j.buffer = file, bufio.NewWriter(file)
	return nil
}

func (j *junitWriter) copyCases() error {
	if j.cases == nil {
		return nil
	}
	if err := j.buffer.Flush(); err != nil {
		return err
	}
	if _, err := j.cases.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(j.w, j.cases)
	return err
}

// suites is the file without its cases.
func (j *junitWriter) suites(s Summary) junit.Testsuites {
	suite := j.suite
	suite.Name, suite.Time, suite.File = Printable(cmp.Or(s.Source, "contract")), seconds(j.elapsed), Printable(s.Document)
	if !j.started.IsZero() {
		suite.SetTimestamp(j.started.UTC())
	}
	suite.AddProperty("source", Printable(s.Source))
	suite.AddProperty("document", Printable(s.Document))
	for _, kind := range kinds() {
		if seen, all := coverageCounts(s.Coverage, kind[0]); all > 0 {
			suite.AddProperty("coverage."+kind[1], fmt.Sprintf("%d of %d", seen, all))
		}
	}
	out := junit.Testsuites{Name: "roughy", Time: suite.Time}
	out.AddSuite(suite)
	return out
}

func (j *junitWriter) testcase(c Check) junitCase {
	name := Printable(c.Subject)
	if c.Method != "" {
		name = Printable(c.Method + " " + c.Path)
	}
	out := junitCase{Testcase: junit.Testcase{
		Name:      fmt.Sprintf("#%d %s", cmp.Or(c.Number, j.suite.Tests+1), name),
		Classname: Printable(cmp.Or(c.operation(), "no operation")),
	}}
	if c.Elapsed > 0 {
		out.Time = seconds(c.Elapsed)
	}
	out.judge(c)
	if text := asides(c); text != "" {
		out.SystemOut = &junit.Output{Data: text}
	}
	return out
}

// judge puts down what became of a case.
func (j *junitCase) judge(c Check) {
	problem := Printable(c.Problem)
	switch {
	case c.Outside:
		j.Skipped = &junit.Result{Message: "outside: the document does not name this host", Type: "outside"}
	case c.Report == nil:
		j.Error = &junit.Result{Message: cmp.Or(problem, "no answer"), Type: "unanswered"}
	case c.Report.Verdict == contract.Violation:
		j.Failure = j.result(*c.Report, contract.Violation)
	case c.Problem != "":
		j.Error = &junit.Result{Message: problem, Type: "unread", Data: lines(c.Report.Findings, contract.Unchecked)}
	case c.Report.Verdict == contract.Unchecked:
		j.Skipped = j.result(*c.Report, contract.Unchecked)
	}
}

// result is what is worse than a warning, under the first finding of the severity that decided.
func (j *junitCase) result(r contract.Report, v contract.Verdict) *junit.Result {
	out := &junit.Result{Message: v.String(), Data: lines(r.Findings, contract.Unchecked)}
	if worst := r.Of(v); len(worst) > 0 {
		f := worst[0]
		out.Type, out.Message = Printable(f.Rule), Printable(place(f)+": "+promise(f))
		if f.Position != "" {
			j.File, j.Line, _ = located(Printable(f.Position), "")
		}
	}
	if r.Omitted > 0 {
		out.Data += fmt.Sprintf("\nand %d more", r.Omitted)
	}
	return out
}

// asides is what does not decide what became of a case.
func asides(c Check) string {
	var out []string
	if c.Report != nil {
		if c.Report.Verdict == contract.Violation && c.Problem != "" {
			out = append(out, Printable(c.Problem))
		}
		for _, f := range c.Report.Of(contract.Warning) {
			out = append(out, Printable(f.String()))
		}
	}
	for _, f := range c.Accepted {
		out = append(out, "accepted: "+Printable(f.String()))
	}
	if c.Withheld {
		out = append(out, "withheld: an error was answered in its place")
	}
	return strings.Join(out, "\n")
}

// lines is a line for each finding that is at least as severe.
func lines(findings []contract.Finding, least contract.Verdict) string {
	var out []string
	for _, f := range findings {
		if f.Severity >= least {
			out = append(out, Printable(f.String()))
		}
	}
	return strings.Join(out, "\n")
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
