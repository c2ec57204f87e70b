package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/overlay"
)

// applyOptions are the flags of spec apply.
type applyOptions struct {
	spec           string
	dryRun, anyway bool
}

func (p *program) applyCommand() *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply OVERLAY",
		Short: "Apply an overlay to the document, and leave everything else in it as it is written",
		Long: `apply edits an OpenAPI document in place by an OpenAPI Overlay 1.0, YAML or JSON, of roughy spec learn or written by hand; - is
stdin. The document is --spec FILE, ./openapi.yaml unless it is given. Every byte, comment and blank line that the overlay does not
speak of stays, and so does the order. All of it is applied or nothing; applied again, it changes nothing.

Targets are JSONPaths (RFC 9535). An update is merged: what a list has already is not added again, and a value takes the place of one
of its kind; for another kind, remove the member in one action and update what it was in by the next one.

Refused, with a line that says why: an action that hits nothing; an overlay that spec learn made for another state of the document,
unless all of it is there already or --anyway is given; two actions that ask for different things in one place; what would change
more than it should, such as a place that YAML aliases share; a result that is no valid document any more.

Exit code 0 if the document says what the overlay asks for, 2 if nothing was applied.`,
		Example: `  roughy spec apply --dry-run learned.yaml
  roughy spec apply learned.yaml
  roughy spec learn --har traffic.har | roughy spec apply -`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return p.apply(cmd.InOrStdin(), args[0], o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.spec, "spec", usualDocument, "the OpenAPI `file` to edit")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print what would change as a diff, and change nothing")
	flags.BoolVar(&o.anyway, "anyway", false, "apply it though it was made for another state of the document")
	cmd.ValidArgsFunction = yamlFiles
	return cmd
}

func (p *program) apply(stdin io.Reader, name string, o applyOptions) error {
	changes, err := readOverlay(stdin, name)
	if err != nil {
		return err
	}
	data, err := readDocument(o.spec)
	if err != nil {
		return err
	}
	if _, err := contract.Load(o.spec, data); err != nil {
		return err
	}
	r, err := overlay.Apply(o.spec, data, changes, o.anyway)
	if err != nil {
		return err
	}
	if _, err := contract.Load(o.spec, r.Data); err != nil {
		return fmt.Errorf("with the overlay, the document would be none any more: %w", err)
	}
	if o.dryRun {
		_, err := p.stdout.Write(diff.Diff(o.spec, data, o.spec, r.Data))
		return err
	}
	if r.Changed > 0 {
		if err := replaceFile(o.spec, r.Data); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(p.stdout, "%s: %s changed it, %d asked for what it says already\n", clean(o.spec), counted(r.Changed, "action", "actions"), r.Kept)
	return err
}

func readOverlay(stdin io.Reader, name string) (*overlay.Overlay, error) {
	if name == "-" {
		data, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("stdin: %w", err)
		}
		return overlay.Read("stdin", data)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	}
	return overlay.Read(name, data)
}

// replaceFile writes a file anew, whole or not at all, with the mode that it has, and where a link leads.
func replaceFile(path string, data []byte) error {
	mode := fs.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := createFile(path)
	if err != nil {
		return err
	}
	defer f.discard()
	if _, err = f.Write(data); err == nil {
		err = f.Chmod(mode)
	}
	if err != nil {
		return fmt.Errorf("output file: %w", err)
	}
	return f.publish()
}
