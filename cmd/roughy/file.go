package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// file is an output file that is under its own name only when it is whole: it is written under a temporary name in the same
// folder.
type file struct {
	*os.File
	path  string
	force bool // an existing file may be replaced
}

// createFile refuses at once what rename would refuse at the end, so that nothing is fetched in vain.
func createFile(path string, force bool) (*file, error) {
	if err := refuse(path, force); err != nil {
		return nil, err
	}
	dir, name := filepath.Split(path)
	for n := range 100 {
		temporary := filepath.Join(dir, fmt.Sprintf(".%s.%d-%d.part", name, os.Getpid(), n))
		f, err := os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		switch {
		case err == nil:
			return &file{File: f, path: path, force: force}, nil
		case !errors.Is(err, fs.ErrExist):
			return nil, fmt.Errorf("output file: %w", err)
		}
	}
	return nil, fmt.Errorf("output file: too many unfinished downloads beside %s; remove %s",
		path, filepath.Join(dir, "."+name+".*.part"))
}

// refuse says why nothing may be written to path.
func refuse(path string, force bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("output file: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file; name another with --output, or stream to it with --output -", path)
	case !force:
		return fmt.Errorf("%s is there already; --force replaces it, --output names another", path)
	}
	return nil
}

// publish gives the file its own name, after its bytes are on the disk. Whoever took the name meanwhile keeps it, unless
// force was set.
func (f *file) publish() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("output file: %w", err)
	}
	if err := refuse(f.path, f.force); err != nil {
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
