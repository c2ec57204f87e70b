package main

import (
	"fmt"
	"slices"
	"sync"

	"github.com/roughy-go/roughy"
)

// sightings are the reports of the answers that one command saw, from whichever goroutine. The zero value is empty.
type sightings struct {
	mu      sync.Mutex
	reports []roughy.Report
}

func (s *sightings) add(r roughy.Report) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reports = append(s.reports, r)
}

// reads is how many answers were judged.
func (s *sightings) reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.reports)
}

// with is how many answers had a finding of a severity.
func (s *sightings) with(severity roughy.Verdict) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.reports {
		if slices.ContainsFunc(r.Findings, func(f roughy.Finding) bool { return f.Severity == severity }) {
			n++
		}
	}
	return n
}

// remark counts on stderr what did not keep a command from its work, so that it does not go unseen.
func (p *program) remark(s *sightings) {
	warnings, unchecked := s.with(roughy.Warning), s.with(roughy.Unchecked)
	if warnings+unchecked == 0 {
		return
	}
	p.say(fmt.Sprintf("of %d answers, %d had warnings and %d could not be checked:", s.reads(), warnings, unchecked))
	for _, f := range s.findings() {
		fmt.Fprintln(p.stderr, "  "+clean(f))
	}
}

// mostTold is how many findings a remark has lines for.
const mostTold = 10

// findings are what was found, each once, whichever answers had it; at most as many as are told.
func (s *sightings) findings() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.reports {
		for _, f := range r.Findings {
			if text := f.String(); len(all) < mostTold && !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return all
}
