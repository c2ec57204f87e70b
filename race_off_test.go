//go:build !race

package roughy_test

const raced = false
