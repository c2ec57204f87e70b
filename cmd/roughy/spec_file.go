package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/spec/diff"
)

// usualDocument is the document that a contributor works on.
const usualDocument = "openapi.yaml"

// specForms are the forms of what is said of a document itself.
var specForms = []string{"text", "json", "sarif", "github"}

func addSpecForm(cmd *cobra.Command, form *string) {
	cmd.Flags().StringVar(form, "format", "text", "what is printed on stdout: "+strings.Join(specForms, ", "))
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(specForms, cobra.ShellCompDirectiveNoFileComp)) // refuses unknown flags only
}

func checkSpecForm(form string) error {
	if !slices.Contains(specForms, form) {
		return fmt.Errorf("--format: want one of %s", strings.Join(specForms, ", "))
	}
	return nil
}

// mostRead is one byte more than any document may have.
const mostRead = 10_000_001

// readDocument reads a document for the parsers.
func readDocument(path string) ([]byte, error) {
	data, err := readWritten(path)
	return plain(data), err
}

// readWritten reads a document as it is written, and at most mostRead bytes of what is none.
func readWritten(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && path == usualDocument {
		return nil, fmt.Errorf("no %s here: name the document, or go to where it is", usualDocument)
	}
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostRead))
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return data, nil
}

// escaped is a character that JSON escapes as two, or any other escape, so that nothing is taken for its second half.
var escaped = regexp.MustCompile(`\\(u[dD][89aAbB][[:xdigit:]]{2}\\u[dD][c-fC-F][[:xdigit:]]{2}|.)`)

// plain is a document as the YAML parsers can read it: with the characters themselves that JSON escapes as two, which YAML does not.
func plain(data []byte) []byte {
	if !bytes.Contains(data, []byte(`\u`)) || !json.Valid(data) {
		return data
	}
	return escaped.ReplaceAllFunc(data, func(escape []byte) []byte {
		var character string
		if len(escape) == 2 || json.Unmarshal(slices.Concat([]byte{'"'}, escape, []byte{'"'}), &character) != nil {
			return escape
		}
		return []byte(character)
	})
}

// sideFrom reads a file, or stdin for -.
func sideFrom(stdin io.Reader, name string) (d diff.Document, err error) {
	if name != "-" {
		d.Name = name
		d.Data, err = readDocument(name)
		return d, err
	}
	d.Name = "stdin"
	data, err := io.ReadAll(io.LimitReader(stdin, mostRead))
	if err != nil {
		return d, fmt.Errorf("stdin: %w", err)
	}
	d.Data = plain(data)
	return d, nil
}

// stoppable does what knows no context, and leaves it behind when ctx ends: then the process ends too.
func stoppable[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := f()
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return *new(T), context.Cause(ctx)
	}
}

// readRevision reads a document as a commit of its git repository has it, and says how that is called.
func readRevision(ref, path string) (name string, data []byte, err error) {
	if _, err := exec.LookPath("git"); err != nil {
		return "", nil, errors.New("--base-ref: git is needed, and is not on PATH")
	}
	folder, file := filepath.Dir(path), filepath.Base(path)
	if _, err := git(folder, "rev-parse", "--git-dir"); err != nil {
		return "", nil, fmt.Errorf("--base-ref: %s is in no git repository", clean(path))
	}
	ref, commit, err := revision(folder, ref)
	if err != nil {
		return "", nil, err
	}
	data, err = git(folder, "cat-file", "blob", commit+":./"+file)
	if err != nil {
		return "", nil, fmt.Errorf("--base-ref: %s has no %s", clean(ref), clean(path))
	}
	return ref + ":" + path, plain(data), nil
}

// revision is the commit that a ref names here or, as in a clone of one branch, of origin's branch, and how that is called.
func revision(folder, ref string) (name, commit string, err error) {
	for _, name := range []string{ref, "origin/" + ref} {
		out, err := git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
		if err == nil {
			return name, strings.TrimSpace(string(out)), nil
		}
	}
	return "", "", fmt.Errorf("--base-ref: this repository has neither %[1]s nor origin/%[1]s: fetch it, or name another branch, tag or commit", clean(ref))
}

func git(folder string, args ...string) ([]byte, error) {
	cmd := exec.Command("git", append([]string{"-C", folder}, args...)...)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	return out.Bytes(), err
}

// annotate writes annotations too where GitHub runs this, on stderr, so that stdout stays what was asked for.
func (p *program) annotate(form string, notes []report.Note) error {
	if os.Getenv("GITHUB_ACTIONS") != "true" || form == "github" {
		return nil
	}
	return report.NotesGitHub(p.stderr, notes)
}
