package main

import (
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
		var err error
		if a.expires, err = time.Parse(time.DateOnly, o.expires); err != nil {
			return nil, fmt.Errorf("--expires %s: want a date such as %s", clean(o.expires), a.expires.Format(time.DateOnly))
		}
	}
	data, err := os.ReadFile(o.baseline)
	if errors.Is(err, fs.ErrNotExist) && o.writeBaseline {
		a.Baseline = &traffic.Baseline{}
		return a, nil
	}
	if err != nil {
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

// write puts the baseline into its file, if that was asked for: whole or not at all.
func (a *acceptance) write() error {
	if a == nil || !a.writing {
		return nil
	}
	text, err := a.Encode()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(a.path), ".baseline-*")
	if err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), a.path)
	}
	if err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	return nil
}
