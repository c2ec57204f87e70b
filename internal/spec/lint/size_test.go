package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/spec/lint"
)

const nothingMuch = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"

// Work is counted by what is allocated, which no other load on the machine changes. Not parallel, as testing wants it of whoever counts.
func TestWorkGrowsAsTheDocumentDoes(t *testing.T) {
	const few, many = 250, 1000
	for name, line := range map[string]string{
		"schemas that lead to each other": "    S%[1]d: {type: object, properties: {next: {$ref: '#/components/schemas/S%[2]d'}}}\n",
		"examples":                        "    S%[1]d: {type: object, properties: {next: {$ref: '#/components/schemas/S%[2]d'}}, example: {next: {}}}\n",
	} {
		work := func(n int) float64 {
			text := strings.Builder{}
			text.WriteString(nothingMuch + "components:\n  schemas:\n")
			for i := range n {
				fmt.Fprintf(&text, line, i, (i+1)%n)
			}
			return testing.AllocsPerRun(1, func() {
				r, err := lint.Lint("chain.yaml", []byte(text.String()), lint.Auto)
				require.NoError(t, err, name)
				require.Empty(t, r.Findings, name)
			})
		}
		require.Less(t, work(many)/work(few), 1.5*many/few, name)
	}
}

func TestAliasesThatStandForTooMuchAreRefused(t *testing.T) {
	t.Parallel()
	bomb := nothingMuch + "x-0: &a0 [" + strings.Repeat("1,", 10) + "]\n"
	for i := range 60 {
		bomb += fmt.Sprintf("x-%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 10))
	}
	for name, text := range map[string]string{
		"of a million values":              strings.Join(strings.SplitAfter(bomb, "\n")[:9], ""),
		"of more than there is memory for": bomb,
	} {
		_, err := lint.Lint("bomb.yaml", []byte(text), lint.Auto)
		require.EqualError(t, err, "bomb.yaml:8:39: aliases stand for more than 100000 values: write them out, or use $ref", name)
	}
	shared := nothingMuch + "x-shared: &shared {a: [1, 2, 3]}\n"
	for i := range 1000 {
		shared += fmt.Sprintf("x-%d: *shared\n", i)
	}
	r, err := lint.Lint("shared.yaml", []byte(shared), lint.Auto)
	require.NoError(t, err)
	require.Empty(t, r.Findings)
}
