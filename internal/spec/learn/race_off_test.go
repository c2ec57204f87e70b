//go:build !race

package learn_test

const raced = false
