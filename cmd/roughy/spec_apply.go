package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/spec/lint"
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
stdin. The document is --spec FILE, a regular file, ./openapi.yaml unless it is given. Every byte, comment and blank line that the
overlay does not speak of stays, and so does the order. All of it is applied or nothing; applied again, it changes nothing.

Targets are JSONPaths (RFC 9535). An update is merged: what a list has already is not added again, and a value takes the place of one
of its kind; for another kind, remove the member in one action and update what it was in by the next one. What is to be removed and
is not in what is above it counts as removed already, if anything else is hit; an item of a list is named by what it says, as in $.tags[?@.name == 'a'].

Refused, with a line that says why: an action that hits nothing; the removal of an item by its number; an overlay that would change
the document each time; one that spec learn made for another state of the document, unless all of it is there already or --anyway is
given; two actions that ask for different things in one place; what would change more than it should, such as a place that YAML
aliases share; what breaks OpenAPI's grammar, as spec lint has it, where the document did not before.

Exit code 0 if the document says what the overlay asks for; 2 if nothing was applied, or if stdout could not be written, where stderr
says whether the document was edited.`,
		Example: `  roughy spec apply --dry-run learned.yaml
  roughy spec apply learned.yaml
  roughy spec learn --har traffic.har | roughy spec apply -`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.apply(cmd.Context(), cmd.InOrStdin(), args[0], o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.spec, "spec", usualDocument, "the OpenAPI `file` to edit")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print what would change as a diff, and change nothing")
	flags.BoolVar(&o.anyway, "anyway", false, "apply it though it was made for another state of the document")
	cmd.ValidArgsFunction = yamlFiles
	return cmd
}

// edited is a document as it was and as an overlay makes it.
type edited struct {
	data []byte
	overlay.Result
}

func (p *program) apply(ctx context.Context, stdin io.Reader, name string, o applyOptions) error {
	r, err := stoppable(ctx, func() (edited, error) { return o.edit(stdin, name) })
	if err != nil {
		return err
	}
	if o.dryRun {
		_, err := p.stdout.Write(diff.Diff(o.spec, r.data, o.spec, r.Data))
		return err
	}
	if r.Changed > 0 {
		if now, err := readEditable(o.spec); err != nil || !bytes.Equal(now, r.data) {
			return fmt.Errorf("%s was changed by somebody else meanwhile, and is left as it is now: apply the overlay again", clean(o.spec))
		}
		if err := replaceFile(o.spec, r.Data); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(p.stdout, "%s: %s changed it, %d asked for what it says already\n", clean(o.spec), counted(r.Changed, "action", "actions"), r.Kept)
	if err != nil && r.Changed > 0 {
		return fmt.Errorf("%s is edited, and print: %w", clean(o.spec), err)
	}
	return err
}

// edit reads both and writes nothing.
func (o applyOptions) edit(stdin io.Reader, name string) (r edited, err error) {
	if r.data, err = readEditable(o.spec); err != nil {
		return r, err
	}
	changes, err := readOverlay(stdin, name)
	if err != nil {
		return r, err
	}
	before, err := lint.Lint(o.spec, r.data, lint.Generic)
	if err != nil {
		return r, err
	}
	if r.Result, err = overlay.Apply(o.spec, r.data, changes, o.anyway); err != nil {
		return r, err
	}
	after, err := lint.Lint(o.spec, r.Data, lint.Generic)
	if err != nil {
		return r, fmt.Errorf("with the overlay, the document would be none any more: %w", err)
	}
	return r, worse(before, after)
}

// worse is the first thing that breaks OpenAPI's grammar after and did not before. One of the same rule that is in the same place, or
// says the same, as the numbers of items change, was there.
func worse(before, after lint.Report) error {
	left, found := grammar(before), grammar(after)
	for _, same := range []func(a, b lint.Finding) bool{
		func(a, b lint.Finding) bool { return a.Rule == b.Rule && a.Document == b.Document },
		func(a, b lint.Finding) bool { return a.Rule == b.Rule && a.Message == b.Message },
	} {
		found = slices.DeleteFunc(found, func(f lint.Finding) bool {
			i := slices.IndexFunc(left, func(was lint.Finding) bool { return same(was, f) })
			if i >= 0 {
				left = slices.Delete(left, i, i+1)
			}
			return i >= 0
		})
	}
	if len(found) == 0 {
		return nil
	}
	return fmt.Errorf("the overlay would break OpenAPI's grammar: %s: %s: %s", found[0].Position, found[0].Rule, found[0].Message)
}

// grammar are the findings about what OpenAPI allows in a document, and not about what it is used for.
func grammar(r lint.Report) []lint.Finding {
	return slices.DeleteFunc(r.Findings, func(f lint.Finding) bool {
		family, _, _ := strings.Cut(f.Rule, ".")
		return family != "openapi" && family != "type"
	})
}

// readEditable reads a document that can be replaced. What is none is not opened: it may never end, or wait for ever.
func readEditable(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file: name a document that can be edited in place", path)
	}
	data, err := readWritten(path)
	if err == nil && !bytes.Equal(plain(data), data) {
		return nil, fmt.Errorf(`%s writes a character as two escapes, such as \ud83d\ude00: an edit in place needs the character itself`, clean(path))
	}
	return data, err
}

// readOverlay reads a file, or stdin for -.
func readOverlay(stdin io.Reader, name string) (*overlay.Overlay, error) {
	from := io.NopCloser(stdin)
	if name == "-" {
		name = "stdin"
	} else if f, err := os.Open(name); err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	} else {
		from = f
	}
	defer from.Close()
	data, err := io.ReadAll(io.LimitReader(from, mostRead))
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
