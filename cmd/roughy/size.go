package main

import (
	"errors"

	"github.com/dustin/go-humanize"

	"github.com/roughy-go/roughy/internal/contract"
)

// size is the value of a flag that counts bytes.
type size int64

func (s *size) String() string { return humanize.IBytes(uint64(*s)) }
func (s *size) Type() string   { return "SIZE" }

// Set takes 10MiB, 64 kB or a number of bytes.
func (s *size) Set(text string) error {
	n, err := humanize.ParseBytes(text)
	if err != nil || n > 1<<50 {
		return errors.New("a size such as 10MiB is needed")
	}
	*s = size(n)
	return nil
}

// mode is the value of --mode; the flag is report unless set.
type mode contract.Mode

func (m *mode) Type() string { return "MODE" }

func (m *mode) String() string {
	if contract.Mode(*m) == contract.Enforce {
		return "enforce"
	}
	return "report"
}

func (m *mode) Set(text string) error {
	switch text {
	case "report":
		*m = mode(contract.ReportOnly)
	case "enforce":
		*m = mode(contract.Enforce)
	default:
		return errors.New("report or enforce is needed")
	}
	return nil
}
