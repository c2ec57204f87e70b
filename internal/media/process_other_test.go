//go:build !linux

package media_test

import "testing"

// requireGone is for Linux, where the children of ffmpeg are killed with it.
func requireGone(testing.TB, string) {}
