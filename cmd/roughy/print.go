package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/report"
)

// printRender writes the render to stdout: aligned fields, or the documented JSON object. A link is printed whole.
func (p *program) printRender(r *roughy.Render) error {
	if p.format == formatJSON {
		return p.printJSON(r.Gen())
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, f := range renderFields(r) {
		fmt.Fprintf(w, "%s\t%s\n", f.name, report.Printable(f.value))
	}
	return w.Flush()
}

func (p *program) printJSON(v any) error {
	encoder := json.NewEncoder(p.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

type field struct{ name, value string }

// renderFields leaves out what is not known yet.
func renderFields(r *roughy.Render) []field {
	fields := []field{
		{"id", r.ID.String()},
		{"state", string(r.State)},
		{"asset", r.AssetID.String()},
		{"cut", "none, the whole asset"},
		{"output", outputLine(r.Output)},
	}
	if r.CutID != nil {
		fields[3].value = r.CutID.String()
	}
	if r.SizeBytes != nil {
		fields = append(fields, field{"size", fmt.Sprintf("%d bytes", *r.SizeBytes)})
	}
	if r.Failure != nil {
		fields = append(fields, field{"failure", failureLine(r.Failure)})
	}
	fields = append(fields, field{"created", r.CreatedAt.Format(time.RFC3339Nano)})
	if r.StartedAt != nil {
		fields = append(fields, field{"started", r.StartedAt.Format(time.RFC3339Nano)})
	}
	if r.CompletedAt != nil {
		fields = append(fields, field{"ended", r.CompletedAt.Format(time.RFC3339Nano)})
	}
	if r.DownloadURL != "" {
		fields = append(fields, field{"link", r.DownloadURL})
	}
	return fields
}

// outputLine names what was asked for, such as "mp4, 720p, 29.97 frames a second". Bitrates have no documented unit.
func outputLine(o roughy.Output) string {
	var parts []string
	if o.Format != "" {
		parts = append(parts, string(o.Format))
	}
	if o.Resolution != "" {
		parts = append(parts, string(o.Resolution))
	}
	if o.FrameRate != nil {
		parts = append(parts, fmt.Sprintf("%g frames a second", *o.FrameRate))
	}
	if o.VideoBitrate != nil {
		parts = append(parts, fmt.Sprintf("video bitrate %d", *o.VideoBitrate))
	}
	if o.AudioBitrate != nil {
		parts = append(parts, fmt.Sprintf("audio bitrate %d", *o.AudioBitrate))
	}
	if len(parts) == 0 {
		return "nothing in particular"
	}
	return strings.Join(parts, ", ")
}

// failureLine is "code: message", or the one of them that there is.
func failureLine(f *roughy.Failure) string {
	switch {
	case f.Code == "" && f.Message == "":
		return "no reason given"
	case f.Code == "":
		return f.Message
	case f.Message == "":
		return f.Code
	}
	return f.Code + ": " + f.Message
}
