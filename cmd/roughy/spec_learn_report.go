package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/spec/learn"
)

// report sums up on stderr what was learned and why.
func (s *study) report(document string, learned learn.Learned, labels []learn.Label) {
	s.line("document: %s, version %s", document, learned.Base.Version)
	s.line("traffic: %s, %s of its API%s", s.source, counted(learned.Exchanges, "answer", "answers"), between(learned.First, learned.Last))
	if s.outside+s.unread+learned.Unknown > 0 {
		s.line("left out: %d to other hosts, %d to operations that are not documented, %d without an answer", s.outside, learned.Unknown, s.unread)
	}
	if learned.Forgotten > 0 {
		s.line("forgotten: %s beyond what is kept", counted(learned.Forgotten, "sighting", "sightings"))
	}
	s.line("proposed: %d", len(learned.Proposals))
	for i, p := range learned.Proposals {
		breaking := "not breaking"
		if labels[i].Breaking {
			breaking = "breaking"
		}
		s.line("  %s", p.Text)
		s.line("    %s; confidence %s; %s", evidence(p.Evidence), p.Confidence, breaking)
	}
	if len(learned.Rest) > 0 {
		s.line("seen and not proposed: %d", len(learned.Rest))
	}
	for _, r := range learned.Rest {
		s.line("  %s", r.Text)
		s.line("    %s; %s", evidence(r.Evidence), r.Why)
	}
	for _, rule := range slices.Sorted(maps.Keys(learned.Broken)) {
		s.line("  %s: %s that no change of the document is proposed for; see roughy check", rule, counted(learned.Broken[rule], "finding", "findings"))
	}
	s.next(learned)
}

// next says what is to be done with the overlay.
func (s *study) next(learned learn.Learned) {
	if len(learned.Proposals) == 0 {
		return
	}
	name := s.o.output
	if name == "" || name == "-" {
		name = "OVERLAY"
	}
	s.line("next: read it, take out what you do not believe, roughy spec apply %s; then say in the descriptions what it is", name)
	if s.learner.Sourced() {
		s.line("      and where it is documented, in the fact table (parity_test.go) too; and go generate")
	}
}

func (s *study) line(format string, args ...any) {
	fmt.Fprintln(s.stderr, clean(fmt.Sprintf(format, args...)))
}

// evidence is why something is believed, in words.
func evidence(e learn.Evidence) string {
	renders := counted(e.Renders, "render", "renders")
	if e.MoreRenders {
		renders = "at least " + renders
	}
	text := fmt.Sprintf("%s, of %s%s", counted(e.Exchanges, "answer", "answers"), renders, between(e.First, e.Last))
	var states []string
	for _, state := range slices.Sorted(maps.Keys(e.States)) {
		states = append(states, fmt.Sprintf("%s %d", state, e.States[state]))
	}
	if len(states) > 0 {
		text += "; in state " + strings.Join(states, ", ")
	}
	return text
}

// between is the time from the first to the last, in words; "" if nobody knows.
func between(first, last time.Time) string {
	switch {
	case first.IsZero():
		return ""
	case first.Equal(last):
		return ", " + first.UTC().Format(time.RFC3339)
	}
	return ", " + first.UTC().Format(time.RFC3339) + " to " + last.UTC().Format(time.RFC3339)
}
