package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/roughy-go/roughy/internal/contract"
)

// TextOptions are how text is written. The zero value is plain text with every exchange in it.
type TextOptions struct {
	Color bool // terminal colours on severity words; the caller decides, since only it knows what w is
	Quiet bool // for recordings and proxies: no line for what is as it should be, numbers for the others
}

// Text writes one line an exchange, each finding on a line of its own beneath it, an overview of what came up more than once, and
// a line of counts at the end.
//
// A line starts with the verdict; with "no answer"; with "outside"; or with "unread" where nothing could be read from an answer
// that has nothing worse than a warning, since "ok" would look as if the render was. A finding that many exchanges have is listed
// with the first five of them, and then only counted. Accepted findings are only counted too. What came from outside cannot
// steer the terminal: whatever does not print is escaped.
//
// Quiet, there is no line for an exchange that is ok or outside, nor for one that shows only what five others have shown; and what of
// the document was never seen is listed.
func Text(w io.Writer, o TextOptions) Writer {
	return &textWriter{w: w, palette: palette(o.Color), quiet: o.Quiet, problems: map[string]int{}}
}

const (
	mostListed   = 5    // exchanges with which a finding, or a problem, is listed
	mostProblems = 1000 // that are told apart
	mostPlace    = 120  // characters of a pointer
)

type textWriter struct {
	palette
	w        io.Writer
	quiet    bool
	begun    bool // something is written already
	totals   Totals
	found    groups
	problems map[string]int // in how many exchanges, by their text
}

func (t *textWriter) Add(c Check) error {
	t.totals.Add(c)
	fresh, before := t.news(c)
	problem := t.isNewProblem(c)
	if t.quiet && len(fresh) == 0 && !problem {
		return nil
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s  %s%s\n", t.word(c), t.name(c.Number, c.Subject), remark(c))
	t.findings(&out, fresh)
	if before > 0 {
		fmt.Fprintf(&out, "  and %d as before\n", before)
	}
	if c.Report != nil && c.Report.Omitted > 0 {
		fmt.Fprintf(&out, "  and %d more\n", c.Report.Omitted)
	}
	return t.write(out.Bytes())
}

// Close writes the overview and the counts.
func (t *textWriter) Close(s Summary) error {
	var out bytes.Buffer
	t.overview(&out, s)
	fmt.Fprintln(&out, t.totals.line())
	return t.write(out.Bytes())
}

func (t *textWriter) write(text []byte) error {
	t.begun = true
	_, err := t.w.Write(text)
	return err
}

// news is what of a check's findings is to be listed, and how many others there are.
func (t *textWriter) news(c Check) (fresh []contract.Finding, before int) {
	for i, g := range t.found.add(c) {
		if g != nil && g.Count <= mostListed {
			fresh = append(fresh, c.Report.Findings[i])
		} else {
			before++
		}
	}
	return fresh, before
}

func (t *textWriter) isNewProblem(c Check) bool {
	if c.Outside || c.Report != nil && c.Problem == "" {
		return false
	}
	n, known := t.problems[c.Problem]
	if !known && len(t.problems) >= mostProblems {
		return false
	}
	t.problems[strings.Clone(c.Problem)] = n + 1
	return n < mostListed
}

func (t *textWriter) findings(w io.Writer, findings []contract.Finding) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintln(table, "  "+t.row(f, promise(f)))
	}
	table.Flush()
}

// row is a finding as cells of a table, and one more.
func (t *textWriter) row(f contract.Finding, last string) string {
	return t.paint(f.Severity, f.Severity.String()) + "\t" + Printable(f.Rule) + "\t" + clipped(Printable(place(f))) + "\t" +
		Printable(cmp.Or(f.Position, "-")) + "\t" + Printable(last)
}

// word is what a line starts with, padded to the longest verdict.
func (t *textWriter) word(c Check) string {
	switch {
	case c.Outside:
		return fmt.Sprintf("%-9s", "outside")
	case c.Report == nil:
		return "no answer"
	case c.Problem != "" && c.Report.Verdict <= contract.Warning:
		return t.paint(contract.Warning, fmt.Sprintf("%-9s", "unread"))
	default:
		return t.paint(c.Report.Verdict, fmt.Sprintf("%-9s", c.Report.Verdict))
	}
}

// name is what an exchange is called: where there are many, by its number too.
func (t *textWriter) name(number int, subject string) string {
	if t.quiet && number > 0 {
		return fmt.Sprintf("#%d %s", number, Printable(subject))
	}
	return Printable(subject)
}

// palette is whether there are colours.
type palette bool

// paint gives every word codes of one length, so that columns stay aligned.
func (p palette) paint(v contract.Verdict, word string) string {
	if !p {
		return word
	}
	codes := map[contract.Verdict]int{contract.OK: 32, contract.Warning: 33, contract.Unchecked: 35, contract.Violation: 31}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", codes[v], word)
}

// remark is what stands behind the subject: the state that was read, or why there is none, and what became of the answer.
func remark(c Check) string {
	text := ""
	if said := cmp.Or(c.Problem, c.State); said != "" {
		text = "  " + Printable(said)
	}
	if c.Withheld {
		text += "  withheld"
	}
	return text
}

// place is where in the exchange the finding is; a pointer to the whole body, or none, is told by the layer's name.
func place(f contract.Finding) string {
	switch {
	case f.Pointer == "":
		return string(f.Layer)
	case f.Layer == contract.LayerHeader:
		return "header " + f.Pointer
	default:
		return f.Pointer
	}
}

// clipped is the end of a place that is too long for a line: one in a deep body makes each line of its table as long.
func clipped(place string) string {
	runes := []rune(place)
	if len(runes) <= mostPlace {
		return place
	}
	return "…" + string(runes[len(runes)-mostPlace:])
}

func promise(f contract.Finding) string {
	if f.Got == "" {
		return "expected " + f.Expected
	}
	return "expected " + f.Expected + ", got " + f.Got
}

// Printable is s with everything escaped that does not print: no line breaks, no terminal codes, no reversed writing.
func Printable(s string) string {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	if !strings.ContainsFunc(s, unprintable) && !strings.ContainsRune(s, unicode.ReplacementChar) {
		return s
	}
	quoted := strconv.Quote(s)
	return quoted[1 : len(quoted)-1]
}
