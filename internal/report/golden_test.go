package report_test

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the reports that came into testdata")

// TestRunInEveryForm shows one run with every kind of check in each form but HTML, as testdata/run.txtar has it.
func TestRunInEveryForm(t *testing.T) {
	t.Parallel()
	const path = "testdata/run.txtar"
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	shown := map[string]bool{}
	for i, file := range archive.Files {
		form, options := file.Name, plain
		if form == "text, quiet" {
			form, options = "text", quiet
		}
		shown[form] = true
		var out bytes.Buffer
		writtenWith(t, open(t, form, &out, options), summary(), recorded(append(checks(), repeated(7)...))...)
		if *update {
			archive.Files[i].Data = out.Bytes()
			continue
		}
		require.Equal(t, string(file.Data), out.String(), file.Name)
	}
	require.ElementsMatch(t, ownForms(), slices.Collect(maps.Keys(shown)))
	if *update {
		require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
	}
}
