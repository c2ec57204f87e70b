package main

import (
	"errors"
	"regexp"
	"strings"
)

// refusal is what the generator or the compiler has against the document.
type refusal struct{ what, complaint string }

// refused reads a tool's output. The first line says it, and the second where that goes on: the generator's read "error
// loading …" and ": …". The package's name before it and a stack behind it say nothing. What the go command itself complains
// of, such as a module that is not there, is an error of another kind.
func refused(what, output string, exit error) error {
	var text string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if text != "" && !strings.HasPrefix(line, ":") {
			break
		}
		text += line
	}
	switch {
	case text == "":
		return exit
	case strings.HasPrefix(text, "go: "):
		return errors.New(text)
	}
	return &refusal{what, text}
}

// steps are the generator's on its way to what is wrong; place is one in a file that is gone by now.
var (
	steps = regexp.MustCompile(`^(?:error [^:]+: )+`)
	place = regexp.MustCompile(`^\S*gen\.go:[0-9:]+ | at \S*gen\.go:[0-9:]+`)
)

// Error is what fails, and the complaint without what says nothing to who wrote the document.
func (r *refusal) Error() string {
	return r.what + ": " + place.ReplaceAllString(steps.ReplaceAllString(r.complaint, ""), "")
}
