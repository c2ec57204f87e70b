package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/spec/diff"
)

// printDiff writes the report to stdout in the form that was asked for. In text, unused entries of a policy are told where somebody named
// it: those of the one that is built in stand for changes to come, and of that it is told if it is about another document.
func (p *program) printDiff(r diff.Report, form string, ownPolicy bool) error {
	notes := diffNotes(r)
	if err := p.annotate(form, notes); err != nil {
		return err
	}
	switch form {
	case "json":
		return p.printJSON(struct {
			Version int `json:"version"`
			diff.Report
		}{1, r})
	case "sarif":
		return report.NotesSARIF(p.stdout, notes)
	case "github":
		return report.NotesGitHub(p.stdout, notes)
	}
	switch {
	case ownPolicy:
	case r.Policy.Elsewhere != "":
		r.Policy.Unused = []string{r.Policy.Elsewhere}
	default:
		r.Policy.Unused = nil
	}
	_, err := p.stdout.Write(diffText(r))
	return err
}

// diffText tells each change in a paragraph, and counts them.
func diffText(r diff.Report) []byte {
	var out bytes.Buffer
	if len(r.Changes) == 0 {
		fmt.Fprintf(&out, "no change: %s and %s say the same\n", report.Printable(r.Base.Name), report.Printable(r.Head.Name))
		return out.Bytes()
	}
	for _, c := range r.Changes {
		changeText(&out, c)
	}
	var tolerated int
	for _, c := range r.Changes {
		if c.Tolerated != nil {
			tolerated++
		}
	}
	fmt.Fprintf(&out, "%s: %d breaking, %s, %s", counted(len(r.Changes), "change", "changes"), r.Count(diff.Breaking),
		counted(r.Count(diff.Warning), "warning", "warnings"), counted(r.Count(diff.Note), "note", "notes"))
	if tolerated > 0 {
		fmt.Fprintf(&out, "; %d tolerated", tolerated)
	}
	fmt.Fprintf(&out, "\n%s\n", report.Printable(r.Announcement))
	for _, line := range r.Policy.Unused {
		fmt.Fprintf(&out, "policy: %s\n", report.Printable(line))
	}
	return out.Bytes()
}

func changeText(out *bytes.Buffer, c diff.Change) {
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(out, "  %-9s  %s\n", name, report.Printable(text))
		}
	}
	head := strings.TrimSpace(fmt.Sprintf("%-8s  %s  %s", c.Severity, c.Rule, c.Operation))
	fmt.Fprintln(out, report.Printable(head))
	line("change", c.Text)
	line("client", c.Client)
	line("server", c.Server)
	line("base", placeText(c.Base))
	line("head", placeText(c.Head))
	if t := c.Tolerated; t != nil {
		line("tolerated", t.Reason+" ("+t.Position+")")
	}
	fmt.Fprintln(out)
}

// placeText says where a change is, and where it would be if it were there.
func placeText(p diff.Place) string {
	if !p.There {
		return p.Position + " (not there)"
	}
	return p.Position
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
