package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/roughy-go/roughy/internal/report"
)

// outputs are all forms in which a run is told: on stdout, in files and, on GitHub, as annotations.
type outputs struct {
	report.Writer
	files []io.Closer
}

// openOutputs opens stdout and every --report, before anything is read in vain.
func (p *program) openOutputs(o judgeOptions, stdout io.Writer, quiet bool) (*outputs, error) {
	outs, all := &outputs{}, []report.Output{}
	add := func(name, form string, w io.Writer, color bool) error {
		writer, err := report.New(form, w, report.TextOptions{Color: color, Quiet: quiet})
		all = append(all, report.Output{Name: name, Writer: writer})
		return err
	}
	if err := add("print report", o.form, stdout, inColor(p.stdout)); err != nil {
		return nil, err
	}
	for _, r := range o.reports {
		form, path, _ := strings.Cut(r, "=")
		f, err := os.Create(path)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("report: %w", err), outs.closeFiles())
		}
		outs.files = append(outs.files, f)
		if err := add("report "+clean(path), form, f, false); err != nil {
			return nil, errors.Join(err, outs.closeFiles())
		}
	}
	if os.Getenv("GITHUB_ACTIONS") == "true" && o.form != "github" {
		if err := add("print annotations", "github", p.stderr, false); err != nil {
			return nil, errors.Join(err, outs.closeFiles())
		}
	}
	outs.Writer = report.Tee(all...)
	return outs, nil
}

// Close ends all of them, and says what could not be written.
func (o *outputs) Close(s report.Summary) error {
	return errors.Join(o.Writer.Close(s), o.closeFiles())
}

func (o *outputs) closeFiles() error {
	var errs []error
	for _, f := range o.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// formConflict refuses forms that there are not, and files that are used for something else too.
func (o judgeOptions) formConflict(used ...string) error {
	forms := strings.Join(report.Forms(), ", ")
	if !slices.Contains(report.Forms(), o.form) {
		return fmt.Errorf("--format: want one of %s", forms)
	}
	used = append(used, o.spec, o.baseline)
	for _, r := range o.reports {
		form, path, _ := strings.Cut(r, "=")
		switch {
		case !slices.Contains(report.Forms(), form) || path == "":
			return fmt.Errorf("--report: want FORM=FILE, such as junit=check.xml, with a form of %s", forms)
		case path == "-":
			return errors.New("--report: stdout is --format's")
		case slices.ContainsFunc(used, func(other string) bool { return sameFile(path, other) }):
			return fmt.Errorf("--report: the file %s is named twice", clean(path))
		}
		used = append(used, path)
	}
	return nil
}

// sameFile tells whether two names are of one file, also where that is not there yet.
func sameFile(a, b string) bool {
	if a == "" || b == "" || b == "-" {
		return false
	}
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(x, y) && x.Mode().IsRegular()
	}
	absA, errA := filepath.Abs(a)
	absB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absA == absB
}
