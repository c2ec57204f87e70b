package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/report"
)

// printID prints what a command made: its identifier alone, so that a shell can keep it, or the whole as JSON.
func printID(cmd *cobra.Command, id fmt.Stringer, whole any) error {
	if flag(cmd, "format") == "json" {
		return printJSON(cmd.OutOrStdout(), whole)
	}
	_, err := fmt.Fprintln(cmd.OutOrStdout(), id)
	return err
}

// printTable prints rows beneath a header, or the rows' values as a JSON array.
func printTable[T any](cmd *cobra.Command, header []string, rows []T, cells func(T) []string) error {
	if flag(cmd, "format") == "json" {
		return printJSON(cmd.OutOrStdout(), append([]T{}, rows...))
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(header, "\t"))
	for _, row := range rows {
		line := cells(row)
		for i, cell := range line {
			line[i] = report.Printable(cell)
		}
		fmt.Fprintln(w, strings.Join(line, "\t"))
	}
	return w.Flush()
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// stamp is a moment as lists show it.
func stamp(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// describe says what a file is, in a line.
func describe(s media.Source) string {
	parts := []string{fmt.Sprintf("%.1f s", s.Duration.Seconds())}
	if s.VideoCodec != "" {
		parts = append(parts, fmt.Sprintf("%dx%d", s.Width, s.Height), fmt.Sprintf("%.4g pictures/s", s.FrameRate), s.VideoCodec)
	}
	if s.AudioCodec != "" {
		parts = append(parts, s.AudioCodec)
	}
	return strings.Join(append(parts, fmt.Sprintf("%d bytes", s.SizeBytes)), ", ")
}
