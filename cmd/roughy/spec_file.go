package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/report"
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

// readDocument reads a document of at most as many bytes as contract.Load takes, and one more.
func readDocument(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && path == usualDocument {
		return nil, fmt.Errorf("no %s here: name the document, or go to where it is", usualDocument)
	}
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return data, nil
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
	commit, err := git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
	if err != nil {
		return "", nil, fmt.Errorf("--base-ref: this repository has no %s: fetch it, or name another branch, tag or commit", clean(ref))
	}
	data, err = git(folder, "cat-file", "blob", strings.TrimSpace(string(commit))+":./"+file)
	if err != nil {
		return "", nil, fmt.Errorf("--base-ref: %s has no %s", clean(ref), clean(path))
	}
	return ref + ":" + path, data, nil
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
