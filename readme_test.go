package roughy_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadme holds the README to what runs: its Go code is the example that go test runs.
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	require.Less(t, strings.Count(string(text), "\n"), 200, "lines")
	_, rest, found := strings.Cut(string(text), "```go\n")
	require.True(t, found, "a Go example")
	code, _, _ := strings.Cut(rest, "```")
	example, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	require.Contains(t, unindented(string(example)), unindented(code))
}

// unindented is code without what its place in a function adds.
func unindented(code string) string {
	var lines []string
	for line := range strings.Lines(code) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}
