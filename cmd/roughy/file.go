package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// file is an output file that is under its own name only when it is whole: it is written under a temporary name in the same
// folder. It replaces a file of that name.
type file struct {
	*os.File
	path string
}

// createFile refuses at once what is no file to replace.
func createFile(path string) (*file, error) {
	if err := refuse(path); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return nil, fmt.Errorf("output file: %w", err)
	}
	return &file{File: f, path: path}, nil
}

// refuse says why nothing may be written to path.
func refuse(path string) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file", path)
	}
	return nil
}

// publish gives the file its own name, after its bytes are on the disk.
func (f *file) publish() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("output file: %w", err)
	}
	if err := refuse(f.path); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return fmt.Errorf("output file: %w", err)
	}
	return nil
}

// discard removes what was not published. After publish it does nothing.
func (f *file) discard() {
	_ = f.Close()
	_ = os.Remove(f.Name())
}
