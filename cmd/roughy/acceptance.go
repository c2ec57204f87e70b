package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

// usualPeriod is how long a finding is accepted unless --expires says otherwise.
const usualPeriod = 90 * 24 * time.Hour

// acceptance is the baseline of a run; nil if there is none.
type acceptance struct {
	*traffic.Baseline
	path    string
	writing bool
	reason  string
	today   time.Time
	expires time.Time
}

// acceptance reads the file that --baseline names. With --write-baseline it need not be there yet.
func (o judgeOptions) acceptance(today time.Time) (*acceptance, error) {
	if o.baseline == "" {
		return nil, nil
	}
	a := &acceptance{path: o.baseline, writing: o.writeBaseline, reason: o.reason, today: today, expires: today.Add(usualPeriod)}
	if o.expires != "" {
		day, err := time.Parse(time.DateOnly, o.expires)
		if err != nil || o.expires < today.Format(time.DateOnly) {
			return nil, fmt.Errorf("--expires %s: want a day to come, such as %s", clean(o.expires), a.expires.Format(time.DateOnly))
		}
		a.expires = day
	}
	data, err := os.ReadFile(o.baseline)
	switch {
	case o.writeBaseline && (errors.Is(err, fs.ErrNotExist) || err == nil && len(bytes.TrimSpace(data)) == 0):
		a.Baseline = &traffic.Baseline{}
		return a, nil
	case err != nil:
		return nil, fmt.Errorf("baseline: %w", err)
	}
	a.Baseline, err = traffic.ReadBaseline(o.baseline, data)
	return a, err
}

// apply takes what is accepted out of a report. What --write-baseline writes counts as accepted already.
func (a *acceptance) apply(r contract.Report) (contract.Report, []contract.Finding) {
	if a == nil {
		return r, nil
	}
	if a.writing {
		a.Accept(r, a.reason, a.expires)
	}
	return a.Baseline.Apply(r, a.today)
}

func (a *acceptance) stale() []string {
	if a == nil {
		return nil
	}
	return a.Stale()
}

func (a *acceptance) expired() []string {
	if a == nil {
		return nil
	}
	return a.Expired()
}

// write puts the baseline into its file, if that was asked for: whole or not at all, and where a link leads.
func (a *acceptance) write() error {
	if a == nil || !a.writing {
		return nil
	}
	text, err := a.Encode()
	if err != nil {
		return err
	}
	path, mode := a.path, fs.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := createFile(path)
	if err != nil {
		return fmt.Errorf("write baseline: no file can be made in %s", clean(filepath.Dir(path)))
	}
	defer f.discard()
	if _, err = f.Write(text); err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.publish()
	}
	if err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	return nil
}
