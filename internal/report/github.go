package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/roughy-go/roughy/internal/contract"
)

// GitHub writes, at Close, workflow commands that GitHub Actions turns into annotations at lines of the document: one for each
// distinct finding, the worst and most frequent first. A violation is an error, a warning a warning, and what is unchecked a
// notice. GitHub shows ten of each level and step, so there are no more: the last notice counts what is missing, and the
// exchanges from which nothing could be read.
func GitHub(w io.Writer) Writer { return &annotator{w: w} }

const mostAnnotations = 10 // of a level

type annotator struct {
	w      io.Writer
	totals Totals
	found  groups
}

func (a *annotator) Add(c Check) error {
	a.totals.Add(c)
	a.found.add(c)
	return nil
}

func (a *annotator) Close(s Summary) error {
	var out bytes.Buffer
	room := map[string]int{"error": mostAnnotations, "warning": mostAnnotations, "notice": mostAnnotations - 1}
	more := 0
	for _, g := range a.found.worst() {
		level := annotationLevel(g.Severity)
		if room[level] == 0 {
			more++
			continue
		}
		room[level]--
		file, line, column := located(g.Position, s.Document)
		fmt.Fprintf(&out, "::%s file=%s,line=%d,col=%d,title=%s::%s\n",
			level, asProperty(file), line, column, asProperty(g.Rule), asData(g.message()))
	}
	if rest := a.rest(more); rest != "" {
		fmt.Fprintf(&out, "::notice title=contract::%s\n", asData(rest))
	}
	_, err := a.w.Write(out.Bytes())
	return err
}

// rest is what no annotation tells.
func (a *annotator) rest(more int) string {
	var parts []string
	if more > 0 {
		parts = append(parts, counted(more, "more distinct finding"))
	}
	if a.found.Left > 0 {
		parts = append(parts, counted(a.found.Left, "finding")+" beyond those told apart")
	}
	if a.totals.Unanswered > 0 {
		parts = append(parts, counted(a.totals.Unanswered, "exchange")+" without an answer")
	}
	if refused := a.totals.Unread - a.totals.Unanswered; refused > 0 {
		parts = append(parts, counted(refused, "answer")+" from which nothing could be read")
	}
	return strings.Join(parts, ", ")
}

func annotationLevel(v contract.Verdict) string {
	switch v {
	case contract.Violation:
		return "error"
	case contract.Warning:
		return "warning"
	default:
		return "notice"
	}
}

// asData is a text as a workflow command's data, and asProperty as one of its properties.
func asData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(Printable(text))
}

func asProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(asData(text))
}
