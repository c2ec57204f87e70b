package main

import (
	"runtime"
	"runtime/debug"
	"slices"
)

// summary is what the program says in the end. Text and JSON are projections of it.
type summary struct {
	Go       string    `json:"go"`
	Platform string    `json:"platform"`
	CPUs     int       `json:"cpus"`
	Rounds   int       `json:"rounds"`
	Peers    []peer    `json:"peers"`
	Notes    []string  `json:"notes,omitempty"`
	Lines    []line    `json:"lines"`
	Targets  []outcome `json:"targets"`
}

// peer is a module that we are measured against.
type peer struct {
	Module  string `json:"module"`
	Version string `json:"version"`
}

// line is one contender on one row.
type line struct {
	Row         string  `json:"row"`
	Contender   string  `json:"contender"`
	Bytes       int     `json:"bytes"`
	Rounds      int     `json:"rounds"`      // fewer than asked for where one run takes seconds
	Nanoseconds float64 `json:"nanoseconds"` // a run, the median over the rounds
	Ratio       float64 `json:"ratio"`       // to ours, the median of the ratios within the rounds
	Throughput  float64 `json:"mb_per_second,omitempty"`

	// Of those that run in this process.
	Allocs  *float64 `json:"allocs,omitempty"`  // a run
	Verdict string   `json:"verdict,omitempty"` // accepts, or on a defective body notices or overlooks

	// Of processes that were loaded, in bytes.
	Resident int64 `json:"resident,omitempty"`
	Peak     int64 `json:"peak,omitempty"`
}

// summarize gathers everything that was measured.
func summarize(r results, notes []string) summary {
	s := summary{
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(),
		Rounds: r.rounds(), Peers: peers(), Notes: notes,
	}
	for _, m := range r {
		s.Lines = append(s.Lines, m.line(r.at(m.row.name, nameOurs)))
	}
	for _, t := range targets() {
		s.Targets = append(s.Targets, t.outcome(r))
	}
	return s
}

func (m *measurement) line(ours *measurement) line {
	l := line{
		Row: m.row.name, Contender: m.contender, Bytes: m.row.bytes, Rounds: len(m.rounds), Nanoseconds: m.median(), Ratio: m.over(ours),
		Allocs: m.allocs, Throughput: m.throughput(), Verdict: m.verdict(),
	}
	if m.held != nil {
		l.Resident, l.Peak = m.held.resident, m.held.peak
	}
	return l
}

func (m *measurement) verdict() string {
	switch {
	case m.run == nil:
		return ""
	case !m.row.defect:
		return "accepts"
	case m.noticed:
		return "notices"
	default:
		return "overlooks"
	}
}

// peers are those modules, in the versions that this program was built with, without which a table is worth nothing.
func peers() []peer {
	measured := []string{
		"github.com/getkin/kin-openapi", "github.com/pb33f/libopenapi", "github.com/pb33f/libopenapi-validator",
		"github.com/santhosh-tekuri/jsonschema/v6", "github.com/ogen-go/ogen", "github.com/go-faster/jx",
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	var out []peer
	for _, m := range info.Deps {
		if slices.Contains(measured, m.Path) {
			out = append(out, peer{m.Path, m.Version})
		}
	}
	return out
}
