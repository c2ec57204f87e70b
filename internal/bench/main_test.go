package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	var out, progress bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-rounds", "1", "-only", "^render without"}, &out, &progress))
	require.Contains(t, out.String(), "| row ")
	require.Contains(t, out.String(), "| "+rowDefective+" | "+nameOurs+" ")
	require.Regexp(t, nameModel+` .*\| \*\*overlooks\*\* \|`, out.String())
	require.Contains(t, out.String(), "## Targets")
	require.Contains(t, progress.String(), "round 1 of 1")
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-rounds", "2", "-only", "^render, 380", "-format", "json"}, &out, io.Discard))
	var s summary
	require.NoError(t, json.Unmarshal(out.Bytes(), &s))
	require.Equal(t, 2, s.Rounds)
	require.Equal(t, nameOurs, s.Lines[0].Contender)
	require.Equal(t, 1.0, s.Lines[0].Ratio)
	require.Equal(t, "accepts", s.Lines[0].Verdict)
	require.Positive(t, s.Lines[0].Nanoseconds)
	require.NotNil(t, s.Lines[0].Allocs)
	require.Len(t, s.Targets, len(targets()))
}

func TestFlags(t *testing.T) {
	t.Parallel()
	require.NoError(t, run(t.Context(), []string{"-h"}, io.Discard, io.Discard))
	for args, want := range map[string]string{
		"-rounds 0":     "-rounds: 0 is no number of rounds",
		"-format xml":   `-format: "xml" is neither text nor json`,
		"-span 0s":      "-span: 0s is no time to load a server",
		"-only [":       "-only: error parsing regexp: missing closing ]: `[`",
		"-only nothing": "rows: none matches nothing",
	} {
		require.EqualError(t, run(t.Context(), strings.Fields(args), io.Discard, io.Discard), want)
	}
}

func TestProcessesAreToldOfByTheirMemory(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, writeMarkdown(&b, summary{Notes: []string{"the weather was fine"}, Lines: []line{
		{Row: rowProxy, Contender: nameOurs, Nanoseconds: 8e4, Ratio: 1, Resident: 20 << 20, Peak: 33<<20 + 1<<19},
	}}))
	require.Contains(t, b.String(), "- the weather was fine\n")
	require.Regexp(t, `\| 80 µs +\| 1.00 x +\| +\| +\| +\| 20.0 MiB, 33.5 MiB +\|`, b.String())
}

func TestSlowContendersAreMarked(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, writeMarkdown(&b, summary{Rounds: 11, Lines: []line{
		{Row: "load", Contender: nameOurs, Rounds: 11, Nanoseconds: 5e8, Ratio: 1},
		{Row: "load", Contender: nameLib, Rounds: 3, Nanoseconds: 9e9, Ratio: 18},
	}}))
	require.Contains(t, b.String(), "| 500 ms ")
	require.Contains(t, b.String(), "| 9 s (3 rounds) ")
}
