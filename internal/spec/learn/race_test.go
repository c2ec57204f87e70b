//go:build race

package learn_test

// raced tells that the race detector makes everything ten times slower.
const raced = true
