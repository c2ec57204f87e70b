package main

import (
	"io"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Our own program does the work that it is measured at: the turns fail if it does not.
func TestOurProgramTakesItsTurns(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program")
	}
	s, err := newStage(50*time.Millisecond, io.Discard)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.close()) })
	p, err := s.startProxies(t.Context())
	require.NoError(t, err)
	require.NoError(t, handsOn(t.Context(), p.ours, bodyLong))
	loaded := s.pressed(nameOurs, p.ours, pumpApart)
	rows, err := s.recordedRows(t.Context(), regexp.MustCompile("."))
	require.NoError(t, err)
	rows = append(rows, row{entries: []entry{loaded}}, streamRow(p))
	for _, r := range rows {
		for _, e := range r.entries {
			if e.turn == nil {
				continue
			}
			took, err := e.turn(t.Context())
			require.NoError(t, err, e.contender)
			require.Positive(t, took)
		}
	}
	held, err := loaded.memory()
	require.NoError(t, err)
	if held != nil { // there is a /proc
		require.Positive(t, held.resident)
		require.GreaterOrEqual(t, held.peak, held.resident)
	}
}
