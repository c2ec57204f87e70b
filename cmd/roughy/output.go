package main

import (
	"errors"
	"fmt"
	"io"
	"os"
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
func (p *program) openOutputs(o judgeOptions, quiet bool) (*outputs, error) {
	outs, all := &outputs{}, []report.Output{}
	add := func(name, form string, w io.Writer, color bool) error {
		writer, err := report.New(form, w, report.TextOptions{Color: color, Quiet: quiet})
		all = append(all, report.Output{Name: name, Writer: writer})
		return err
	}
	if err := add("print report", o.form, p.stdout, inColor(p.stdout)); err != nil {
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

// formConflict refuses forms that there are not, and files that are named twice.
func (o judgeOptions) formConflict() error {
	forms := strings.Join(report.Forms(), ", ")
	if !slices.Contains(report.Forms(), o.form) {
		return fmt.Errorf("--format: want one of %s", forms)
	}
	var paths []string
	for _, r := range o.reports {
		form, path, _ := strings.Cut(r, "=")
		if !slices.Contains(report.Forms(), form) || path == "" {
			return fmt.Errorf("--report: want FORM=FILE, such as junit=check.xml, with a form of %s", forms)
		}
		if slices.Contains(paths, path) {
			return fmt.Errorf("--report: the file %s is named twice", clean(path))
		}
		paths = append(paths, path)
	}
	return nil
}
