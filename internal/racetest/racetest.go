// Package racetest tells tests whether the race detector watches, which makes all that it watches up to ten times slower.
package racetest

import "testing"

// Skip skips a test in which there is nothing for the race detector to see, and enough to do that it would take minutes: its work is in
// one goroutine, or in other processes. The run without the detector has it.
func Skip(t *testing.T) {
	t.Helper()
	if On {
		t.Skip("nothing here runs at once within this process: see the run without the race detector")
	}
}
