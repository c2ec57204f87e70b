package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// refusal is what the generator or the compiler has against the document, or against the configurations by which code was made of it.
type refusal struct {
	what, complaint string
	configs         []string
}

// newForm is behind what the generator says of a configuration as one of years ago.
const newForm = "error when parsing using new config version:"

// says completes a refusal by a tool's output. What is about the module, such as a package that it does not require, is an error of
// another kind.
func (r refusal) says(output string, exit error) error {
	if _, after, found := strings.Cut(output, newForm); found {
		output = after
	}
	r.complaint = first(output)
	switch {
	case r.complaint == "":
		return exit
	case strings.HasPrefix(r.complaint, "go: no such tool"):
		return fmt.Errorf("go.mod:1: %s; to add it: go get -tool github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen", r.complaint[len("go: "):])
	case strings.HasPrefix(r.complaint, "go: "):
		return errors.New(r.complaint)
	case strings.Contains(r.complaint, "no required module provides"), strings.Contains(r.complaint, "missing go.sum entry"):
		return fmt.Errorf("go.mod:1: %s", goPlace.ReplaceAllString(r.complaint, ""))
	}
	return &r
}

// first is the first thing that a tool says, which goes on behind a line that ends with a colon, and in one that begins with it: the
// generator's read "error loading …" and ": …". The package's name before it and a stack behind it say nothing.
func first(output string) (text string) {
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
		case text == "" || strings.HasPrefix(line, ":"):
			text += line
		case strings.HasSuffix(text, ":"):
			text += " " + line
		default:
			return text
		}
	}
	return text
}

// steps are the generator's on its way to what is wrong; goPlace is one in a file that is gone by now.
var (
	steps   = regexp.MustCompile(`^(?:error [^:]+: )+`)
	goPlace = regexp.MustCompile(`^\S*gen\.go:[0-9:]+ | at \S*gen\.go:[0-9:]+`)
)

// Error is what fails, and the complaint without what says nothing to who wrote the document.
func (r *refusal) Error() string { return r.what + ": " + r.text() }

func (r *refusal) text() string {
	return goPlace.ReplaceAllString(steps.ReplaceAllString(r.complaint, ""), "")
}
