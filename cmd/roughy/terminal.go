package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// onTerminal reports whether what is written to w is seen as it comes, by a person.
func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// inColor reports whether w may be given terminal colours: https://no-color.org.
func inColor(w io.Writer) bool { return onTerminal(w) && os.Getenv("NO_COLOR") == "" }

// widthOf is how many letters a line of a terminal has; 0 if nobody knows.
func widthOf(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}
