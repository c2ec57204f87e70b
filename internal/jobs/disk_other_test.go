//go:build !linux

package jobs_test

import "testing"

// smallDisk cannot give dir a disk of its own here.
func smallDisk(*testing.T, string) bool { return false }
