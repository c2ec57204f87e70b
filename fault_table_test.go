package roughy_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the table of faults and the public surface that came into testdata")

// preface says how to read the table.
const preface = `What a caller sees of each fault. TestFaults plays every row and holds this file to what comes; -update writes it.

The columns are the fault, how many requests the client makes (of the API; in the chapters on downloads, + those of links), and what
the call returns. "The render" and "the output" are the right ones, without an error. Of an error it is said what errors.As and
errors.Is find in it; its text is on the line below.
`

// chapter is a part of the table.
type chapter struct {
	title, about string
	faults       []fault
}

func chapters() []chapter {
	return []chapter{
		{"Answers of the API", "seen by Client.Render, and so by Watch, Wait and the downloads.", answerFaults()},
		{"Pauses", "what is waited for between attempts, and what is not.", pauseFaults()},
		{"Connections to the API", "broken, slow, and to somebody else.", append(connectionFaults(), originFaults()...)},
		{"Links", "where the output is to be fetched, and where it is not.", linkFaults()},
		{"Outputs", "broken off, late, or not the right one.", append(cutFaults(), wrongFaults()...)},
		{"Files", "what else becomes of DownloadFile.", append(fileFaults(), partFaults()...)},
	}
}

// TestFaults is the table of faults: every row is met, and seen as faults.txt has it.
func TestFaults(t *testing.T) {
	t.Parallel()
	path := "internal/faulttest/testdata/faults.txt"
	file, err := os.ReadFile(path)
	require.True(t, err == nil || *update, err)
	book, want := chapters(), blocks(string(file))
	came := make([][]string, len(book))
	t.Run("row", func(t *testing.T) {
		for i, c := range book {
			came[i] = make([]string, len(c.faults))
			for j, f := range c.faults {
				t.Run(f.name, func(t *testing.T) {
					t.Parallel()
					came[i][j] = block(f, f.met(t))
					if !*update {
						require.Equal(t, want[f.name], came[i][j])
					}
				})
			}
		}
	})
	whole := preface
	for i, c := range book {
		whole += "\n# " + c.title + ": " + c.about + "\n\n" + strings.Join(came[i], "")
	}
	switch {
	case slices.Contains(slices.Concat(came...), ""): // a row that was not to run, or did not end
	case *update:
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(whole), 0o644))
	default:
		require.Equal(t, string(file), whole)
	}
}

// met plays a fault, in its own way or by reading a render.
func (f fault) met(t *testing.T) (all sights) {
	t.Helper()
	if f.meet != nil {
		return f.meet(t, f)
	}
	played(t, f, func(ctx context.Context, s *scene) { all = sights{s.read(ctx)} })
	return all
}

// read is what a caller of Render sees.
func (s *scene) read(ctx context.Context) sight {
	s.Helper()
	began := time.Now()
	r, err := s.client.Render(ctx, id)
	if err == nil {
		require.Equal(s, s.expected(), r)
	} else {
		require.Nil(s, r)
	}
	return s.seen(began, fmt.Sprint(s.made(apiHost, linkHost, otherHost, nobodyHost)), "the render", err)
}

const nameWidth, requestsWidth = 66, 8

// block is a row as the table has it.
func block(f fault, all sights) string {
	var out strings.Builder
	name := f.name
	for _, at := range all {
		fmt.Fprintf(&out, "%-*s  %-*s  %s\n", nameWidth, name, requestsWidth, at.requests, at.sees)
		if at.text != "" {
			fmt.Fprintf(&out, "    %s\n", at.text)
		}
		name = ""
	}
	return out.String()
}

// blocks are the rows of the table, by the names of their faults.
func blocks(table string) map[string]string {
	all, name := map[string]string{}, ""
	for line := range strings.Lines(table) {
		if line[0] != ' ' {
			name = strings.TrimSpace(line[:min(nameWidth, len(line))])
		}
		if strings.TrimSpace(line) != "" {
			all[name] += line
		}
	}
	return all
}
