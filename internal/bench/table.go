package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// writers are the formats of the summary.
func writers() map[string]func(io.Writer, summary) error {
	return map[string]func(io.Writer, summary) error{"text": writeMarkdown, "json": writeJSON}
}

func writeJSON(w io.Writer, s summary) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(s)
}

func writeMarkdown(w io.Writer, s summary) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, %d CPUs, median of %d rounds.\n\n", s.Go, s.Platform, s.CPUs, s.Rounds)
	for _, p := range s.Peers {
		fmt.Fprintf(&b, "- %s %s\n", p.Module, p.Version)
	}
	for _, note := range s.Notes {
		fmt.Fprintf(&b, "- %s\n", note)
	}
	b.WriteString("\n")
	writeTable(&b, lineCells(s))
	b.WriteString("\n## Targets\n\n")
	writeTable(&b, targetCells(s.Targets))
	_, err := io.WriteString(w, b.String())
	return err
}

func lineCells(s summary) [][]string {
	cells := [][]string{{"row", "contender", "time", "to ours", "allocs", "MB/s", "verdict", "resident, at its peak"}}
	row := ""
	for _, l := range s.Lines {
		name := l.Row
		if name == row {
			name = "" // once is enough
		}
		row = l.Row
		time := timeText(l.Nanoseconds)
		if l.Rounds < s.Rounds {
			time += fmt.Sprintf(" (%d rounds)", l.Rounds)
		}
		cells = append(cells, []string{name, l.Contender, time, fmt.Sprintf("%.2f x", l.Ratio),
			l.allocsText(), l.throughputText(), verdictText(l.Verdict), l.memoryText()})
	}
	return cells
}

func (l line) allocsText() string {
	if l.Allocs == nil {
		return ""
	}
	return fmt.Sprintf("%.0f", *l.Allocs)
}

func (l line) throughputText() string {
	if l.Throughput == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", l.Throughput)
}

func (l line) memoryText() string {
	if l.Peak == 0 {
		return ""
	}
	return fmt.Sprintf("%s, %s", memoryText(l.Resident), memoryText(l.Peak))
}

// verdictText marks who overlooks a defect: their time is no time for the same work.
func verdictText(verdict string) string {
	if verdict == "overlooks" {
		return "**overlooks**"
	}
	return verdict
}

func targetCells(targets []outcome) [][]string {
	cells := [][]string{{"target", "measured", "outcome"}}
	for _, t := range targets {
		cells = append(cells, []string{t.Target, t.Measured, t.Outcome})
	}
	return cells
}

// writeTable writes Markdown whose columns are aligned for those who read it as it is.
func writeTable(w *strings.Builder, cells [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0) // to a strings.Builder, which takes everything
	for i, row := range cells {
		fmt.Fprintln(t, "| "+strings.Join(row, "\t| ")+"\t|")
		if i == 0 {
			fmt.Fprintln(t, strings.Repeat("|---\t", len(row))+"|")
		}
	}
	t.Flush()
}

func memoryText(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }

// timeText is a time in the unit that leaves three digits.
func timeText(nanoseconds float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}} {
		if nanoseconds >= unit.size {
			return fmt.Sprintf("%.3g %s", nanoseconds/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%.0f ns", nanoseconds)
}

// fraction says a ratio the way that targets do: 1/12, 1.8 x.
func fraction(ratio float64) string {
	if ratio < 0.5 {
		return fmt.Sprintf("1/%.1f", 1/ratio)
	}
	return fmt.Sprintf("%.2f x", ratio)
}
