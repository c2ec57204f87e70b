package main

import (
	"errors"
	"io"
	"os"

	"github.com/roughy-go/roughy/internal/spec/diff"
)

// sides are the names of BASE, "" if that is of a git ref, and of HEAD.
func (o diffOptions) sides(args []string) (base, head string) {
	head = usualDocument
	if !o.byRef {
		base, args = args[0], args[1:]
	}
	if len(args) > 0 {
		head = args[0]
	}
	return base, head
}

// distinct refuses to compare a file with itself, which passes whatever it says.
func (o diffOptions) distinct(args []string) error {
	base, head := o.sides(args)
	switch {
	case o.byRef && head == "-":
		return errors.New("--base-ref takes BASE from HEAD's place in the repository, and stdin has none: name a file")
	case base == "-" && head == "-":
		return errors.New("one of BASE and HEAD can be stdin, not both")
	}
	before, err := os.Stat(base)
	if err != nil {
		return nil // said when it is read
	}
	if after, err := os.Stat(head); err == nil && os.SameFile(before, after) {
		return errors.New("BASE and HEAD are one file: name two states of the document, or BASE with --base-ref main")
	}
	return nil
}

// documents reads both sides.
func (o diffOptions) documents(stdin io.Reader, args []string) (base, head diff.Document, err error) {
	before, after := o.sides(args)
	if !o.byRef {
		if base, err = sideFrom(stdin, before); err != nil {
			return base, head, err
		}
	}
	if head, err = sideFrom(stdin, after); err != nil {
		return base, head, err
	}
	if o.byRef {
		base.Name, base.Data, err = readRevision(o.baseRef, head.Name)
	}
	return base, head, err
}
