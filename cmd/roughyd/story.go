package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/roughy-go/roughy"
)

// story tells what the demo does, a line a fact, and counts what did not hold.
type story struct {
	out    io.Writer
	json   bool
	failed int
	err    error // of the first line that could not be told

	mu     sync.Mutex
	counts map[roughy.Verdict]int
}

// tell states a fact under a topic; further facts of one topic have "" for it.
func (s *story) tell(topic, format string, args ...any) {
	s.line(topic, "", fmt.Sprintf(format, args...))
}

// expect states what must hold, and remembers when it does not.
func (s *story) expect(held bool, topic, format string, args ...any) {
	mark := "✓"
	if !held {
		mark = "✗"
		s.failed++
	}
	s.line(topic, mark, fmt.Sprintf(format, args...))
}

func (s *story) line(topic, mark, text string) {
	var err error
	if s.json {
		err = json.NewEncoder(s.out).Encode(struct {
			Topic string `json:"topic,omitempty"`
			Held  *bool  `json:"held,omitempty"`
			Text  string `json:"text"`
		}{topic, heldOf(mark), text})
	} else {
		_, err = fmt.Fprintln(s.out, strings.TrimRight(fmt.Sprintf("%-11s %1s %s", topic, mark, text), " "))
	}
	s.err = cmp.Or(s.err, err)
}

func heldOf(mark string) *bool {
	if mark == "" {
		return nil
	}
	held := mark == "✓"
	return &held
}

// judged counts a response that the client checked.
func (s *story) judged(r roughy.Report) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.counts == nil {
		s.counts = map[roughy.Verdict]int{}
	}
	s.counts[r.Verdict]++
}

// verdicts returns how many responses were checked, and how many of them kept the contract to the letter.
func (s *story) verdicts() (checked, ok int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.counts {
		checked += n
	}
	return checked, s.counts[roughy.OK]
}
