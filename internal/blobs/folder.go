package blobs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"gocloud.dev/gcerrors"
)

// strandedAge is when the temporary file of an upload cannot belong to anyone at work any more.
const strandedAge = 24 * time.Hour

var errKey = errors.New("not a key that the bucket takes")

// usable reports whether a key is one that the bucket takes: a relative path in valid UTF-8 without control characters,
// empty elements, "." or "..", that is neither a temporary file nor what the library keeps for itself or would spell
// differently.
func usable(key string) bool {
	odd := func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }
	return fs.ValidPath(key) && key != "." && !strings.ContainsFunc(key, odd) && !strings.Contains(key, "__0x") &&
		!temporary(key) && !strings.HasSuffix(key, ".attrs")
}

// temporary reports whether a file is an upload that has not ended.
func temporary(name string) bool { return strings.HasSuffix(name, ".tmp") }

// sweep removes the temporary files of uploads that were killed. A young one may be somebody's at work.
func sweep(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !temporary(path) {
			return ignoreGone(err)
		}
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < strandedAge {
			return ignoreGone(err)
		}
		return ignoreGone(os.Remove(path))
	})
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// known is an error of the library as one of ours.
func known(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound || errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return plain(err)
}

// plain is what lies below the library's own errors, which tell keys and codes that mean nothing outside of it.
func plain(err error) error {
	type layer interface { // the library's, whose name is not exported
		Format(fmt.State, rune)
		Unwrap() []error
	}
	for {
		l, ok := err.(layer)
		if !ok || len(l.Unwrap()) == 0 || l.Unwrap()[0] == nil {
			return err
		}
		err = l.Unwrap()[0]
	}
}

// settle puts a new file's name on the disk, and those of the folders that may have been made for it.
func settle(dir, key string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	for folder := filepath.FromSlash(key); folder != "."; {
		folder = filepath.Dir(folder)
		f, err := os.Open(filepath.Join(dir, folder))
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return fmt.Errorf("sync folder: %w", err)
		}
	}
	return nil
}
