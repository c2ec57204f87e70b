package main

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/jobs"
)

func TestTheHelpListsEveryCodeAndNoOther(t *testing.T) {
	t.Parallel()
	var help, said bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"help", "codes"}, nil, &help, &said))
	require.Empty(t, said.String())
	var want [][]string
	for code, meaning := range jobs.Codes() {
		want = append(want, []string{code, meaning})
	}
	var listed [][]string
	for _, line := range regexp.MustCompile(`(?m)^  ([a-z_]+)  +(.+)$`).FindAllStringSubmatch(help.String(), -1) {
		listed = append(listed, line[1:])
	}
	require.Equal(t, want, listed)
}
