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

// Text writes one line a subject that starts with the verdict, each finding on a line of its own beneath it, and a line of
// counts at the end. color adds terminal colours; the caller decides, since only it knows what w is. What came from outside
// cannot steer the terminal: whatever does not print is escaped.
func Text(w io.Writer, color bool) Writer { return &textWriter{w: w, color: color} }

type textWriter struct {
	w      io.Writer
	color  bool
	totals Totals
}

func (t *textWriter) Add(c Check) error {
	t.totals.Add(c)
	_, err := fmt.Fprintf(t.w, "%s  %s%s\n", t.word(c.Report), Printable(c.Subject), remark(c))
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
		line += fmt.Sprintf("; %d could not be read", s.Unread)
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

// word is the verdict at the start of a line, padded to the longest one.
func (t *textWriter) word(r *contract.Report) string {
	if r == nil {
		return "no answer"
	}
	return t.paint(r.Verdict, fmt.Sprintf("%-9s", r.Verdict))
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
