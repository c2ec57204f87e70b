package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/roughy-go/roughy/internal/contract"
)

// Text writes one line a subject, each finding on a line of its own beneath it, and a line of counts at the end. A line
// starts with the verdict; with "no answer"; or with "unread" where nothing could be read from an answer that has nothing
// worse than a warning, since "ok" would look as if the render was. color adds terminal colours; the caller decides, since
// only it knows what w is. What came from outside cannot steer the terminal: whatever does not print is escaped.
func Text(w io.Writer, color bool) Writer { return &textWriter{w: w, color: color} }

type textWriter struct {
	w      io.Writer
	color  bool
	totals Totals
}

func (t *textWriter) Add(c Check) error {
	t.totals.Add(c)
	_, err := fmt.Fprintf(t.w, "%s  %s%s\n", t.word(c), Printable(c.Subject), remark(c))
	if err != nil || c.Report == nil {
		return err
	}
	return t.findings(*c.Report)
}

func (t *textWriter) Close() error {
	s := t.totals
	line := fmt.Sprintf("%d checked: %d ok, %d with warnings, %d unchecked, %d with violations",
		s.Checks, s.OK, s.Warnings, s.Unchecked, s.Violations)
	if s.Unanswered > 0 {
		line += fmt.Sprintf(", %d without an answer", s.Unanswered)
	}
	if s.Unread > 0 {
		line += fmt.Sprintf("; %d not read, counted by answer", s.Unread)
	}
	_, err := fmt.Fprintln(t.w, line)
	return err
}

func (t *textWriter) findings(r contract.Report) error {
	table := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', 0)
	for _, f := range r.Findings {
		cells := []string{t.paint(f.Severity, f.Severity.String()), f.Rule, place(f), cmp.Or(f.Position, "-"), promise(f)}
		for i := range cells[1:] {
			cells[i+1] = Printable(cells[i+1])
		}
		fmt.Fprintln(table, "  "+strings.Join(cells, "\t"))
	}
	if r.Omitted > 0 {
		fmt.Fprintf(table, "  and %d more\n", r.Omitted)
	}
	return table.Flush()
}

// word is what a line starts with, padded to the longest verdict.
func (t *textWriter) word(c Check) string {
	switch {
	case c.Report == nil:
		return "no answer"
	case c.Problem != "" && c.Report.Verdict <= contract.Warning:
		return t.paint(contract.Warning, fmt.Sprintf("%-9s", "unread"))
	default:
		return t.paint(c.Report.Verdict, fmt.Sprintf("%-9s", c.Report.Verdict))
	}
}

// paint gives every word codes of one length, so that columns stay aligned.
func (t *textWriter) paint(v contract.Verdict, word string) string {
	if !t.color {
		return word
	}
	codes := map[contract.Verdict]int{contract.OK: 32, contract.Warning: 33, contract.Unchecked: 35, contract.Violation: 31}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", codes[v], word)
}

// remark is what stands behind the subject: the state that was read, or why there is none.
func remark(c Check) string {
	if text := cmp.Or(c.Problem, c.State); text != "" {
		return "  " + Printable(text)
	}
	return ""
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
